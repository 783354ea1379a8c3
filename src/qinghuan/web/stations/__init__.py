"""Stations: the list, one station with its charts, frames and their proofs, what was refused."""
