"""Borders of the people room: shipped lists, keys on disk, password hashing."""
