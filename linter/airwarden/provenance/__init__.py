"""Which settings count, for a repository, a file or a rule, and where each of them comes from."""
