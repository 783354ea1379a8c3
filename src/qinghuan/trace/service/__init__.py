"""What other rooms ask of the log, one story a file.

A record is written in the caller's transaction (`recording`) and exists exactly if that
commits. Its place in the log comes within a second, from the one sequencer (`sequencing`);
the checkpoint row is the only commit point of the log. `reading`, `proving` and `auditing`
show what is there, prove it, and replay it.
"""
