"""What the code and the settings of a repository need to be installed, each place with its reason."""
