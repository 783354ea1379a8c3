from datetime import UTC, datetime
from uuid import UUID

from factories.trace import LOG, entry

from qinghuan.trace.body import write_body
from qinghuan.trace.checkpoint import sign_checkpoint
from qinghuan.trace.merkle import hash_leaf, root_of
from qinghuan.trace.model import Record
from qinghuan.trace.replay import MAX_GAP, Replay
from qinghuan.trace.tiles import Frontier, extend

AT = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


def record(index: int) -> Record:
    record_id = UUID(int=index + 1)
    told = entry(index)
    body = write_body(told, record_id, ())
    return Record(
        id=record_id, body=body, leaf_hash=hash_leaf(body), leaf_index=index, kind=told.kind,
        subject=told.subject, actor=told.actor, at=told.at, recorded_at=AT,
    )  # fmt: skip


RECORDS = [record(index) for index in range(300)]
TILES = extend(Frontier(), [item.leaf_hash for item in RECORDS])[1]
LENGTHS = 300, {key: len(content) for key, content in TILES.items()}
SIGNED = [
    sign_checkpoint(size, root_of([item.leaf_hash for item in RECORDS[:size]]), LOG)
    for size in (1, 256, 300)
]


def replayed(records: list[Record]) -> Replay:
    replay = Replay(verifiers=[LOG.verifier], size=300)
    replay.take_page(records, {}, TILES, SIGNED)
    replay.skip_to(300)
    replay.finish(TILES, LENGTHS)
    return replay


def test_a_true_log_leaves_no_finding() -> None:
    replay = replayed(RECORDS)

    assert replay.findings == []
    assert (replay.tree.size, replay.checkpoints) == (300, 3)
    assert replay.tree.root() == SIGNED[-1].root


def test_a_missing_record_is_named_and_the_rest_is_still_looked_at() -> None:
    found = [(item.code, item.where) for item in replayed(RECORDS[:7] + RECORDS[8:]).findings]

    assert ("leaf-missing", "leaf 7") in found
    assert ("checkpoint-root", "checkpoint 256") in found
    assert ("checkpoint-root", "checkpoint 1") not in found


def test_a_record_at_a_place_taken_is_named() -> None:
    found = [item.code for item in replayed([RECORDS[0], *RECORDS]).findings]

    assert found == ["leaf-twice"]


def test_an_absurd_gap_ends_the_replay_instead_of_filling_the_memory() -> None:
    replay = Replay(verifiers=[LOG.verifier], size=2**60)
    replay.skip_to(MAX_GAP + 1)

    assert replay.is_broken
    assert replay.tree.size == 0
    assert [item.code for item in replay.findings] == ["leaf-missing"]
