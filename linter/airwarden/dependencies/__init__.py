"""What the dependency files of a repository declare, and what an image built from them gets."""
