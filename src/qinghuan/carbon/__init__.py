"""Emissions, factors, inventories, budgets. Not built yet; the floor plan keeps its place."""
