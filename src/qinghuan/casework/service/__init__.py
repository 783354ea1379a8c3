"""Use cases of the room, one story a file: intake, moves, lists, the watch over all of it."""
