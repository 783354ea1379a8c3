import json
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from factories.reference_tree import mth, path
from hypothesis import given, settings
from hypothesis import strategies as st

from qinghuan.trace.errors import TilePathMalformed, TileUnknown
from qinghuan.trace.merkle import (
    CompactRange,
    check_consistency,
    check_inclusion,
    consistency_ranges,
    hash_leaf,
    hashes_of,
    inclusion_ranges,
    root_of,
)
from qinghuan.trace.tiles import (
    ENTRIES,
    Frontier,
    Tile,
    TileNodes,
    bundle,
    bundles_of,
    extend,
    frontier_tiles,
    levels_of,
    parse_path,
    tiles_for,
    tiles_of,
    width_at,
)

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "golden" / "trace" / "tiles.json").read_text("utf-8")
)
LEAVES = [hash_leaf(str(number).encode()) for number in range(70_000)]


def grow(sizes: list[int]) -> tuple[Frontier, dict[tuple[int, int], bytes]]:
    frontier, tiles = Frontier(), dict[tuple[int, int], bytes]()
    for size in sizes:
        frontier, changed = extend(frontier, LEAVES[frontier.size : size])
        tiles |= changed
    return frontier, tiles


@pytest.mark.parametrize("case", GOLDEN["good"])
def test_a_tile_path_reads_and_writes(case: dict[str, Any]) -> None:
    tile = Tile(level=case["level"], index=case["index"], width=case["width"])

    assert parse_path(case["path"]) == tile
    assert tile.path() == case["path"]


@pytest.mark.parametrize("text", GOLDEN["bad"])
def test_any_other_spelling_of_a_tile_path_is_refused(text: str) -> None:
    with pytest.raises(TilePathMalformed):
        parse_path(text)


@given(level=st.integers(ENTRIES, 63), index=st.integers(0, 2**50), width=st.integers(1, 256))
def test_every_tile_has_one_path(level: int, index: int, width: int) -> None:
    tile = Tile(level=level, index=index, width=width)

    assert parse_path(tile.path()) == tile


@given(text=st.text("tile/x0123456789.p-entris", max_size=30))
def test_any_text_is_a_path_or_is_refused(text: str) -> None:
    with suppress(TilePathMalformed):
        assert parse_path(text).path() == text


def test_the_published_tree_of_70000_has_its_tiles() -> None:
    shape = Counter((tile.level, tile.width) for tile in tiles_of(70_000))

    assert shape == {(0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1}
    assert shape[0, 256] == GOLDEN["tree_of_70000"]["level_0_full"]
    assert [(t.level, t.width) for t in tiles_of(256)] == [(0, 256), (1, 1)]
    assert list(tiles_of(0)) == []
    assert sum(tile.width for tile in bundles_of(70_000)) == 70_000


@settings(deadline=None, max_examples=30)
@given(sizes=st.lists(st.integers(0, 3000), min_size=1, max_size=8).map(sorted))
def test_growing_in_any_steps_gives_the_same_tiles_and_root(sizes: list[int]) -> None:
    frontier, tiles = grow(sizes)
    at_once, all_tiles = grow([sizes[-1]])

    assert frontier.size == sizes[-1]
    assert tiles == all_tiles
    assert frontier.root() == at_once.root() == root_of(LEAVES[: sizes[-1]])
    shape = {(tile.level, tile.index): tile.width * 32 for tile in tiles_of(sizes[-1])}
    assert {key: len(content) for key, content in tiles.items()} == shape


def test_a_tree_three_levels_high_has_the_root_of_its_leaves() -> None:
    frontier, tiles = grow([1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000])

    assert frontier.root() == root_of(LEAVES)
    assert len(tiles[2, 0]) == 32
    assert levels_of(70_000) == 3
    for tile in frontier_tiles(70_000):
        assert len(tiles[tile.level, tile.index]) == tile.width * 32


def test_only_changed_tiles_are_handed_back() -> None:
    frontier, _ = grow([300])
    _, changed = extend(frontier, LEAVES[300:301])
    _, none = extend(frontier, [])

    assert list(changed) == [(0, 1)]
    assert none == {}


@settings(deadline=None, max_examples=40)
@given(data=st.data(), size=st.integers(1, 70_000))
def test_proofs_read_from_tiles_verify_at_every_size(data: st.DataObject, size: int) -> None:
    _, tiles = grow([size])
    nodes = TileNodes(tiles)
    root = root_of(LEAVES[:size])
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))

    ranges = inclusion_ranges(index, size)
    assert tiles_for(ranges) <= set(tiles)
    check_inclusion(index, size, LEAVES[index], hashes_of(ranges, nodes.read), root)
    growth = hashes_of(consistency_ranges(old, size), nodes.read)
    check_consistency(old, size, growth, root_of(LEAVES[:old]), root)


def test_proofs_from_tiles_are_those_of_the_recursive_definition() -> None:
    leaves = [str(number).encode() for number in range(600)]
    _, tiles = grow([600])
    nodes = TileNodes(tiles)

    for index in (0, 255, 256, 511, 512, 599):
        proof = hashes_of(inclusion_ranges(index, 600), nodes.read)
        assert list(proof) == path(index, leaves)
        check_inclusion(index, 600, LEAVES[index], proof, mth(leaves))


def test_a_node_outside_the_tiles_is_unknown() -> None:
    _, tiles = grow([300])
    nodes = TileNodes(tiles)

    for level, index in ((0, 300), (2, 75), (8, 1), (0, 512)):
        with pytest.raises(TileUnknown):
            nodes.read(level, index)


def test_the_compact_range_and_the_tiles_agree_on_what_is_complete() -> None:
    growing, made = CompactRange(), dict[int, list[bytes]]()
    for leaf in LEAVES[:66_000]:
        for level, node in enumerate(growing.append(leaf)):
            if level % 8 == 0:
                made.setdefault(level // 8, []).append(node)
    _, tiles = grow([66_000])

    for tile in tiles_of(66_000):
        start = tile.index * 256
        assert tiles[tile.level, tile.index] == b"".join(
            made[tile.level][start : start + tile.width]
        )


def test_a_bundle_carries_each_length_in_two_bytes() -> None:
    assert bundle([b"", b"ab", b"x" * 258]) == b"\0\0" + b"\0\2ab" + b"\1\2" + b"x" * 258


def test_widths_follow_the_size() -> None:
    assert [width_at(0, 1, size) for size in (256, 257, 511, 512, 600)] == [0, 1, 255, 256, 256]
    assert width_at(ENTRIES, 0, 3) == 3
    assert width_at(1, 0, 70_000) == 256
