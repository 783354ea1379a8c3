import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from factories.trace import LOG, drain, entry, fill, grow

from qinghuan.infra.database import SYSTEM, Database, Session
from qinghuan.trace.body import read_body
from qinghuan.trace.errors import (
    CheckpointUnknown,
    ProofWrong,
    RecordPending,
    RecordUnknown,
    TilePathMalformed,
    TileUnknown,
)
from qinghuan.trace.proof import check_growth, check_proof, write_consistency
from qinghuan.trace.service.proving import (
    consistency,
    export_tiles,
    proof_of,
    proofs_of,
    tile_at,
)
from qinghuan.trace.service.reading import checkpoint_at, latest_checkpoint, record_by_id
from qinghuan.trace.service.recording import record
from qinghuan.trace.tiles import bundles_of, tiles_of
from qinghuan.trace.verifier import qh_verify

pytestmark = pytest.mark.db


def test_a_proof_shows_the_record_and_holds_with_the_key_alone(session: Session) -> None:
    ids = fill(session, 300)
    drain(session)
    proven = check_proof(proof_of(session, ids[257]), [LOG.verifier])

    assert read_body(proven.entry)[:2] == (ids[257], entry(257))
    assert (proven.index, proven.checkpoint.size) == (257, 300)


def test_every_record_of_a_log_has_its_proof(database: Database) -> None:
    ids = grow(database, 255, 2, 300)
    with database.transaction(SYSTEM) as session:
        proofs = proofs_of(session, ids)

    assert [check_proof(proofs[record_id], [LOG.verifier]).index for record_id in ids] == list(
        range(557)
    )


def test_an_old_proof_stays_good_while_the_log_grows(database: Database) -> None:
    ids = grow(database, 10)
    with database.transaction(SYSTEM) as session:
        old = proof_of(session, ids[3])
    grow(database, 400)

    assert check_proof(old, [LOG.verifier]).checkpoint.size == 10


def test_a_record_that_waits_has_no_proof_yet(session: Session) -> None:
    waiting = record(session, entry())

    with pytest.raises(RecordPending):
        proof_of(session, waiting)
    drain(session)
    assert check_proof(proof_of(session, waiting), [LOG.verifier]).index == 0


def test_a_record_nobody_made_has_no_proof(session: Session) -> None:
    with pytest.raises(RecordUnknown):
        proof_of(session, UUID(int=1))


def test_growth_between_any_two_checkpoints_can_be_proved(database: Database) -> None:
    grow(database, 1, 6, 249, 1, 255, 3)
    sizes = [1, 7, 256, 257, 512, 515]
    with database.transaction(SYSTEM) as session:
        notes = {size: checkpoint_at(session, size).note for size in sizes}
        for new in sizes:
            for old in sizes:
                if old <= new:
                    proof = write_consistency(consistency(session, old, new))
                    check_growth(notes[old], notes[new], proof, [LOG.verifier])
        with pytest.raises(ProofWrong):
            consistency(session, 7, 1)
        with pytest.raises(ProofWrong):
            consistency(session, 0, 7)
        with pytest.raises(CheckpointUnknown):
            consistency(session, 7, 516)
        with pytest.raises(CheckpointUnknown):
            checkpoint_at(session, 8)


def test_tiles_of_every_signed_size_are_served(database: Database) -> None:
    grow(database, 200, 100, 300)
    with database.transaction(SYSTEM) as session:
        for size in (200, 300, 600):
            for tile in (*tiles_of(size), *bundles_of(size)):
                assert tile_at(session, tile.path())
        assert tile_at(session, "tile/0/000.p/200") == tile_at(session, "tile/0/000")[: 200 * 32]
        first = tile_at(session, "tile/entries/000.p/1")

    assert first[:2] == (len(first) - 2).to_bytes(2, "big")


@pytest.mark.parametrize(
    "path", ["tile/0/001", "tile/0/002.p/89", "tile/1/000.p/3", "tile/2/000.p/1"]
)
def test_a_tile_the_log_is_too_short_for_is_unknown(session: Session, path: str) -> None:
    if path == "tile/0/001":
        with pytest.raises(TileUnknown):
            tile_at(session, path)
    fill(session, 600)
    drain(session)
    if path != "tile/0/001":
        with pytest.raises(TileUnknown):
            tile_at(session, path)
    with pytest.raises(TilePathMalformed):
        tile_at(session, f"/{path}")


def test_an_exported_log_satisfies_the_verifier(database: Database, tmp_path: Path) -> None:
    grow(database, 200, 500)
    with database.transaction(SYSTEM) as session:
        exported = export_tiles(session, tmp_path)
        assert exported == latest_checkpoint(session)
        export_tiles(session, tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", qh_verify.__file__, "log", tmp_path, "--vkey", LOG.verifier.vkey()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "ok: log of 700 entries replayed\n")
    assert not list(tmp_path.rglob("*.new"))


def test_an_empty_log_has_nothing_to_export(session: Session, tmp_path: Path) -> None:
    with pytest.raises(CheckpointUnknown):
        export_tiles(session, tmp_path)
    assert latest_checkpoint(session) is None


def test_a_proof_says_nothing_that_the_record_does_not(session: Session) -> None:
    record_id = record(session, entry())
    drain(session)
    proven = check_proof(proof_of(session, record_id), [LOG.verifier])

    assert proven.entry == record_by_id(session, record_id).body
