"""Sensing's outside: the TCP gateway stations call, and a sender for trying it."""
