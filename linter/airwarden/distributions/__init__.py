"""What is known of distributions on the package index: what brings which module, extra and class."""
