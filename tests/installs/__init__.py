"""Repositories that are installed for real, and what airwarden says of them."""
