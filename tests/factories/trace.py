"""Entries and a log for tests of the trace room."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text

from qinghuan.infra.database import SYSTEM, Database, Session
from qinghuan.trace.model import Checkpoint, Entry, JsonValue, Used
from qinghuan.trace.note import Ed25519Signer
from qinghuan.trace.service.recording import record_all
from qinghuan.trace.service.sequencing import sequence

LOG = Ed25519Signer("log.example/test", bytes(range(32)))
AT = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


def entry(
    number: int = 0,
    *,
    subject: str = "case/1",
    actor: str = "system",
    data: dict[str, JsonValue] | None = None,
    used: tuple[Used, ...] = (),
) -> Entry:
    """A plain entry; its number makes it differ from others."""
    return Entry(
        kind="case.noted",
        subject=subject,
        at=AT,
        actor=actor,
        data={"number": number} if data is None else data,
        used=used,
    )


def fill(session: Session, count: int, *, subject: str = "case/1") -> list[UUID]:
    """Record a number of entries."""
    return record_all(session, [entry(number, subject=subject) for number in range(count)])


def drain(session: Session) -> Checkpoint | None:
    """Sequence until nothing waits; return the last checkpoint made."""
    last = None
    while (made := sequence(session, LOG, AT)) is not None:
        last = made
    return last


def act_as(database: Database, role: str, statement: str) -> None:
    """Run one statement as a role; `none` is the owner of the tables."""
    with database.engine.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {role}"))
        connection.execute(text(statement))


def damage(database: Database, *statements: str) -> None:
    """Act as an administrator of the database who switches the guards off."""
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


def grow(database: Database, *steps: int) -> list[UUID]:
    """Record and sequence in steps, each committed; return all ids in the log's order."""
    ids = []
    for count in steps:
        with database.transaction(SYSTEM) as session:
            ids += fill(session, count)
        with database.transaction(SYSTEM) as session:
            drain(session)
    return ids
