"""All SQL of the room: rows in and out of nouns."""
