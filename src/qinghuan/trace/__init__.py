"""Who said what, when, from which source, unaltered: records, the log, proofs.

Read `model`, then the pure parts `canonical`, `merkle`, `tiles`, `note`, `checkpoint`,
`proof`, `lineage`, `body`; then `service`, one story a file. `verifier/qh_verify.py` checks
what this room promises and imports nothing of it.
"""
