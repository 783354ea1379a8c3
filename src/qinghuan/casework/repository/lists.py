"""Lists of signals and cases, by page, and what just happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array

from qinghuan.casework import tables as t
from qinghuan.casework.codes import CodeKind, MatterCode
from qinghuan.casework.conservation import Disposition
from qinghuan.casework.listing import (
    CaseRow,
    CasesAsked,
    Happening,
    NoticeRow,
    Paging,
    SignalRow,
    SignalsAsked,
)
from qinghuan.casework.model import Source
from qinghuan.casework.problem.states import OPEN, State, Supervision
from qinghuan.casework.repository.signals import signal_noun
from qinghuan.core.geo import Place
from qinghuan.infra.database import Session

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Rows of a page and how many there are in all."""

    rows: tuple[Row[Any], ...]
    total: int


def cases(session: Session, asked: CasesAsked, paging: Paging) -> tuple[list[CaseRow], int]:
    """Cases of a page and their number in all."""
    wanted = select(t.case).where(*_case_conditions(asked))
    listed = _page(session, wanted, wanted.order_by(*_case_order(asked.order)), paging)
    return [_case_row(row) for row in listed.rows], listed.total


def inbox(session: Session, asked: SignalsAsked, paging: Paging) -> tuple[list[SignalRow], int]:
    """Signals of a page, newest first, and their number in all."""
    wanted = (
        select(
            t.signal,
            t.disposition.c.kind.label("went"),
            t.case.c.number,
            t.case.c.state,
            t.case.c.version,
            t.case.c.deadline_at,
        )
        .join(t.case, t.case.c.id == t.signal.c.case_id)
        .outerjoin(t.disposition, t.disposition.c.signal_id == t.signal.c.id)
        .where(*_signal_conditions(asked))
    )
    order = (t.signal.c.received_at.desc(), t.signal.c.id.desc())
    listed = _page(session, wanted, wanted.order_by(*order), paging)
    return [_signal_row(row) for row in listed.rows], listed.total


def recent(session: Session, area_prefix: str, at_most: int) -> list[Happening]:
    """What happened last, newest first."""
    rows = session.execute(
        select(t.event, t.case.c.number, t.case.c.title)
        .join(t.case, t.case.c.id == t.event.c.case_id)
        .where(t.event.c.area_code.startswith(area_prefix, autoescape=True))
        .order_by(t.event.c.at.desc(), t.event.c.id.desc())
        .limit(at_most)
    )
    return [
        Happening(
            case_id=row.case_id,
            case_number=row.number,
            title=row.title,
            area_code=row.area_code,
            case_seq=row.case_seq,
            type=row.type,
            at=row.at,
            body=row.body["body"],
            actor_label=row.actor["label"],
            record_id=row.record_id,
        )
        for row in rows
    ]


def counts_by_state(session: Session, area_prefix: str) -> dict[State, int]:
    """How many cases stand in each state."""
    rows = session.execute(
        select(t.case.c.state, func.count())
        .where(t.case.c.area_code.startswith(area_prefix, autoescape=True))
        .group_by(t.case.c.state)
    )
    return {State(row[0]): int(row[1]) for row in rows}


def count_overdue(session: Session, area_prefix: str, at: datetime) -> int:
    """How many open cases are past a deadline."""
    wanted = CasesAsked(area_prefix=area_prefix, is_overdue_at=at)
    number = session.execute(
        select(func.count()).select_from(t.case).where(*_case_conditions(wanted))
    )
    return int(number.scalar_one())


def notices(session: Session, audiences: tuple[str, ...], at_most: int) -> list[NoticeRow]:
    """Notices for somebody, newest first."""
    rows = session.execute(
        select(t.notice, t.case.c.number, t.case.c.title)
        .join(t.case, t.case.c.id == t.notice.c.case_id)
        .where(t.notice.c.audience.in_(audiences))
        .order_by(t.notice.c.at.desc())
        .limit(at_most)
    )
    return [
        NoticeRow(
            case_id=row.case_id,
            case_seq=row.case_seq,
            case_number=row.number,
            title=row.title,
            text=row.text,
            at=row.at,
        )
        for row in rows
    ]


def _page(session: Session, wanted: Select[Any], ordered: Select[Any], paging: Paging) -> Listed:
    total = session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
    rows = session.execute(ordered.limit(paging.limit).offset(paging.offset)).all()
    return Listed(rows=tuple(rows), total=int(total))


def _case_order(order: str) -> tuple[ColumnElement[Any], ...]:
    c = t.case.c
    if order == "opened":
        return (c.opened_at.desc(), c.id.desc())
    if order == "changed":
        return (c.changed_at.desc(), c.id.desc())
    return (c.deadline_at.asc().nulls_last(), c.opened_at.desc(), c.id)


def _case_conditions(asked: CasesAsked) -> list[ColumnElement[bool]]:
    c = t.case.c
    opened = [state.value for state in OPEN]
    wishes: list[tuple[object, Callable[[], ColumnElement[bool]]]] = [
        (asked.text, lambda: _holds(asked.text, c.number, c.title, c.address)),
        (asked.states, lambda: c.state.in_([state.value for state in asked.states])),
        (asked.is_open is True, lambda: c.state.in_(opened)),
        (asked.is_open is False, lambda: c.state.not_in(opened)),
        (asked.sources, lambda: c.source.in_([source.value for source in asked.sources])),
        (asked.area_prefix, lambda: c.area_code.startswith(asked.area_prefix, autoescape=True)),
        (
            asked.office_id,
            lambda: or_(c.owner_office == asked.office_id, _has_leg(asked.office_id)),
        ),
        (asked.code, lambda: c.code == asked.code),
        (asked.is_overdue_at, lambda: _is_overdue(asked.is_overdue_at)),
        (asked.supervision, lambda: c.supervision == asked.supervision),
        (asked.opened_since, lambda: c.opened_at >= asked.opened_since),
        (asked.opened_before, lambda: c.opened_at < asked.opened_before),
        (
            asked.waits_for,
            lambda: c.waits_for.op("&&")(cast(array(asked.waits_for), ARRAY(Text))),
        ),
    ]
    return [condition() for wish, condition in wishes if wish]


def _is_overdue(at: datetime | None) -> ColumnElement[bool]:
    """Open and past the nearest deadline; a suspension is no delay."""
    c = t.case.c
    states = [state.value for state in OPEN - {State.SUSPENDED}]
    return and_(c.deadline_at < at, c.state.in_(states))


def _signal_conditions(asked: SignalsAsked) -> list[ColumnElement[bool]]:
    c = t.signal.c
    wishes: list[tuple[object, Callable[[], ColumnElement[bool]]]] = [
        (asked.text, lambda: _holds(asked.text, c.title, c.text, c.address, t.case.c.number)),
        (asked.dispositions, lambda: _went(asked.dispositions)),
        (asked.sources, lambda: c.source.in_([source.value for source in asked.sources])),
        (asked.area_prefix, lambda: c.area_code.startswith(asked.area_prefix, autoescape=True)),
        (
            asked.reported_by,
            lambda: c.id.in_(
                select(t.reporter.c.signal_id).where(t.reporter.c.person == asked.reported_by)
            ),
        ),
        (asked.received_since, lambda: c.received_at >= asked.received_since),
    ]
    return [condition() for wish, condition in wishes if wish]


def _went(kinds: frozenset[Disposition]) -> ColumnElement[bool]:
    went = t.disposition.c.kind
    known = went.in_([kind.value for kind in kinds])
    return or_(known, went.is_(None)) if Disposition.WAITING in kinds else known


def _has_leg(office_id: str) -> ColumnElement[bool]:
    legs = select(t.leg.c.case_id).where(t.leg.c.office_id == office_id)
    return t.case.c.id.in_(legs)


def _holds(words: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _case_row(row: Row[Any]) -> CaseRow:
    code = None
    if row.code is not None:
        code = MatterCode(
            standard_ref=row.standard_ref, kind=CodeKind(row.code_kind), code=row.code
        )
    place = None
    if row.longitude_deg is not None and row.latitude_deg is not None:
        place = Place(longitude_deg=row.longitude_deg, latitude_deg=row.latitude_deg)
    return CaseRow(
        case_id=row.id,
        number=row.number,
        version=row.version,
        state=State(row.state),
        source=Source(row.source),
        source_ref=row.source_ref,
        title=row.title,
        code=code,
        area_code=row.area_code,
        mark=row.mark,
        address=row.address,
        place=place,
        owner_office=row.owner_office,
        owner_person=row.owner_person,
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        signals=row.signals,
        changed_at=row.changed_at,
        closed_at=row.closed_at,
        deadline_at=row.deadline_at,
        is_deadline_provisional=row.is_deadline_provisional,
        is_red=row.is_red,
        supervision=Supervision(row.supervision),
        level=row.level,
        reworks=row.reworks,
        waits_for=tuple(row.waits_for),
    )


def _signal_row(row: Row[Any]) -> SignalRow:
    went = Disposition.WAITING if row.went is None else Disposition(row.went)
    return SignalRow(
        signal=signal_noun(row),
        received_at=row.received_at,
        disposition=went,
        case_id=row.case_id,
        case_number=row.number,
        case_state=State(row.state),
        case_version=row.version,
        deadline_at=row.deadline_at,
    )
