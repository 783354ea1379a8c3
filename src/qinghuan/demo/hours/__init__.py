"""What the demo's stations measure: real air-quality hours and simulated water.

`beijing` reads the replayed hours, `water` invents the waters, `stations` says who sends what.
Everything is a function of the time asked for, so that a restart sends the same values again.
"""
