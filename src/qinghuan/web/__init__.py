"""HTTP and HTML: one folder a room, `templates/`, `static/` and the TypeScript `client/`."""
