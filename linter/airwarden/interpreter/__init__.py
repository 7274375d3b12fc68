"""What loading a module would do, worked out statement by statement without running any of it."""
