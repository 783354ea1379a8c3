"""Areas, offices, persons and the roles they hold: who may see and do what.

Read `model` for the nouns, `area` for codes, `rights` and `granting` for the laws,
`password`, `lockout`, `totp` and `session` for the door, `register` for personal fields,
and `service` for what the room does.
"""
