"""The kernel: time, place, quantity, identity, errors.

Standard library only; every room uses it.
"""
