"""The tree cut into tiles of 256 hashes, as C2SP tlog-tiles serves it.

A tile holds one level's hashes; the seven levels between two tile levels are hashed again
when needed. Full tiles never change, partial ones only grow.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qinghuan.trace.errors import TilePathMalformed, TileUnknown
from qinghuan.trace.merkle import HASH_BYTES, fold_pieces, hash_node, perfect_pieces

TILE_WIDTH = 256
TILE_HEIGHT = 8
MAX_LEVEL = 63

ENTRIES = -1
"""Level of the entry bundles, which stand beside the hash tiles of level 0."""

_PATH = re.compile(
    r"tile/(?P<level>[0-9]{1,2}|entries)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/(?P<width>[0-9]{1,3}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Names a tile: its level, its place in the level, how many hashes wide."""

    level: int
    """0 to 63, or `ENTRIES`."""
    index: int
    width: int = TILE_WIDTH
    """1 to 256; under 256 the tile is partial."""

    def path(self) -> str:
        """Path under the log's prefix.

        Source:
            C2SP tlog-tiles, Merkle Tree.
        """
        level = "entries" if self.level == ENTRIES else str(self.level)
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"


def parse_path(path: str) -> Tile:
    """Read a tile's path, accepting only the one spelling `Tile.path` writes.

    Raises:
        TilePathMalformed: Any other text.
    """
    found = _PATH.fullmatch(path) if len(path) <= 80 else None
    if found is None:
        raise TilePathMalformed(path)
    level, index, width = found["level"], found["index"], found["width"]
    tile = Tile(
        level=ENTRIES if level == "entries" else int(level),
        index=int(index.replace("x", "").replace("/", "")),
        width=TILE_WIDTH if width is None else int(width),
    )
    if tile.path() != path or tile.level > MAX_LEVEL or tile.width == 0:
        raise TilePathMalformed(path)
    return tile


def width_at(level: int, index: int, size: int) -> int:
    """Width of a tile in a tree of a size; 0 if it is not there."""
    hashes = size >> (TILE_HEIGHT * max(level, 0))
    return max(0, min(TILE_WIDTH, hashes - index * TILE_WIDTH))


def tiles_of(size: int) -> Iterator[Tile]:
    """Every hash tile of a tree of a size, level by level."""
    level, hashes = 0, size
    while hashes:
        for start in range(0, hashes, TILE_WIDTH):
            width = min(TILE_WIDTH, hashes - start)
            yield Tile(level=level, index=start // TILE_WIDTH, width=width)
        level, hashes = level + 1, hashes // TILE_WIDTH


def bundles_of(size: int) -> Iterator[Tile]:
    """Every entry bundle of a log of a size."""
    for start in range(0, size, TILE_WIDTH):
        yield Tile(level=ENTRIES, index=start // TILE_WIDTH, width=min(TILE_WIDTH, size - start))


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entry bundle: each entry behind its length in two bytes.

    Source:
        C2SP tlog-tiles, Log entries.
    """
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The right edge of the tree: the partial tile of each level, possibly empty."""

    size: int = 0
    partials: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """Root of the whole tree."""
        peaks: list[bytes] = []
        for partial in reversed(self.partials):
            peaks += _peaks(split_hashes(partial))
        return fold_pieces(peaks)


def extend(
    frontier: Frontier, leaf_hashes: Sequence[bytes]
) -> tuple[Frontier, dict[tuple[int, int], bytes]]:
    """Append leaves; return the new right edge and every tile that is new or has grown.

    The tiles come keyed (level, index), with their whole content.
    """
    changed: dict[tuple[int, int], bytes] = {}
    partials: list[bytes] = []
    incoming = list(leaf_hashes)
    level = 0
    while incoming or level < len(frontier.partials):
        old = frontier.partials[level] if level < len(frontier.partials) else b""
        first = frontier.size >> (TILE_HEIGHT * (level + 1))
        hashes = split_hashes(old) + incoming
        grew, incoming = bool(incoming), []
        for offset in range(0, len(hashes), TILE_WIDTH):
            content = hashes[offset : offset + TILE_WIDTH]
            if grew:
                changed[level, first + offset // TILE_WIDTH] = b"".join(content)
            if len(content) == TILE_WIDTH:
                incoming.append(_top(content))
        partials.append(b"".join(hashes[len(hashes) - len(hashes) % TILE_WIDTH :]))
        level += 1
    grown = Frontier(size=frontier.size + len(leaf_hashes), partials=tuple(partials))
    return grown, changed


def frontier_tiles(size: int) -> list[Tile]:
    """The partial tiles that hold the right edge of a tree of a size."""
    tiles = []
    level, hashes = 0, size
    while hashes:
        if width := hashes % TILE_WIDTH:
            tiles.append(Tile(level=level, index=hashes // TILE_WIDTH, width=width))
        level, hashes = level + 1, hashes // TILE_WIDTH
    return tiles


def levels_of(size: int) -> int:
    """How many tile levels a tree of a size has."""
    return 0 if size == 0 else (size.bit_length() - 1) // TILE_HEIGHT + 1


def tiles_for(ranges: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Tiles (level, index) that hold the hashes of some leaf ranges."""
    return {
        _place(level, index)[:2]
        for start, end in ranges
        for level, index in perfect_pieces(start, end)
    }


class TileNodes:
    """Reads any node of the tree from tiles, hashing each tile's inner levels once."""

    def __init__(self, tiles: Mapping[tuple[int, int], bytes]) -> None:
        """Keep the tiles, keyed (level, index); more may be added to the mapping later."""
        self._tiles = tiles
        self._inner: dict[tuple[int, int], list[list[bytes]]] = {}

    def read(self, level: int, index: int) -> bytes:
        """Hash of the perfect subtree (level, index).

        Raises:
            TileUnknown: The tile is not among those given, or too short.
        """
        tile_level, tile_index, depth, offset = _place(level, index)
        key = tile_level, tile_index
        rows = self._inner.get(key)
        if rows is None:
            rows = self._inner[key] = [split_hashes(self._tiles.get(key, b""))]
        while len(rows) <= depth:
            rows.append(_pair(rows[-1]))
        if offset >= len(rows[depth]):
            raise TileUnknown(Tile(level=tile_level, index=tile_index).path())
        return rows[depth][offset]


def split_hashes(content: bytes) -> list[bytes]:
    """Cut a tile's content into its hashes."""
    return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]


def _place(level: int, index: int) -> tuple[int, int, int, int]:
    """Where a node lives: tile level, tile index, depth in the tile, offset at that depth."""
    tile_level, depth = divmod(level, TILE_HEIGHT)
    tile_index, offset = divmod(index << depth, TILE_WIDTH)
    return tile_level, tile_index, depth, offset >> depth


def _pair(hashes: Sequence[bytes]) -> list[bytes]:
    """Next level up; a last hash without a partner waits."""
    return [hash_node(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=False)]


def _top(hashes: Sequence[bytes]) -> bytes:
    """Root of a full tile."""
    while len(hashes) > 1:
        hashes = _pair(hashes)
    return hashes[0]


def _peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """Roots of the perfect subtrees in a partial tile, widest first."""
    peaks: list[bytes] = []
    while hashes:
        if len(hashes) % 2:
            peaks.append(hashes[-1])
        hashes = _pair(hashes)
    return peaks[::-1]
