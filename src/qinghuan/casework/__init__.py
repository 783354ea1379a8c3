"""Signals, cases, clocks: every matter gets one disposition, one owner, one running clock.

Read in this order: `calendar` (working time), `clock` (a time limit as a pure function of
its history), `policy` and `codes` (what the limits are, and of what), `problem` (the states
of a case and who may move it), `escalation`, `conservation`, and last `service`, where the
decisions meet the database.
"""
