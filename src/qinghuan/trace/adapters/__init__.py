"""The log's outside: its key file and its tile tree on disk."""
