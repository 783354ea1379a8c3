"""What sensing does for the rest of the house, one story a file.

`stations` (who sends), `limits` (what is watched), `intake` (the gateway's writer), `readings`
(what a station says now and said before), `evidence` (the way back from a value to its frame and
the log), `episodes` (exceedances and silences), `rejects` (what was refused).
"""
