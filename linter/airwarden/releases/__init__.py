"""Releases of charts whose values stand in files of another kind: GitOps manifests, helmfiles, Terraform."""
