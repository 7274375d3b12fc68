"""Policies that are a JSON Schema and no code: read, judged on what is known, and told in words."""
