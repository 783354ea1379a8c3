"""Signals, cases, clocks: every matter gets one disposition, one owner, one running clock."""
