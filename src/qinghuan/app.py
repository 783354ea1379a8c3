"""Builds the application: the only file that knows every room."""
