"""Stories across rooms, one file each: the only place where rooms meet."""
