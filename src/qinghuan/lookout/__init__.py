"""Tower cameras and what they see. Not built yet; the floor plan keeps its place."""
