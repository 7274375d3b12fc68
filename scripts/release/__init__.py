"""What it takes to make a release: its archives, its bill of materials and its notes."""
