"""Areas, offices, persons and the roles they hold: who may see and do what.

Read `model` for the nouns, `area` for codes, `rights` and `granting` for the laws,
`signing_in` for passwords, factors and sessions, `register` for personal fields, and
`service` for what the room does.
"""
