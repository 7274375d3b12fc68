"""Airwarden in an editor: open documents are judged as they are typed."""
