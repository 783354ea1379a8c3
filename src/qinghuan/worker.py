"""Runs jobs and ticks: the loop that keeps clocks, rules and the log moving."""
