"""Sensing: HJ 212 frames in, observations kept, limits watched, exceedances told.

Read `hj212` (the wire), `model` (the nouns), `standards` (dated limits, AQI, water class),
`exceedance` and `silence` (episodes), then `service` (the use cases) and `gateway` (the port
the stations call). Other rooms call `service`; nothing outside this folder reads its tables.
"""
