"""Signals, cases and tasks: what came in, who has it, what may be done now.

Read `acting` (a caller as casework knows him), `sentences` (an event as a line of the story),
`forms` (what each command asks for), `view` (a case page), then the `*_pages`.
"""
