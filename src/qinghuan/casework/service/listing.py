"""Lists: the inbox, cases, somebody's tasks, what is overdue, what just happened."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from qinghuan.casework.conservation import Balance
from qinghuan.casework.listing import (
    CaseRow,
    CasesAsked,
    Happening,
    NoticeRow,
    Paging,
    SignalRow,
    SignalsAsked,
)
from qinghuan.casework.model import Acting, Role
from qinghuan.casework.problem.duties import keys_of
from qinghuan.casework.problem.states import State
from qinghuan.casework.repository import lists, signals, watch
from qinghuan.casework.service.saving import reference
from qinghuan.infra.database import Session
from qinghuan.trace.model import Entry
from qinghuan.trace.service.recording import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The cockpit's strip: the conservation law and how many cases are late."""

    balance: Balance
    by_state: dict[State, int]
    overdue: int
    at: datetime


def cases(
    session: Session, asked: CasesAsked, paging: Paging | None = None
) -> tuple[list[CaseRow], int]:
    """Cases of a page, and how many there are in all."""
    return lists.cases(session, asked, paging or Paging())


def inbox(
    session: Session, asked: SignalsAsked, paging: Paging | None = None
) -> tuple[list[SignalRow], int]:
    """Signals of a page, newest first, and how many there are in all."""
    return lists.inbox(session, asked, paging or Paging())


def tasks_of(
    session: Session, actor: Acting, asked: CasesAsked | None = None, paging: Paging | None = None
) -> tuple[list[CaseRow], int]:
    """Cases that wait for this person, the nearest deadline first."""
    wanted = replace(asked or CasesAsked(), waits_for=keys_of(actor))
    return lists.cases(session, wanted, paging or Paging())


def overdue(
    session: Session, area_prefix: str, at: datetime, paging: Paging | None = None
) -> tuple[list[CaseRow], int]:
    """Open cases past a deadline, the longest overdue first."""
    asked = CasesAsked(area_prefix=area_prefix, is_overdue_at=at)
    return lists.cases(session, asked, paging or Paging())


def recent(session: Session, area_prefix: str = "", at_most: int = 30) -> list[Happening]:
    """What happened last in an area, newest first."""
    return lists.recent(session, area_prefix, at_most)


def reports_of(
    session: Session, person: str, paging: Paging | None = None
) -> tuple[list[SignalRow], int]:
    """What a person reported, and where it went."""
    return lists.inbox(session, SignalsAsked(reported_by=person), paging or Paging())


def notices_of(session: Session, actor: Acting, at_most: int = 50) -> list[NoticeRow]:
    """What the platform told this person, his office or his roles, newest first."""
    audiences = [f"person/{actor.person}", *(f"role/{role}" for role in sorted(actor.roles))]
    if actor.office_id and Role.OFFICE_HEAD in actor.roles:
        audiences.append(f"office/{actor.office_id}")
    return lists.notices(session, tuple(audiences), at_most)


def counts(session: Session, at: datetime, area_prefix: str = "") -> Counts:
    """The conservation law in numbers, and how many cases are late."""
    return Counts(
        balance=watch.balance(session, area_prefix),
        by_state=lists.counts_by_state(session, area_prefix),
        overdue=lists.count_overdue(session, area_prefix, at),
        at=at,
    )


def open_reporters(
    session: Session, case_id: UUID, actor: Acting, reason: str, at: datetime
) -> tuple[str, ...]:
    """Person ids of those who reported a case; every opening stands in the log.

    Args:
        session: In the SYSTEM scope; the caller has checked the right to open.
        case_id: Which case.
        actor: Who wants to know.
        reason: Why; kept in the log only as being there.
        at: Now.
    """
    entry = Entry(
        kind="reporter.opened",
        subject=f"case/{case_id}",
        at=at,
        actor=reference(actor),
        data={"has_reason": bool(reason.strip())},
    )
    record(session, entry)
    return tuple(person for _, person in signals.reporters_of(session, case_id))
