"""Placing records in the log, and knowing when that has stopped."""

from collections.abc import Sequence
from datetime import datetime

from qinghuan.infra.database import Session
from qinghuan.trace import repository, tiles
from qinghuan.trace.checkpoint import open_checkpoint, sign_checkpoint
from qinghuan.trace.errors import LogDamaged, LogStopped, TraceError
from qinghuan.trace.merkle import HASH_BYTES
from qinghuan.trace.model import Checkpoint, Lag, Signer, Verifier

CHANNEL = "qinghuan_trace"
"""Channel on which PostgreSQL tells that records were committed; listen to it, then sequence."""

BATCH = 10_000
"""Records placed in one transaction: a second's work at most."""


def sequence(
    session: Session, signer: Signer, at: datetime, *, trusted: Sequence[Verifier] = ()
) -> Checkpoint | None:
    """Give the oldest pending records their places and sign the grown log.

    One transaction does it all, under a lock; call again until it returns None.

    Args:
        session: A transaction of the SYSTEM scope.
        signer: Holds the log's key.
        at: When the checkpoint is signed.
        trusted: Former keys of the log, one of which may have signed the latest checkpoint.

    Returns:
        The new checkpoint; None if nothing waits or another sequencer is at work.

    Raises:
        LogDamaged: What is stored is not what was signed; nothing is signed on top of it.
    """
    if not repository.take_turn(session):
        return None
    latest = repository.latest_checkpoint(session)
    frontier = _frontier(session, latest, [signer.verifier, *trusted])
    leaf_hashes = repository.place_pending(session, frontier.size, BATCH)
    if not leaf_hashes:
        return None
    grown, changed = tiles.extend(frontier, leaf_hashes)
    repository.put_tiles(session, changed)
    signed = sign_checkpoint(grown.size, grown.root(), signer, at=at)
    repository.put_checkpoint(session, signed)
    return signed


def sequencer_lag(session: Session) -> Lag:
    """How many records wait for their place, and since when."""
    return repository.lag(session)


def assert_alive(session: Session, at: datetime, max_lag_s: float) -> None:
    """Refuse to go on when the log has stopped; every privileged act calls this first.

    Raises:
        LogStopped: The oldest pending record waits longer than `max_lag_s`.
    """
    oldest_at = repository.oldest_pending_at(session)
    waiting_s = Lag(pending=0, oldest_at=oldest_at).waiting_s(at)
    if waiting_s > max_lag_s:
        raise LogStopped(waiting_s, max_lag_s)


def _frontier(
    session: Session, latest: Checkpoint | None, verifiers: Sequence[Verifier]
) -> tiles.Frontier:
    """The right edge of the log, checked against the checkpoint that was signed over it."""
    if latest is None:
        return tiles.Frontier()
    try:
        signed = open_checkpoint(latest.note, verifiers)
    except TraceError as error:
        raise LogDamaged(f"latest checkpoint: {error}") from error
    edge = tiles.frontier_tiles(signed.size)
    stored = repository.tiles(session, [(tile.level, tile.index) for tile in edge])
    partials = [b""] * tiles.levels_of(signed.size)
    for tile in edge:
        partials[tile.level] = stored.get((tile.level, tile.index), b"")
        if len(partials[tile.level]) != tile.width * HASH_BYTES:
            raise LogDamaged(f"{tile.path()} has not the width that was signed")
    frontier = tiles.Frontier(size=signed.size, partials=tuple(partials))
    if (latest.size, latest.root) != (signed.size, signed.root):
        raise LogDamaged("the latest checkpoint is stored beside another size or root")
    if frontier.root() != signed.root:
        raise LogDamaged("the tiles lead to another root than was signed")
    return frontier
