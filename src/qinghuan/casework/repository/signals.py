"""Signals as they came, who sent them, and where they went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from qinghuan.casework import tables as t
from qinghuan.casework.codes import CodeKind, MatterCode
from qinghuan.casework.conservation import Disposition
from qinghuan.casework.model import Signal, Source
from qinghuan.casework.problem.case import Case
from qinghuan.core.geo import Place
from qinghuan.infra.database import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What storing a signal gave it."""

    case_id: UUID
    body_sha256: bytes
    salt: bytes
    record_id: UUID
    received_at: datetime


def one_at_a_time(session: Session, what: str) -> None:
    """Wait for others who deal with the same thing; until the transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 5))"), {"what": what}
    )


def by_submit_key(session: Session, submit_key: str) -> tuple[UUID, Kept] | None:
    """A signal that came under this key before."""
    row = session.execute(select(t.signal).where(t.signal.c.submit_key == submit_key)).first()
    return None if row is None else (UUID(str(row.id)), _kept(row))


def by_id(session: Session, signal_id: UUID) -> tuple[Signal, Kept] | None:
    """A signal as it came; the reporter stays apart."""
    row = session.execute(select(t.signal).where(t.signal.c.id == signal_id)).first()
    return None if row is None else (signal_noun(row), _kept(row))


def add(session: Session, signal: Signal, kept: Kept) -> None:
    """Keep a signal."""
    code, place = signal.code, signal.place
    session.execute(
        t.signal.insert().values(
            id=UUID(signal.signal_id),
            submit_key=signal.submit_key,
            body_sha256=kept.body_sha256,
            salt=kept.salt,
            case_id=kept.case_id,
            source=signal.source.value,
            source_ref=signal.source_ref,
            title=signal.title,
            text=signal.text,
            standard_ref=None if code is None else code.standard_ref,
            code_kind=None if code is None else code.kind.value,
            code=None if code is None else code.code,
            area_code=signal.area_code,
            mark=signal.mark,
            address=signal.address,
            longitude_deg=None if place is None else place.longitude_deg,
            latitude_deg=None if place is None else place.latitude_deg,
            is_trusted=signal.is_trusted,
            media_sha256=list(signal.media_sha256),
            observed_at=signal.observed_at,
            received_at=kept.received_at,
            record_id=kept.record_id,
        )
    )


def keep_reporter(session: Session, signal_id: UUID, person: str) -> None:
    """Keep, apart from the signal, who sent it."""
    session.execute(t.reporter.insert().values(signal_id=signal_id, person=person))


def reported_signals(session: Session, person: str, case_id: UUID) -> list[UUID]:
    """Signals of a case that a person sent."""
    rows = session.execute(
        select(t.reporter.c.signal_id)
        .join(t.signal, t.signal.c.id == t.reporter.c.signal_id)
        .where(t.reporter.c.person == person, t.signal.c.case_id == case_id)
    )
    return [UUID(str(found)) for found in rows.scalars()]


def reporters_of(session: Session, case_id: UUID) -> list[tuple[UUID, str]]:
    """Who sent the signals of a case, as (signal, person)."""
    rows = session.execute(
        select(t.reporter.c.signal_id, t.reporter.c.person)
        .join(t.signal, t.signal.c.id == t.reporter.c.signal_id)
        .where(t.signal.c.case_id == case_id)
        .order_by(t.signal.c.received_at)
    )
    return [(UUID(str(row.signal_id)), row.person) for row in rows]


def settle(session: Session, case: Case, gone: Mapping[str, Disposition], at: datetime) -> None:
    """Write where signals of a case went; a waiting one has no row.

    Args:
        session: The caller's transaction.
        case: The case as it stands now.
        gone: Signals whose disposition changed.
        at: When it changed.
    """
    for signal_id, kind in gone.items():
        if kind is Disposition.WAITING:
            session.execute(
                delete(t.disposition).where(t.disposition.c.signal_id == UUID(signal_id))
            )
            continue
        values: dict[str, Any] = {
            "kind": kind.value,
            "case_id": UUID(case.merged_into or case.case_id),
            "decided_by": case.owner_office,
            "at": at,
            "area_code": case.area_code,
            "mark": case.mark,
        }
        written = insert(t.disposition).values(signal_id=UUID(signal_id), **values)
        session.execute(
            written.on_conflict_do_update(index_elements=[t.disposition.c.signal_id], set_=values)
        )


def signal_noun(row: Row[Any]) -> Signal:
    """What a row says of a signal."""
    code = None
    if row.code is not None:
        code = MatterCode(
            standard_ref=row.standard_ref, kind=CodeKind(row.code_kind), code=row.code
        )
    place = None
    if row.longitude_deg is not None and row.latitude_deg is not None:
        place = Place(longitude_deg=row.longitude_deg, latitude_deg=row.latitude_deg)
    return Signal(
        signal_id=str(row.id),
        submit_key=row.submit_key,
        source=Source(row.source),
        source_ref=row.source_ref,
        title=row.title,
        text=row.text,
        area_code=row.area_code,
        mark=row.mark,
        observed_at=row.observed_at,
        place=place,
        address=row.address,
        code=code,
        is_trusted=row.is_trusted,
        media_sha256=tuple(row.media_sha256),
    )


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        case_id=UUID(str(row.case_id)),
        body_sha256=row.body_sha256,
        salt=row.salt,
        record_id=row.record_id,
        received_at=row.received_at,
    )
