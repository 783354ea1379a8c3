"""Who said what, when, from which source, unaltered: records, the log, proofs."""
