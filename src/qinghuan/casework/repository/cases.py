"""A case and its events: the events are the truth, the other rows are made from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from qinghuan.casework import tables as t
from qinghuan.casework.codec import body_to_json, event_from_json, to_json
from qinghuan.casework.model import Evidence
from qinghuan.casework.problem.case import Case, CaseClock
from qinghuan.casework.problem.duties import duties
from qinghuan.casework.problem.events import Event
from qinghuan.casework.problem.states import State
from qinghuan.infra.database import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An event with what storing gave it."""

    event: Event
    case_seq: int
    record_id: UUID
    salt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """A clock as lists show it."""

    clock: CaseClock
    values: Mapping[str, Any]


def next_number(session: Session, year: int) -> int:
    """Take the year's next case number; the row is held until the transaction ends."""
    taken = insert(t.case_number).values(year=year, last=1)
    taken = taken.on_conflict_do_update(
        index_elements=[t.case_number.c.year], set_={"last": t.case_number.c.last + 1}
    )
    return int(session.execute(taken.returning(t.case_number.c.last)).scalar_one())


def hold(session: Session, case_id: UUID) -> bool:
    """Keep others from moving a case until the transaction ends; whether there is one."""
    held = select(t.case.c.id).where(t.case.c.id == case_id).with_for_update()
    return session.execute(held).first() is not None


def exists(session: Session, case_id: UUID) -> bool:
    """Whether the scope reaches a case of this id."""
    return session.execute(select(t.case.c.id).where(t.case.c.id == case_id)).first() is not None


def id_of_number(session: Session, number: str) -> UUID | None:
    """The id behind a case number."""
    found = session.execute(select(t.case.c.id).where(t.case.c.number == number)).scalar()
    return None if found is None else UUID(str(found))


def events_of(session: Session, case_id: UUID) -> list[Stored]:
    """A case's events in order."""
    rows = session.execute(
        select(t.event).where(t.event.c.case_id == case_id).order_by(t.event.c.case_seq)
    )
    return [
        Stored(
            event=event_from_json(row.type, row.at, row.actor, row.body),
            case_seq=row.case_seq,
            record_id=row.record_id,
            salt=row.salt,
        )
        for row in rows
    ]


def last_record(session: Session, case_id: UUID) -> UUID | None:
    """Record of a case's last event."""
    found = session.execute(
        select(t.event.c.record_id)
        .where(t.event.c.case_id == case_id)
        .order_by(t.event.c.case_seq.desc())
        .limit(1)
    ).scalar()
    return None if found is None else UUID(str(found))


def add_event(session: Session, event_id: UUID, case: Case, stored: Stored) -> None:
    """Append one event; the unique step number refuses a second writer."""
    event = stored.event
    session.execute(
        t.event.insert().values(
            id=event_id,
            case_id=UUID(case.case_id),
            case_seq=stored.case_seq,
            type=event.type,
            actor=to_json(event.actor),
            at=event.at,
            body=body_to_json(event),
            salt=stored.salt,
            record_id=stored.record_id,
            area_code=case.area_code,
            mark=case.mark,
        )
    )


def save_case(session: Session, case: Case, derived: Mapping[str, Any]) -> None:
    """Write what lists read of a case.

    Args:
        session: The caller's transaction.
        case: The case as its events made it.
        derived: Deadline and other figures read from its clocks.
    """
    values = case_values(case) | dict(derived)
    written = insert(t.case).values(id=UUID(case.case_id), **values)
    session.execute(written.on_conflict_do_update(index_elements=[t.case.c.id], set_=values))
    _save_legs(session, case)


def save_clocks(session: Session, case: Case, rows: Iterable[ClockRow]) -> None:
    """Write what lists and the tick read of a case's clocks."""
    for row in rows:
        values = {
            **row.values,
            "case_id": UUID(case.case_id),
            "key": row.clock.key,
            "kind": row.clock.kind.value,
            "office_id": row.clock.office_id,
            "area_code": case.area_code,
            "mark": case.mark,
        }
        written = insert(t.clock).values(id=clock_id(case.case_id, row.clock.key), **values)
        session.execute(written.on_conflict_do_update(index_elements=[t.clock.c.id], set_=values))


def clock_id(case_id: str, key: str) -> UUID:
    """Id of a clock: follows from its case and its key, so that a replay finds the same."""
    return uuid5(UUID(case_id), key)


def add_evidence(
    session: Session, case: Case, item: Evidence, blob_id: UUID | None, added_at: datetime
) -> None:
    """Write what lists read of a piece of evidence."""
    place = item.place
    session.execute(
        t.evidence.insert().values(
            id=UUID(item.evidence_id),
            case_id=UUID(case.case_id),
            kind=item.kind.value,
            purpose=item.purpose.value,
            sha256=item.sha256,
            taken_at=item.taken_at,
            added_at=added_at,
            by_person=item.by,
            blob_id=blob_id,
            longitude_deg=None if place is None else place.longitude_deg,
            latitude_deg=None if place is None else place.latitude_deg,
            area_code=case.area_code,
            mark=case.mark,
        )
    )


def blobs_of(session: Session, case_id: UUID) -> dict[str, UUID]:
    """Where the files of a case's evidence lie, by evidence id."""
    rows = session.execute(
        select(t.evidence.c.id, t.evidence.c.blob_id).where(
            t.evidence.c.case_id == case_id, t.evidence.c.blob_id.is_not(None)
        )
    )
    return {str(row.id): row.blob_id for row in rows}


def projection_of(session: Session, case_id: UUID) -> Mapping[str, Any] | None:
    """What lists read of a case, as stored."""
    row = session.execute(select(t.case).where(t.case.c.id == case_id)).mappings().first()
    return None if row is None else dict(row)


def clocks_of(session: Session, case_id: UUID) -> Mapping[str, Mapping[str, Any]]:
    """Stored rows of a case's clocks, by key."""
    rows = session.execute(select(t.clock).where(t.clock.c.case_id == case_id)).mappings()
    return {row["key"]: dict(row) for row in rows}


def ids_after(session: Session, after: UUID | None, at_most: int) -> Sequence[UUID]:
    """Ids of all cases in order, a slice at a time."""
    wanted = select(t.case.c.id).order_by(t.case.c.id).limit(at_most)
    if after is not None:
        wanted = wanted.where(t.case.c.id > after)
    return [UUID(str(found)) for found in session.execute(wanted).scalars()]


def open_ids_of_source(session: Session, source_ref: str) -> Sequence[UUID]:
    """Cases of a machine source that are open or closed lately, the newest first."""
    wanted = (
        select(t.case.c.id)
        .where(
            t.case.c.source_ref == source_ref,
            t.case.c.state.not_in([State.ARCHIVED, State.REFUSED, State.MERGED]),
        )
        .order_by(t.case.c.opened_at.desc())
        .limit(5)
    )
    return [UUID(str(found)) for found in session.execute(wanted).scalars()]


def last_seen(session: Session, case_id: UUID) -> datetime | None:
    """When a case's source last told of it."""
    found = session.execute(select(t.case.c.last_seen_at).where(t.case.c.id == case_id)).scalar()
    return found if isinstance(found, datetime) else None


def case_values(case: Case) -> dict[str, Any]:
    """The columns of a case's row, as its events make them."""
    code, place, lead = case.code, case.place, case.lead
    return {
        "number": case.number,
        "version": case.version,
        "state": case.state.value,
        "source": case.source.value,
        "source_ref": case.source_ref,
        "title": case.title,
        "standard_ref": None if code is None else code.standard_ref,
        "code_kind": None if code is None else code.kind.value,
        "code": None if code is None else code.code,
        "area_code": case.area_code,
        "mark": case.mark,
        "address": case.address,
        "longitude_deg": None if place is None else place.longitude_deg,
        "latitude_deg": None if place is None else place.latitude_deg,
        "owner_office": case.owner_office,
        "owner_person": case.owner_person,
        "lead_office": None if lead is None else lead.office_id,
        "opened_at": case.opened_at,
        "last_seen_at": case.last_seen_at,
        "signals": len(case.signals),
        "closed_at": case.closed_at,
        "supervision": case.supervision.value,
        "level": case.level,
        "reworks": case.reworks,
        "next_ask_at": min(
            (plan.due_at for plan in case.follow_ups if plan.asked_at is None), default=None
        ),
        "waits_for": [duty.key for duty in duties(case)],
        "merged_into": None if case.merged_into is None else UUID(case.merged_into),
    }


def _save_legs(session: Session, case: Case) -> None:
    case_id = UUID(case.case_id)
    session.execute(delete(t.leg).where(t.leg.c.case_id == case_id))
    rows = [
        {
            "case_id": case_id,
            "office_id": leg.office_id,
            "office_name": leg.office_name,
            "is_lead": leg.is_lead,
            "is_answered": leg.answer is not None,
            "area_code": case.area_code,
            "mark": case.mark,
        }
        for leg in case.legs
    ]
    if rows:
        session.execute(t.leg.insert(), rows)
