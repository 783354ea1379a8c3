"""Qinghuan 青环: environmental supervision that closes its loops. See it, trace it, close it.

One folder a room; ARCHITECTURE.md is the map.
"""
