"""The demo city: a fictional district and county with real air-quality hours.

Simulated input is labelled simulated, and accounts for every role exist here only.
"""
