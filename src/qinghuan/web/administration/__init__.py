"""Administration: areas, offices, persons, grants, tokens, the audit, calendars.

Read `sections` (who may open what), `forms` (how a form is taken), then any `*_pages`.
"""
