"""What it takes to adopt airwarden in a repository: what is there, and the files to write or to change."""
