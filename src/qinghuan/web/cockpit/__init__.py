"""The cockpit: the map and figures of an area, live."""
