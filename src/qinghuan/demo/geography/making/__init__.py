"""How the demo city's map was drawn; run `python -m qinghuan.demo.geography.making`.

Read `plan` (what a cartographer decided by hand), then `relief` (hills raised and worn down),
`drainage` (rivers), `partition` (who governs which ground), `topology` (shared boundaries),
`roads`, `shading` and `__main__`. Standard library and Pillow only, no randomness but hashes.
"""
