"""The schema's history: one fixed line of revisions, each owned by its room.

`runner.migrate(url)` walks it upward; `security` holds what every revision calls.
"""
