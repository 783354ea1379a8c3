"""One file that holds an installation, and the way back.

Read `make` and `restore` (the two stories), then `archive` (the file), `tools` (pg_dump and
pg_restore), `errors`.
"""
