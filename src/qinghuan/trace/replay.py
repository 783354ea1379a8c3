"""Replaying the log: everything stored is computed again from the records' bytes.

The tree here grows by a compact range, not by the tiles the sequencer extends, so that a
fault in one shows in the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from qinghuan.trace import canonical
from qinghuan.trace.body import write_at, write_edge
from qinghuan.trace.checkpoint import open_checkpoint
from qinghuan.trace.errors import NotCanonical, TraceError
from qinghuan.trace.merkle import HASH_BYTES, CompactRange, hash_leaf
from qinghuan.trace.model import Checkpoint, Edge, Finding, JsonValue, Record, Verifier
from qinghuan.trace.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, tiles_of

MAX_FINDINGS = 1000
"""A log that is wrong in more places is wrong; the list has to end."""

MAX_GAP = 1_000_000
"""Leaves missing in a row beyond which the rest is not replayed."""

PAGE = 16 * TILE_WIDTH
"""Records taken at once: whole tiles, a few megabytes."""


@dataclass(slots=True, kw_only=True)
class Replay:
    """A replay under way."""

    verifiers: Sequence[Verifier]
    size: int
    """Leaves the latest checkpoint covers."""
    remembered: Mapping[int, Checkpoint] = field(default_factory=dict)
    """Checkpoints somebody outside kept, by size."""
    findings: list[Finding] = field(default_factory=list)
    checkpoints: int = 0
    is_broken: bool = False
    """So many leaves are gone in a row that nothing after them can be judged."""
    tree: CompactRange = field(default_factory=CompactRange)
    _upper: dict[int, list[bytes]] = field(default_factory=dict)
    _wrong_roots: int = 0

    def find(self, code: str, where: str, says: str) -> None:
        """Note a finding, unless there are enough."""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(code=code, where=where, says=says))

    def take_page(
        self,
        records: Iterable[Record],
        edges: Mapping[UUID, Sequence[Edge]],
        tiles: Mapping[tuple[int, int], bytes],
        checkpoints: Iterable[Checkpoint],
    ) -> None:
        """Replay the next page: its records, their edges, level 0 tiles and checkpoints."""
        by_size = {item.size: item for item in checkpoints}
        start = self.tree.size
        leaves = []
        for record in records:
            if not self._follows(record):
                continue
            if self.is_broken:
                return
            self._check_record(record, edges.get(record.id, ()))
            leaves.append(self._grow(record))
            self._check_roots(by_size)
        self._check_leaf_tiles(start, leaves, tiles)

    def skip_to(self, size: int) -> None:
        """Stand zero hashes in for leaves that are gone, so that the rest can be looked at."""
        gap = size - self.tree.size
        if gap > 0:
            where = f"leaf {self.tree.size}"
            self.find("leaf-missing", where, f"{gap} records are gone from here on")
        self.is_broken = self.is_broken or gap > MAX_GAP
        while self.tree.size < size and not self.is_broken:
            self._append(bytes(HASH_BYTES))

    def finish(
        self,
        upper_tiles: Mapping[tuple[int, int], bytes],
        lengths: tuple[int, Mapping[tuple[int, int], int]],
    ) -> None:
        """Check what only the whole tree shows: tiles above level 0, and the tiles' shape."""
        for level, hashes in self._upper.items():
            self._check_tiles(level, 0, hashes, upper_tiles)
        if not self.is_broken:
            self._check_shape(*lengths)
        for size in sorted(size for size in self.remembered if size > self.size):
            self.find(
                "rolled-back",
                f"checkpoint {size}",
                f"a remembered checkpoint covers {size} records, the log only {self.size}",
            )
        if self._wrong_roots > 1:
            self.find(
                "checkpoint-root",
                "checkpoints",
                f"{self._wrong_roots} checkpoints in all have another root",
            )

    def _follows(self, record: Record) -> bool:
        """Whether a record stands at or after the next leaf; gaps are noted and stepped over."""
        index = -1 if record.leaf_index is None else record.leaf_index
        if index < self.tree.size:
            self.find("leaf-twice", f"leaf {index}", f"record {record.id} shares its place")
            return False
        self.skip_to(index)
        return True

    def _check_record(self, record: Record, edges: Sequence[Edge]) -> None:
        """Check a record's columns and edges against its bytes."""
        where = f"leaf {record.leaf_index}"
        if hash_leaf(record.body) != record.leaf_hash:
            self.find("leaf-hash", where, f"record {record.id} does not have its hash any more")
        try:
            body = canonical.parse(record.body)
        except NotCanonical as error:
            self.find("body", where, f"record {record.id}: {error}")
            return
        if not isinstance(body, dict) or body | _told(record, edges) != body:
            self.find("columns", where, f"record {record.id} is indexed as something else")

    def _grow(self, record: Record) -> bytes:
        """Add a record's leaf to the tree."""
        leaf = hash_leaf(record.body)
        self._append(leaf)
        return leaf

    def _append(self, leaf: bytes) -> None:
        """Add a leaf, keeping the hashes that tiles above level 0 hold."""
        made = self.tree.append(leaf)
        for level in range(TILE_HEIGHT, len(made), TILE_HEIGHT):
            self._upper.setdefault(level // TILE_HEIGHT, []).append(made[level])

    def _check_roots(self, by_size: Mapping[int, Checkpoint]) -> None:
        """Check the stored and the remembered checkpoint of the size reached, if any."""
        size = self.tree.size
        if (stored := by_size.get(size)) is not None:
            self.checkpoints += 1
            self._check_checkpoint(stored)
        if (known := self.remembered.get(size)) is not None and known.root != self.tree.root():
            self.find(
                "forked",
                f"checkpoint {size}",
                "a remembered checkpoint of this size has another root",
            )

    def _check_checkpoint(self, stored: Checkpoint) -> None:
        """Check a checkpoint's signature, columns and root."""
        where = f"checkpoint {stored.size}"
        try:
            signed = open_checkpoint(stored.note, self.verifiers)
        except TraceError as error:
            self.find("checkpoint-note", where, str(error))
            return
        if (signed.size, signed.root) != (stored.size, stored.root):
            self.find("checkpoint-columns", where, "stored beside another size or root")
        if signed.root != self.tree.root():
            self._wrong_roots += 1
            if self._wrong_roots == 1:
                self.find("checkpoint-root", where, "the records lead to another root")

    def _check_leaf_tiles(
        self, start: int, leaves: Sequence[bytes], tiles: Mapping[tuple[int, int], bytes]
    ) -> None:
        """Check level 0 tiles of a page without gaps; a gap has been noted already."""
        if len(leaves) == self.tree.size - start:
            self._check_tiles(0, start // TILE_WIDTH, leaves, tiles)

    def _check_tiles(
        self,
        level: int,
        first: int,
        hashes: Sequence[bytes],
        tiles: Mapping[tuple[int, int], bytes],
    ) -> None:
        """Check a run of tiles against the hashes they should hold."""
        for offset in range(0, len(hashes), TILE_WIDTH):
            index = first + offset // TILE_WIDTH
            expected = b"".join(hashes[offset : offset + TILE_WIDTH])
            content = tiles.get((level, index), b"")
            if content[: len(expected)] != expected:
                self.find(
                    "tile",
                    Tile(level=level, index=index).path(),
                    "does not hold the hashes its records have",
                )

    def _check_shape(self, size: int, lengths: Mapping[tuple[int, int], int]) -> None:
        """Check that exactly the tiles of the tree are there, each of its length."""
        expected = {(tile.level, tile.index): tile.width * HASH_BYTES for tile in tiles_of(size)}
        for level, index in sorted(expected.keys() | lengths.keys()):
            wanted, found = expected.get((level, index), 0), lengths.get((level, index), 0)
            if wanted != found:
                self.find(
                    "tile-length",
                    Tile(level=level, index=index).path(),
                    f"{found // HASH_BYTES} hashes, {wanted // HASH_BYTES} belong there",
                )


def _told(record: Record, edges: Sequence[Edge]) -> dict[str, JsonValue]:
    """What the columns and edge rows say of a record, as its body should say it."""
    return {
        "actor": record.actor,
        "at": write_at(record.at),
        "id": str(record.id),
        "kind": record.kind,
        "subject": record.subject,
        "used": [write_edge(edge) for edge in edges],
    }
