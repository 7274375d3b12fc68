"""Facts that rules share, as CSV: one row a line, sorted."""
