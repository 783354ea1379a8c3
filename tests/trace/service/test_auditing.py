"""The tamper trial: whoever rewrites the tables is found, and the page says who is not."""

import random
import re
from decimal import Decimal
from pathlib import Path
from string import Template

import pytest
from factories.trace import AT, LOG, damage, drain, entry, fill, grow

from qinghuan.infra.database import SYSTEM, Database, Session
from qinghuan.trace.checkpoint import sign_checkpoint
from qinghuan.trace.errors import KeyMalformed, SignatureMissing
from qinghuan.trace.model import Report, Used
from qinghuan.trace.note import Ed25519Signer
from qinghuan.trace.replay import MAX_FINDINGS
from qinghuan.trace.service.auditing import verify_log
from qinghuan.trace.service.reading import checkpoint_at
from qinghuan.trace.service.recording import record
from qinghuan.trace.service.sequencing import sequence

pytestmark = pytest.mark.db

SIZE = 600
VKEY = LOG.verifier.vkey()
KEY_HOLDER = ("truncated", "rolled back", "forked")


def build(database: Database) -> None:
    """A log of 600 records in four steps, with lineage."""
    grow(database, 100, 157, 200)
    with database.transaction(SYSTEM) as session:
        source = fill(session, 100)[0]
        for number in range(43):
            record(
                session,
                entry(number, used=(Used(record_id=source, weight=Decimal("0.5"), role="part"),)),
            )
        drain(session)


def audit(database: Database, *remembered: str) -> Report:
    with database.transaction(SYSTEM) as session:
        return verify_log(session, VKEY, remembered=remembered)


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def read_tampers() -> dict[str, list[str]]:
    """The ways to tamper, each a list of statements with places for dice."""
    text = (Path(__file__).parents[2] / "golden" / "trace" / "tampers.sql").read_text("utf-8")
    blocks = [block.partition("\n") for block in re.split(r"^-- ", text, flags=re.MULTILINE)[1:]]
    return {name: body.strip().rstrip(";").split(";\n") for name, _, body in blocks}


TAMPERS = read_tampers()
TABLES_KEPT = TAMPERS.pop("(keep)")
TABLES_RESTORED = TAMPERS.pop("(restore)")
OLD_STATES = {what: TAMPERS.pop(f"(key holder) {what}") for what in KEY_HOLDER}


def thrown(what: str, dice: random.Random) -> list[str]:
    """Statements of one way to tamper, at a random place."""
    places = {
        "AT": dice.randrange(SIZE - 1),
        "EARLY": dice.randrange(100),
        "BYTE": dice.randrange(64),
        "TILE": dice.randrange(3),
        "LEVEL": dice.randrange(2),
        "SMALL": dice.randrange(1, 9),
        "HUGE": 10 ** dice.randrange(3, 18),
        "SIGNED": dice.choice([100, 257, 457, 600]),
    }
    return [Template(statement).substitute(places) for statement in TAMPERS[what]]


def test_a_log_nobody_touched_is_sound(database: Database) -> None:
    build(database)
    report = audit(database)

    assert report.findings == ()
    assert (report.size, report.checkpoints, report.pending) == (SIZE, 4, 0)


@pytest.mark.parametrize("what", TAMPERS)
def test_rewriting_is_found(database: Database, what: str) -> None:
    build(database)
    dice = random.Random(what)  # noqa: S311 - a seed for a test
    damage(database, *TABLES_KEPT)
    for _ in range(6):
        damage(database, *thrown(what, dice))
        assert audit(database).findings, what
        damage(database, *TABLES_RESTORED)
    assert audit(database).is_sound


def test_findings_name_the_place(database: Database) -> None:
    build(database)
    damage(
        database,
        "UPDATE trace_record SET actor = 'person/9' WHERE leaf_index = 7",
        "DELETE FROM trace_record WHERE leaf_index = 300",
        "DELETE FROM trace_tile WHERE level = 1",
    )
    found = {(finding.code, finding.where) for finding in audit(database).findings}

    assert {
        ("columns", "leaf 7"),
        ("leaf-missing", "leaf 300"),
        ("tile-length", "tile/1/000"),
        ("checkpoint-root", "checkpoint 457"),
    } <= found
    assert ("checkpoint-root", "checkpoint 257") not in found


def test_whoever_holds_no_key_cannot_sign_a_rewritten_log(database: Database) -> None:
    """Everything recomputed, only the key is another: as thorough as a thief without it gets."""
    thief = Ed25519Signer(LOG.name, bytes(32))
    build(database)
    damage(database, "DELETE FROM trace_record", "DELETE FROM trace_edge")
    damage(database, "DELETE FROM trace_tile", "DELETE FROM trace_checkpoint")
    with database.transaction(SYSTEM) as session:
        fill(session, SIZE)
        assert sequence(session, thief, AT) is not None

    assert codes(audit(database)) == {"checkpoint-note"}


@pytest.mark.parametrize("what", KEY_HOLDER)
def test_what_the_key_holder_does_is_found_only_by_a_remembered_checkpoint(
    database: Database, what: str
) -> None:
    """Stated plainly: the tree alone does not stop whoever holds key and tables."""
    build(database)
    with database.transaction(SYSTEM) as session:
        kept = checkpoint_at(session, 457).note
    damage(database, *OLD_STATES[what])
    if what == "forked":
        grow(database, SIZE)

    assert audit(database).is_sound
    assert codes(audit(database, kept)) == {"forked" if what == "forked" else "rolled-back"}


def test_a_remembered_checkpoint_of_the_true_log_changes_nothing(database: Database) -> None:
    build(database)
    with database.transaction(SYSTEM) as session:
        kept = [checkpoint_at(session, size).note for size in (100, 600)]

    assert audit(database, *kept).is_sound


def test_a_remembered_checkpoint_of_another_log_is_refused(database: Database) -> None:
    other = sign_checkpoint(3, bytes(32), Ed25519Signer("log.example/two", bytes(32))).note

    with pytest.raises(SignatureMissing):
        audit(database, other)


def test_the_key_must_be_one(session: Session) -> None:
    with pytest.raises(KeyMalformed):
        verify_log(session, "nothing")


def test_an_empty_log_is_sound_and_its_pending_records_are_counted(session: Session) -> None:
    fill(session, 3)
    report = verify_log(session, VKEY)

    assert report.is_sound
    assert (report.size, report.pending) == (0, 3)


def test_progress_is_told_and_findings_end(database: Database) -> None:
    grow(database, 5000)
    damage(database, "UPDATE trace_record SET actor = 'person/9'")
    seen: list[tuple[int, int]] = []
    with database.transaction(SYSTEM) as session:
        report = verify_log(session, VKEY, progress=lambda done, size: seen.append((done, size)))

    assert seen == [(4096, 5000), (5000, 5000)]
    assert len(report.findings) == MAX_FINDINGS


def test_an_audit_beside_a_running_sequencer_raises_no_false_alarm(database: Database) -> None:
    grow(database, 300)
    with database.transaction(SYSTEM) as session:
        first = verify_log(session, VKEY)
        grow(database, 300)
        second = verify_log(session, VKEY)

    assert (first.size, second.size) == (300, 600)
    assert first.is_sound
    assert second.is_sound
