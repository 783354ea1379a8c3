"""What the house stands on.

Settings, PostgreSQL, migrations, jobs, blobs, live events, logs, metrics.
"""
