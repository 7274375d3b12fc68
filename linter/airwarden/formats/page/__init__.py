"""The parts of the page that `--format html` writes."""
