"""How decisions start, stop, hold and lengthen the clocks of a case."""

from collections.abc import Iterable
from datetime import timedelta

from qinghuan.casework.calendar import Duration, Unit
from qinghuan.casework.clock import (
    ClockEvent,
    ClockExtended,
    ClockPaused,
    ClockRebased,
    ClockResumed,
    ClockStarted,
    ClockState,
    ClockStopped,
    Outcome,
    PauseReason,
)
from qinghuan.casework.policy import Stage
from qinghuan.casework.problem.asking import Ask
from qinghuan.casework.problem.case import CaseClock, Leg
from qinghuan.casework.problem.events import ClockAct
from qinghuan.casework.problem.states import ClockKind

Acts = tuple[ClockAct, ...]

WORK_CLOCKS = (ClockKind.HANDLE, ClockKind.TOTAL, ClockKind.LEG)
"""They stand still together while a case is suspended."""


def start(ask: Ask, kind: ClockKind, limit: Duration, offices: Iterable[str] = ("",)) -> Acts:
    """Start a clock, or one for each office; versions in force now are pinned."""
    clocks = () if ask.case_or_none is None else ask.case_or_none.clocks
    ordinal = sum(clock.kind is kind for clock in clocks)
    event = ClockStarted(
        at=ask.at,
        limit=limit,
        calendar_id=ask.context.calendar_id,
        policy_id=ask.context.policy_id,
    )
    return tuple(
        ClockAct(key=f"{kind}-{ordinal + n}", kind=kind, office_id=office or None, event=event)
        for n, office in enumerate(offices, start=1)
    )


def stop(ask: Ask, *kinds: ClockKind, outcome: Outcome = Outcome.DONE) -> Acts:
    """Stop every running clock of some kinds; of all kinds if none is named."""
    return _each(ask.case.running(*kinds), ClockStopped(at=ask.at, outcome=outcome))


def stop_leg(ask: Ask, office_id: str) -> Acts:
    """Stop one office's own clock."""
    legs = [leg for leg in ask.case.running(ClockKind.LEG) if leg.office_id == office_id]
    return _each(legs, ClockStopped(at=ask.at))


def withdraw(ask: Ask, *kinds: ClockKind) -> Acts:
    """Stop clocks whose duty went elsewhere."""
    return stop(ask, *kinds, outcome=Outcome.WITHDRAWN)


def pause(ask: Ask, reason: PauseReason, *kinds: ClockKind) -> Acts:
    """Hold running clocks until the request's end, or as long as the reason may last."""
    request = ask.case.request
    until = None if request is None else request.until
    return _each(ask.case.running(*kinds), ClockPaused(at=ask.at, reason=reason, until=until))


def resume(ask: Ask, reason: PauseReason, *kinds: ClockKind) -> Acts:
    """Let held clocks run again."""
    return _each(ask.case.running(*kinds), ClockResumed(at=ask.at, reason=reason))


def extend(ask: Ask) -> Acts:
    """Grant one more original limit to the work's clocks."""
    by = handle_limit(ask)
    lead = ask.case.lead
    clocks = [
        clock
        for clock in ask.case.running(*WORK_CLOCKS)
        if clock.kind is not ClockKind.LEG
        or (lead is not None and clock.office_id == lead.office_id)
    ]
    return _each(clocks, ClockExtended(at=ask.at, by=by))


def rebase(ask: Ask, calendar_id: str) -> Acts:
    """Count the days ahead of every running clock by another calendar version."""
    return _each(ask.case.running(), ClockRebased(at=ask.at, calendar_id=calendar_id))


def start_duty(ask: Ask, legs: tuple[Leg, ...]) -> Acts:
    """Offices got their duty: signing and their own clocks start, the case's goes on."""
    limit = ask.policy.handle_limit(ask.case.code, ask.case.condition)
    handling = () if ask.case.running(ClockKind.HANDLE) else start(ask, ClockKind.HANDLE, limit)
    total = () if ask.case.running(ClockKind.TOTAL) else start_total(ask)
    return (
        *withdraw(ask, ClockKind.LEG, ClockKind.SIGN),
        *stop(ask, ClockKind.DISPATCH),
        *start(ask, ClockKind.SIGN, ask.policy.stages[Stage.SIGN]),
        *handling,
        *total,
        *start(ask, ClockKind.LEG, limit, [leg.office_id for leg in legs]),
    )


def start_total(ask: Ask) -> Acts:
    """Start the public promise; reassigning never starts it again."""
    limit = ask.policy.total_limit(ask.case.code, ask.case.condition)
    return start(ask, ClockKind.TOTAL, limit)


def start_suspension(ask: Ask) -> Acts:
    """Start the clock that ends a suspension on its day."""
    until = ask.request.until or ask.at
    minutes = max(1, (until - ask.at) // timedelta(minutes=1))
    return start(ask, ClockKind.SUSPEND, Duration(amount=minutes, unit=Unit.MINUTE))


def handle_limit(ask: Ask) -> Duration:
    """The original handling limit of this round."""
    for clock in ask.case.running(ClockKind.HANDLE):
        started = clock.history[0]
        if isinstance(started, ClockStarted):
            return started.limit
    return ask.policy.handle_limit(ask.case.code, ask.case.condition)


def is_overdue(ask: Ask) -> bool:
    """Whether the handling limit has passed."""
    return any(
        ask.reading(clock).state is ClockState.BREACHED
        for clock in ask.case.running(ClockKind.HANDLE)
    )


def _each(clocks: Iterable[CaseClock], event: ClockEvent) -> Acts:
    return tuple(
        ClockAct(key=clock.key, kind=clock.kind, office_id=clock.office_id, event=event)
        for clock in clocks
    )
