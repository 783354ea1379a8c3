"""Areas, offices, persons and the roles they hold: who may see and do what."""
