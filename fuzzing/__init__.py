"""Fuzzing: hostile inputs for every reader, every rule and every format, until one of them fails."""
