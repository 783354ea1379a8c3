"""Telemetry: HJ 212 frames in, observations kept, limits watched, exceedances told."""
