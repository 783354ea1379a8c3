"""Escalations told, refusals kept, notices and alarms written, and the law counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, text
from sqlalchemy.dialects.postgresql import insert

from qinghuan.casework import tables as t
from qinghuan.casework.conservation import Balance
from qinghuan.casework.model import Source
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.states import OPEN, State
from qinghuan.infra.database import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something the reconciler found."""

    alarm_id: UUID
    case_id: UUID | None
    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A rung that is told now."""

    clock_id: UUID
    pct: int
    due_at: datetime
    told_at: datetime
    late_s: int


def cases_with_rungs_due(session: Session, at: datetime, at_most: int) -> Sequence[UUID]:
    """Cases with a clock whose next rung is due, the longest due first."""
    rows = session.execute(
        select(t.clock.c.case_id, func.min(t.clock.c.next_rung_at).label("due_at"))
        .where(t.clock.c.next_rung_at <= at)
        .group_by(t.clock.c.case_id)
        .order_by("due_at")
        .limit(at_most)
    )
    return [UUID(str(row.case_id)) for row in rows]


def suspensions_over(session: Session, at: datetime, at_most: int) -> Sequence[UUID]:
    """Suspended cases whose day has come."""
    rows = session.execute(
        select(t.case.c.id)
        .where(t.case.c.state == State.SUSPENDED.value, t.case.c.deadline_at <= at)
        .limit(at_most)
    )
    return [UUID(str(found)) for found in rows.scalars()]


def follow_ups_due(session: Session, at: datetime, at_most: int) -> Sequence[UUID]:
    """Closed cases whose reporter is to be asked again."""
    rows = session.execute(
        select(t.case.c.id)
        .where(t.case.c.next_ask_at <= at, t.case.c.state == State.CLOSED.value)
        .order_by(t.case.c.next_ask_at)
        .limit(at_most)
    )
    return [UUID(str(found)) for found in rows.scalars()]


def machines_asked(session: Session, at_most: int) -> Sequence[UUID]:
    """Closed cases of machines that were asked again and have not been answered for."""
    asked, answer = t.event.alias("asked"), t.event.alias("answer")
    answered_since = exists().where(
        answer.c.case_id == asked.c.case_id,
        answer.c.type == "FollowUpAnswered",
        answer.c.case_seq > asked.c.case_seq,
    )
    rows = session.execute(
        select(t.case.c.id)
        .where(
            t.case.c.state == State.CLOSED.value,
            t.case.c.source.in_([source.value for source in Source if source.is_machine]),
            exists().where(
                asked.c.case_id == t.case.c.id, asked.c.type == "FollowUpAsked", ~answered_since
            ),
        )
        .order_by(t.case.c.closed_at)
        .limit(at_most)
    )
    return [UUID(str(found)) for found in rows.scalars()]


def forget_reporters(session: Session, before: datetime) -> int:
    """Take away who reported what was put away before a moment; how many."""
    gone = session.execute(text(_FORGET), {"before": before})
    return len(gone.all())


def quiet_since(session: Session, before: datetime, at_most: int) -> Sequence[UUID]:
    """Cases closed before a moment and not archived."""
    rows = session.execute(
        select(t.case.c.id)
        .where(t.case.c.state == State.CLOSED.value, t.case.c.closed_at <= before)
        .order_by(t.case.c.closed_at)
        .limit(at_most)
    )
    return [UUID(str(found)) for found in rows.scalars()]


def tell(session: Session, case: Case, told: Told) -> bool:
    """Note a rung as told; False if it had been told before."""
    written = (
        insert(t.rung)
        .values(
            clock_id=told.clock_id,
            pct=told.pct,
            case_id=UUID(case.case_id),
            due_at=told.due_at,
            told_at=told.told_at,
            late_s=told.late_s,
            area_code=case.area_code,
            mark=case.mark,
        )
        .on_conflict_do_nothing()
        .returning(t.rung.c.pct)
    )
    return session.execute(written).first() is not None


def add_refusal(session: Session, case: Case, refusal_id: UUID, facts: dict[str, object]) -> None:
    """Keep a command that was turned away."""
    session.execute(
        t.refusal.insert().values(
            id=refusal_id,
            case_id=UUID(case.case_id),
            version=case.version,
            area_code=case.area_code,
            mark=case.mark,
            **facts,
        )
    )


def add_notice(
    session: Session, case: Case, case_seq: int, audience: str, words: tuple[str, datetime]
) -> bool:
    """Put a notice into somebody's list once; False if it was there."""
    written = (
        insert(t.notice)
        .values(
            case_id=UUID(case.case_id),
            case_seq=case_seq,
            audience=audience,
            text=words[0],
            at=words[1],
            area_code=case.area_code,
            mark=case.mark,
        )
        .on_conflict_do_nothing()
        .returning(t.notice.c.case_seq)
    )
    return session.execute(written).first() is not None


def add_alarm(session: Session, alarm: Alarm) -> None:
    """Keep what the reconciler found."""
    session.execute(
        t.alarm.insert().values(
            id=alarm.alarm_id,
            case_id=alarm.case_id,
            kind=alarm.kind,
            text=alarm.text,
            at=alarm.at,
        )
    )


def alarms_since(session: Session, since: datetime) -> list[Alarm]:
    """What the reconciler found lately, newest first."""
    rows = session.execute(
        select(t.alarm).where(t.alarm.c.at >= since).order_by(t.alarm.c.at.desc()).limit(200)
    )
    return [
        Alarm(alarm_id=row.id, case_id=row.case_id, kind=row.kind, text=row.text, at=row.at)
        for row in rows
    ]


def orphan_signals(session: Session, at_most: int) -> Sequence[UUID]:
    """Signals that are neither waiting in an open case nor have gone anywhere."""
    rows = session.execute(
        select(t.signal.c.id)
        .join(t.case, t.case.c.id == t.signal.c.case_id)
        .outerjoin(t.disposition, t.disposition.c.signal_id == t.signal.c.id)
        .where(
            t.disposition.c.signal_id.is_(None),
            t.case.c.state.not_in([State.RECEIVED.value, State.VERIFYING.value]),
        )
        .limit(at_most)
    )
    return [UUID(str(found)) for found in rows.scalars()]


def balance(session: Session, area_prefix: str) -> Balance:
    """Count the law from the stored rows of an area."""
    gone = session.execute(
        select(t.disposition.c.kind, func.count())
        .join(t.signal, t.signal.c.id == t.disposition.c.signal_id)
        .where(t.signal.c.area_code.startswith(area_prefix, autoescape=True))
        .group_by(t.disposition.c.kind)
    )
    by_kind = {row[0]: int(row[1]) for row in gone}
    numbers = session.execute(
        text(_COUNTS), {"prefix": area_prefix, "open": [state.value for state in OPEN]}
    ).one()
    return Balance(
        signals=numbers.signals,
        opened=by_kind.get("opened", 0),
        attached=by_kind.get("attached", 0),
        refused=by_kind.get("refused", 0),
        waiting=numbers.waiting,
        open_cases=numbers.open_cases,
        without_owner=numbers.without_owner,
        without_clock=numbers.without_clock,
    )


_FORGET = """
DELETE FROM casework_reporter r USING casework_signal s
JOIN casework_case c ON c.id = s.case_id
LEFT JOIN casework_case lead ON lead.id = c.merged_into
WHERE r.signal_id = s.id
  AND ((c.state IN ('archived', 'refused') AND c.changed_at < :before)
       OR (c.state = 'merged' AND lead.state = 'archived' AND lead.changed_at < :before))
RETURNING r.signal_id
"""

_COUNTS = """
WITH here AS (
    SELECT c.id, c.owner_office, c.owner_person, c.state FROM casework_case c
    WHERE c.area_code ^@ :prefix AND c.state = ANY(:open)
)
SELECT
    (SELECT count(*) FROM casework_signal s WHERE s.area_code ^@ :prefix) AS signals,
    (SELECT count(*) FROM casework_signal s JOIN casework_case c ON c.id = s.case_id
     WHERE s.area_code ^@ :prefix AND c.state IN ('received', 'verifying')
       AND NOT EXISTS (SELECT 1 FROM casework_disposition d WHERE d.signal_id = s.id)
    ) AS waiting,
    (SELECT count(*) FROM here) AS open_cases,
    (SELECT count(*) FROM here
     WHERE owner_office = '' OR (state = 'handling' AND owner_person IS NULL)) AS without_owner,
    (SELECT count(*) FROM here WHERE NOT EXISTS (
        SELECT 1 FROM casework_clock k WHERE k.case_id = here.id AND k.stopped_at IS NULL
    )) AS without_clock
"""
