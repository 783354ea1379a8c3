"""Facts about a case and an actor that rules rest on, one question each."""

from collections.abc import Callable
from datetime import datetime, timedelta

from qinghuan.casework.calendar import Duration
from qinghuan.casework.model import Evidence, EvidenceKind, Purpose, Role
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.asking import Ask
from qinghuan.casework.problem.case import Leg
from qinghuan.casework.problem.states import Supervision
from qinghuan.core.geo import distance_m


def is_lead_head(ask: Ask) -> bool:
    """The actor belongs to the leading office."""
    lead = ask.case.lead
    return lead is not None and ask.actor.office_id == lead.office_id


def is_co_leg(ask: Ask) -> bool:
    """The actor belongs to a helping office."""
    leg = ask.case.leg_of(ask.actor.office_id)
    return leg is not None and not leg.is_lead


def is_handler(ask: Ask) -> bool:
    """The actor is the person named for the work."""
    handler = ask.case.handler
    return handler is not None and handler.person == ask.actor.person


def is_checker(ask: Ask) -> bool:
    """The actor is the person named for the check."""
    checker = ask.case.checker
    return checker is not None and checker.person == ask.actor.person


def is_checker_or_dispatcher(ask: Ask) -> bool:
    """The actor dispatches, or checks this case."""
    return Role.DISPATCHER in ask.actor.roles or is_checker(ask)


def is_reporter(ask: Ask) -> bool:
    """The actor reported the matter, alone or with others."""
    return ask.actor.person in ask.case.reporters


def may_answer_follow_up(ask: Ask) -> bool:
    """The actor reported the matter, or is the machine answering for its own alarm."""
    return Role.SYSTEM in ask.actor.roles or is_reporter(ask)


def holds_legs(legs: tuple[Leg, ...]) -> bool:
    """Some office is named, and none twice."""
    offices = [leg.office_id for leg in legs]
    return bool(legs) and len(set(offices)) == len(offices)


def legs_of(ask: Ask) -> tuple[Leg, ...]:
    """The offices a command names."""
    command = ask.command
    if isinstance(command, c.Dispatch | c.DecideOwner):
        return command.legs
    raise TypeError(f"no legs in {type(command).__name__}")


def text_of(ask: Ask) -> str:
    """The reason or text a command gives."""
    command = ask.command
    if isinstance(
        command,
        c.Return | c.Rework | c.DenyRequest | c.DecideOwner | c.Supervise | c.NameHandler | c.Split,
    ):
        return command.reason.strip()
    if isinstance(
        command,
        c.Refuse | c.Appeal | c.AskExtension | c.AskSuspension | c.AnswerLeg | c.ReportDone,
    ):
        return command.text.strip()
    raise TypeError(f"no text in {type(command).__name__}")


def near(ask: Ask, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Evidence taken at the place; documents have none, and some cases have only an address."""
    place, radius_m = ask.case.place, ask.policy.photo_radius_m
    return tuple(
        item
        for item in evidence
        if item.kind in {EvidenceKind.DOCUMENT, EvidenceKind.READING}
        or (item.place is not None and (place is None or distance_m(item.place, place) <= radius_m))
    )


def fresh(ask: Ask, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Evidence taken after the last dispatch or rework."""
    since = ask.case.must_follow_at
    return tuple(item for item in evidence if since is not None and item.taken_at > since)


def has_evidence(purpose: Purpose) -> Callable[[Ask], bool]:
    """Something of a purpose was added."""
    return lambda ask: bool(ask.case.evidence_for(purpose))


def has_near_evidence(purpose: Purpose) -> Callable[[Ask], bool]:
    """Something of a purpose was taken at the place."""
    return lambda ask: bool(near(ask, ask.case.evidence_for(purpose)))


def has_near_and_fresh_evidence(purpose: Purpose) -> Callable[[Ask], bool]:
    """Something of a purpose was taken at the place, after the last dispatch or rework."""
    return lambda ask: bool(fresh(ask, near(ask, ask.case.evidence_for(purpose))))


def checked_after_report(ask: Ask) -> bool:
    """A look at the place after the office said it was done."""
    since = ask.case.reported_at
    return any(
        since is not None and item.taken_at > since
        for item in near(ask, ask.case.evidence_for(Purpose.CHECK))
    )


def purpose_fits_person(ask: Ask) -> bool:
    """Who shows the fix did it, who shows the check was named for it; others reported it."""
    purpose = ask.of(c.AddEvidence).evidence.purpose
    if purpose is Purpose.AFTER:
        return ask.case.leg_of(ask.actor.office_id) is not None
    if purpose is Purpose.CHECK:
        return is_checker(ask)
    return bool(ask.actor.roles - {Role.CITIZEN, Role.PUBLIC}) or is_reporter(ask)


def recurs_in_time(ask: Ask) -> bool:
    """The alarm came back soon enough to be the same problem."""
    closed_at = ask.case.closed_at
    limit = timedelta(days=ask.policy.recurrence_days)
    return closed_at is not None and ask.at <= closed_at + limit


def seen_after_closing_evidence(ask: Ask) -> bool:
    """The alarm was observed after what showed the fix; arrival does not matter."""
    shown = [
        item.taken_at
        for purpose in (Purpose.AFTER, Purpose.CHECK)
        for item in ask.case.evidence_for(purpose)
    ]
    return all(ask.of(c.Recur).observed_at > taken_at for taken_at in shown)


def suspension_is_bounded(ask: Ask) -> bool:
    """The suspension ends, within its reason's longest length."""
    command = ask.of(c.AskSuspension)
    longest = ask.policy.longest_pause[command.reason]
    calendar = ask.context.calendars[ask.context.calendar_id]
    return ask.at < command.until <= calendar.add(ask.at, longest, ask.policy.month_rule)


def is_within(ask: Ask, start: datetime | None, limit: Duration) -> bool:
    """A window that began at a moment has not ended yet."""
    calendar = ask.context.calendars[ask.context.calendar_id]
    return start is not None and ask.at <= calendar.add(start, limit, ask.policy.month_rule)


def days_to_ask(ask: Ask) -> tuple[int, ...]:
    """Planned questions that are due and were not asked."""
    return tuple(
        plan.day for plan in ask.case.follow_ups if plan.asked_at is None and plan.due_at <= ask.at
    )


def follow_ups_are_done(ask: Ask) -> bool:
    """Every planned question was answered or waited for long enough."""
    wait = timedelta(days=ask.policy.follow_up_answer_days)
    return all(
        plan.verdict is not None or ask.at > plan.due_at + wait for plan in ask.case.follow_ups
    )


def is_quiet(ask: Ask) -> bool:
    """The case has been closed for the quiet period."""
    closed_at = ask.case.closed_at
    return closed_at is not None and ask.at >= closed_at + timedelta(days=ask.policy.quiet_days)


def parent_is_open(ask: Ask) -> bool:
    """The case to be followed is being worked on."""
    parent = ask.context.parent
    return parent is not None and parent.state.is_open


def parent_follows_none(ask: Ask) -> bool:
    """The case to be followed follows no other."""
    parent = ask.context.parent
    return parent is None or parent.merged_into is None


def level_fits_role(ask: Ask) -> bool:
    """Directors supervise; the congress sets key supervision."""
    level = ask.of(c.Supervise).level
    needed = {Supervision.SUPERVISED: Role.DIRECTOR, Supervision.KEY: Role.CONGRESS_STAFF}
    return needed.get(level) in ask.actor.roles


def is_endorser_or_decider(ask: Ask) -> bool:
    """The actor may turn the request down."""
    return Role.DISPATCHER in ask.actor.roles or is_lead_head(ask)


def may_resume_now(ask: Ask) -> bool:
    """The office ends its suspension early, or the day has come."""
    if Role.SYSTEM not in ask.actor.roles:
        return ask.case.leg_of(ask.actor.office_id) is not None
    until = ask.case.suspended_until
    return until is not None and ask.at >= until


def naming(ask: Ask) -> c.Sign | c.NameHandler:
    """The command, known to name a person."""
    command = ask.command
    if isinstance(command, c.Sign | c.NameHandler):
        return command
    raise TypeError(f"nobody named in {type(command).__name__}")
