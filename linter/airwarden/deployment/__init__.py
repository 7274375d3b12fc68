"""What a repository tells of the deployment that it is made for."""
