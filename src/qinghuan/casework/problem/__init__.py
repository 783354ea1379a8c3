"""The problem case: its states, who may move it, and what each move needs.

Read `states`, then `table` (every rule on one page), then `decide` and `evolve`. Nothing here
reads or writes anything: a command meets a case and gives events, or a refusal that says what
is missing and who can supply it.
"""
