"""Proofs and tiles, for whoever wants to check the log without trusting it."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from qinghuan.infra.database import Session
from qinghuan.trace import repository, tiles
from qinghuan.trace.adapters import tile_files
from qinghuan.trace.errors import (
    CheckpointUnknown,
    RecordPending,
    RecordUnknown,
    TileUnknown,
)
from qinghuan.trace.merkle import HASH_BYTES, consistency_ranges, hashes_of, inclusion_ranges
from qinghuan.trace.model import Checkpoint
from qinghuan.trace.proof import Proof, write_proof


def proof_of(session: Session, record_id: UUID) -> bytes:
    """The proof file of a record, under the newest checkpoint.

    Raises:
        RecordUnknown: There is none of this id.
        RecordPending: It has no place yet; ask again in a second.
    """
    return proofs_of(session, [record_id])[record_id]


def proofs_of(session: Session, record_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Proof files of many records, all under the newest checkpoint.

    Raises:
        RecordUnknown: There is none of one of these ids.
        RecordPending: One of them has no place yet.
    """
    latest = repository.latest_checkpoint(session)
    found = repository.records_by_id(session, record_ids)
    size, note = (0, "") if latest is None else (latest.size, latest.note)
    paths = {}
    for record_id in record_ids:
        if record_id not in found:
            raise RecordUnknown(record_id)
        index = found[record_id].leaf_index
        if index is None or index >= size:
            raise RecordPending(record_id)
        paths[record_id] = index, inclusion_ranges(index, size)
    nodes = _nodes(session, [piece for _, path in paths.values() for piece in path])
    return {
        record_id: write_proof(
            Proof(
                index=index,
                hashes=hashes_of(path, nodes.read),
                checkpoint_note=note,
                entry=found[record_id].body,
            )
        )
        for record_id, (index, path) in paths.items()
    }


def consistency(session: Session, old_size: int, new_size: int) -> tuple[bytes, ...]:
    """Hashes that prove that the log of the old size begins the log of the new.

    Raises:
        ProofWrong: Not 0 < old_size ≤ new_size.
        CheckpointUnknown: The log is shorter than the new size.
    """
    ranges = consistency_ranges(old_size, new_size)
    latest = repository.latest_checkpoint(session)
    if latest is None or latest.size < new_size:
        raise CheckpointUnknown(new_size)
    return hashes_of(ranges, _nodes(session, ranges).read)


def tile_at(session: Session, path: str) -> bytes:
    """Content of the hash tile or entry bundle at a C2SP path (`tile/0/x001/000.p/7`).

    Raises:
        TilePathMalformed: The path names no tile.
        TileUnknown: The log is shorter than this tile.
    """
    wanted = tiles.parse_path(path)
    latest = repository.latest_checkpoint(session)
    size = 0 if latest is None else latest.size
    if tiles.width_at(wanted.level, wanted.index, size) < wanted.width:
        raise TileUnknown(path)
    return _content(session, wanted)


def export_tiles(session: Session, directory: Path) -> Checkpoint:
    """Write the log as a C2SP tile tree of files, its checkpoint last.

    Raises:
        CheckpointUnknown: The log is empty.
    """
    latest = repository.latest_checkpoint(session)
    if latest is None:
        raise CheckpointUnknown(0)
    for wanted in _all_tiles(latest.size):
        tile_files.write_file(directory, wanted.path(), _content(session, wanted))
    tile_files.write_file(directory, "checkpoint", latest.note.encode())
    return latest


def _content(session: Session, wanted: tiles.Tile) -> bytes:
    """Content of a tile or bundle that the log is long enough for."""
    if wanted.level == tiles.ENTRIES:
        start = wanted.index * tiles.TILE_WIDTH
        return tiles.bundle(repository.bodies_between(session, start, start + wanted.width))
    key = wanted.level, wanted.index
    content = repository.tiles(session, [key]).get(key, b"")
    return content[: wanted.width * HASH_BYTES]


def _all_tiles(size: int) -> Iterator[tiles.Tile]:
    """Every file of a log of a size but its checkpoint."""
    yield from tiles.tiles_of(size)
    yield from tiles.bundles_of(size)


def _nodes(session: Session, ranges: Sequence[tuple[int, int]]) -> tiles.TileNodes:
    """Reader of the nodes that some leaf ranges need."""
    return tiles.TileNodes(repository.tiles(session, tiles.tiles_for(ranges)))
