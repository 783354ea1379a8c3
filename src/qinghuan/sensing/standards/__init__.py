"""Dated standards: what the numbers are judged by.

Tables are data files in `tables/`, each with its standard, dates of force and provenance.
Read `rulebook` (which edition holds on a day), `factors` (codes, names, units), `aqi`,
`water_class`, then `hourly` (limits that come with a station's kind).
"""
