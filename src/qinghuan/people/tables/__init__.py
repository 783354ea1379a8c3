"""The people room's tables: places, persons, and what opens the door."""
