"""The demo city's invented geography: its areas, coast, rivers, roads, relief and names.

`atlas` reads the committed files in `data/`; `making/` is the generator that wrote them.
"""
