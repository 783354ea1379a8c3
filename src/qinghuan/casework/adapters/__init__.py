"""What comes from outside the room: published calendars, policies and code lists."""
