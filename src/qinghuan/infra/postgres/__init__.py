"""The embedded PostgreSQL: found, made, started, watched and stopped by us.

Read `server` (start and stop), then `keeper` (the thread that owns the process), then
`cluster` (the data folder), `owner` (which system user), `binaries`, `sockets`, `external`.
"""
