"""The log of records: what it says now, each record with its proof, and its tiles."""
