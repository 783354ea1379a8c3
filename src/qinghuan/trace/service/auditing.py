"""Replaying the whole log."""

from collections.abc import Callable, Sequence

from qinghuan.infra.database import Session
from qinghuan.trace import repository, tiles
from qinghuan.trace.checkpoint import open_checkpoint
from qinghuan.trace.model import Report
from qinghuan.trace.note import read_vkey
from qinghuan.trace.replay import PAGE, Replay


def verify_log(
    session: Session,
    vkey: str,
    *,
    remembered: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Replay the whole log from the records' bytes and compare everything stored with it.

    Args:
        session: A transaction of the SYSTEM scope.
        vkey: The log's public key, from outside the database.
        remembered: Checkpoints kept elsewhere; without one, a log cut short or written anew
            by whoever holds the key cannot be told from the true one.
        progress: Called with leaves replayed and leaves in all.

    Raises:
        KeyMalformed: The key is none.
        TraceError: A remembered checkpoint is not this log's.
    """
    verifiers = [read_vkey(vkey)]
    kept = {item.size: item for item in (open_checkpoint(note, verifiers) for note in remembered)}
    latest = repository.latest_checkpoint(session)
    size = 0 if latest is None else latest.size
    replay = Replay(verifiers=verifiers, size=size, remembered=kept)
    _replay_pages(session, replay, min(size, repository.placed(session)), progress)
    replay.skip_to(size)
    for index in repository.stray_leaf_indexes(session):
        replay.find("leaf-unsigned", f"leaf {index}", "has a place that no checkpoint covers")
    for index, used_id in repository.loose_edges(session, size):
        replay.find("edge", f"leaf {index}", f"does not bind the record {used_id} it names")
    levels = range(1, tiles.levels_of(size))
    upper = [repository.tiles_between(session, level, 0, 2**62) for level in levels]
    replay.finish(
        {key: content for level in upper for key, content in level.items()},
        repository.tile_lengths(session),
    )
    return Report(
        size=size,
        root=replay.tree.root(),
        checkpoints=replay.checkpoints,
        pending=repository.lag(session).pending,
        findings=tuple(replay.findings),
    )


def _replay_pages(
    session: Session, replay: Replay, end: int, progress: Callable[[int, int], None] | None
) -> None:
    """Feed the replay page by page up to a leaf."""
    for start in range(0, end, PAGE):
        stop = min(start + PAGE, end)
        first, last = start // tiles.TILE_WIDTH, -(-stop // tiles.TILE_WIDTH)
        replay.take_page(
            repository.records_between(session, start, stop),
            repository.edges_between(session, start, stop),
            repository.tiles_between(session, 0, first, last),
            repository.checkpoints_between(session, start, stop),
        )
        if progress is not None:
            progress(stop, end)
        if replay.is_broken:
            return
