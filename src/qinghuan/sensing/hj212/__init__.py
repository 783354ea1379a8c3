"""HJ 212: the wire on which stations report.

Read `frame` (the nouns), `crc`, `framer` (bytes to packets), `parse` (packet to frame),
`build` (the way back), then `judge` (what a stream of bytes holds). All of it is pure.
"""
