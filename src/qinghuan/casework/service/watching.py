"""The watch: what falls due by itself, told once and in order, however long we stood still."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from qinghuan.casework.adapters import shelf
from qinghuan.casework.escalation import due_rungs, told_of
from qinghuan.casework.model import SYSTEM_ACTOR
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.asking import Context, Refusal
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.decide import decide
from qinghuan.casework.repository import cases, watch
from qinghuan.casework.repository.cases import clock_id
from qinghuan.casework.repository.watch import Told
from qinghuan.casework.service.commanding import give_as_platform
from qinghuan.casework.service.desk import DEFAULT_DESK, Desk
from qinghuan.casework.service.saving import append, load, look, save
from qinghuan.infra.database import Session

BATCH = 200
"""Cases of one transaction; the tick comes again at once while there are more."""


KEEP_REPORTER_DAYS = 365
"""As the register of personal fields says: a year after the case was put away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What one tick did."""

    cases: int
    rungs: int
    resumed: int
    asked: int
    archived: int
    is_more: bool
    """The batch was full: come again at once."""


def tick_escalations(
    session: Session, at: datetime, desk: Desk = DEFAULT_DESK, at_most: int = BATCH
) -> Ticked:
    """Do what fell due: rungs told, suspensions ended, reporters asked, quiet cases archived.

    Args:
        session: In the SYSTEM scope.
        at: Now.
        desk: The rules in force.
        at_most: Cases of this transaction.
    """
    due = watch.cases_with_rungs_due(session, at, at_most)
    rungs = sum(_tell(session, case_id, at, desk) for case_id in due)
    over = watch.suspensions_over(session, at, at_most)
    resumed = sum(_give(session, case_id, c.Resume(), at, desk) for case_id in over)
    to_ask = watch.follow_ups_due(session, at, at_most)
    asked = sum(_give(session, case_id, c.AskFollowUp(), at, desk) for case_id in to_ask)
    quiet_days = shelf.policy(desk.policy_id).quiet_days
    quiet = watch.quiet_since(session, at - timedelta(days=quiet_days), at_most)
    archived = sum(_give_if_allowed(session, case_id, at, desk) for case_id in quiet)
    return Ticked(
        cases=len(due),
        rungs=rungs,
        resumed=resumed,
        asked=asked,
        archived=archived,
        is_more=at_most in {len(due), len(over), len(to_ask)},
    )


def machines_asked(session: Session, at_most: int = BATCH) -> tuple[Case, ...]:
    """Closed cases of machines whose follow-up question waits for the machine's answer."""
    return tuple(look(session, case_id) for case_id in watch.machines_asked(session, at_most))


def forget_reporters(session: Session, at: datetime) -> int:
    """Take away who reported what was put away a year ago; how many.

    Args:
        session: In the SYSTEM scope.
        at: Now.
    """
    return watch.forget_reporters(session, at - timedelta(days=KEEP_REPORTER_DAYS))


def change_calendar(session: Session, calendar_id: str, at: datetime) -> int:
    """Count the days ahead of every open case by another calendar version; how many changed.

    Args:
        session: In the SYSTEM scope.
        calendar_id: A version on the shelf.
        at: Now.
    """
    changed, after = 0, None
    while ids := cases.ids_after(session, after, BATCH):
        for case_id in ids:
            case = load(session, case_id)
            if case.state.is_open:
                wanted = c.ChangeCalendar(calendar_id=calendar_id)
                changed += give_as_platform(session, case_id, wanted, at).is_done
        after = ids[-1]
    return changed


def _tell(session: Session, case_id: UUID, at: datetime, desk: Desk) -> int:
    """Tell what is due on one case, by true due time across its clocks; how many rungs."""
    case = load(session, case_id)
    context = desk.context(centre_office=case.centre_office)
    due = [
        rung
        for clock in case.clocks
        for rung in due_rungs(clock, told_of(case, clock.key), context, at)
    ]
    due.sort(key=lambda rung: (rung.due_at, rung.rung.pct, rung.clock_key))
    for rung in due:
        told = Told(
            clock_id=clock_id(case.case_id, rung.clock_key),
            pct=rung.rung.pct,
            due_at=rung.due_at,
            told_at=at,
            late_s=rung.late_s,
        )
        if watch.tell(session, case, told):
            wanted = c.ReachRung(clock_key=rung.clock_key, pct=rung.rung.pct, due_at=rung.due_at)
            case = _append(session, case, wanted, at, context)
    if not due:
        save(session, case, None, context, at)
    return len(due)


def _append(
    session: Session, case: Case, wanted: c.Command, at: datetime, context: Context
) -> Case:
    answer = decide(case, wanted, SYSTEM_ACTOR, at, context)
    return case if isinstance(answer, Refusal) else append(session, case, answer, context)


def _give(session: Session, case_id: UUID, wanted: c.Command, at: datetime, desk: Desk) -> bool:
    return give_as_platform(session, case_id, wanted, at, desk).is_done


def _give_if_allowed(session: Session, case_id: UUID, at: datetime, desk: Desk) -> bool:
    """Archive a case unless a follow-up is open; that it is not yet time is no refusal to keep."""
    case = load(session, case_id)
    context = desk.context(centre_office=case.centre_office)
    if isinstance(decide(case, c.Archive(), SYSTEM_ACTOR, at, context), Refusal):
        return False
    return _give(session, case_id, c.Archive(), at, desk)
