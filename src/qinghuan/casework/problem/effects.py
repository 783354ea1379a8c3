"""What each allowed command makes happen: events, and what they do to the clocks.

Nothing is checked here; the table's guards have said yes before.
"""

from qinghuan.casework.clock import PauseReason
from qinghuan.casework.model import Source
from qinghuan.casework.policy import Stage
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem import events as e
from qinghuan.casework.problem import timing
from qinghuan.casework.problem.asking import Ask
from qinghuan.casework.problem.case import Leg
from qinghuan.casework.problem.conditions import days_to_ask
from qinghuan.casework.problem.guards import NEEDS_SECOND_PERSON
from qinghuan.casework.problem.states import (
    ClockKind,
    ReopenCause,
    RequestKind,
    State,
    Verdict,
)

K = ClockKind
ONLINE = frozenset({Source.CITIZEN, Source.DEPUTY})
"""Reports that come in by themselves at any hour have the online acceptance limit."""


def submit(ask: Ask) -> list[e.Event]:
    """Open a case; acceptance begins to run."""
    command = ask.of(c.Submit)
    signal = command.signal
    body = e.CaseOpened(
        case_id=command.case_id,
        number=command.number,
        signal_id=signal.signal_id,
        source=signal.source,
        source_ref=signal.source_ref,
        observed_at=signal.observed_at,
        reporter=signal.reporter,
        title=signal.title,
        area_code=signal.area_code,
        mark=signal.mark,
        place=signal.place,
        address=signal.address,
        code=signal.code,
        owner_office=ask.context.centre_office,
    )
    stage = Stage.ACCEPT_ONLINE if signal.source in ONLINE else Stage.ACCEPT
    return _one(ask, body, timing.start(ask, K.ACCEPT, ask.policy.stages[stage]))


def send_verify(ask: Ask) -> list[e.Event]:
    """Hold acceptance while somebody looks."""
    command = ask.of(c.SendVerify)
    body = e.VerificationAsked(collector=command.collector, note=command.note)
    acts = (
        *timing.pause(ask, PauseReason.VERIFYING, K.ACCEPT),
        *timing.start(ask, K.VERIFY, ask.policy.stages[Stage.VERIFY]),
    )
    return _one(ask, body, acts)


def verify_result(ask: Ask) -> list[e.Event]:
    """Acceptance runs again."""
    command = ask.of(c.VerifyResult)
    body = e.VerificationAnswered(is_found=command.is_found, note=command.note)
    acts = (
        *timing.stop(ask, K.VERIFY),
        *timing.resume(ask, PauseReason.VERIFYING, K.ACCEPT),
    )
    return _one(ask, body, acts)


def file(ask: Ask) -> list[e.Event]:
    """Accepted; dispatching begins to run, and with it the public promise."""
    command = ask.of(c.File)
    if command.code is None:
        raise TypeError("the table files nothing without a code")
    body = e.CaseFiled(
        code=command.code,
        grid_code=command.grid_code,
        condition=command.condition,
        is_automatic="system" in ask.actor.roles,
        owner_office=ask.case.centre_office,
    )
    total = ask.policy.total_limit(command.code, command.condition)
    acts = (
        *timing.stop(ask, K.ACCEPT),
        *timing.start(ask, K.DISPATCH, ask.policy.stages[Stage.DISPATCH]),
        *timing.start(ask, K.TOTAL, total),
    )
    return _one(ask, body, acts)


def refuse(ask: Ask) -> list[e.Event]:
    """Turn away, or propose to where a second person must agree."""
    command = ask.of(c.Refuse)
    if ask.case.source in NEEDS_SECOND_PERSON:
        return _one(ask, e.RefusalProposed(reason=command.reason, text=command.text))
    body = e.CaseRefused(reason=command.reason, text=command.text, proposed_by=None)
    return _one(ask, body, timing.stop(ask))


def confirm_refusal(ask: Ask) -> list[e.Event]:
    """The second person agrees."""
    proposal = ask.case.refusal
    if proposal is None:
        raise TypeError("the table confirms nothing that was not proposed")
    body = e.CaseRefused(reason=proposal.reason, text=proposal.text, proposed_by=proposal.by)
    return _one(ask, body, timing.stop(ask))


def appeal(ask: Ask) -> list[e.Event]:
    """Acceptance begins anew."""
    stage = Stage.ACCEPT_ONLINE if ask.case.source in ONLINE else Stage.ACCEPT
    acts = timing.start(ask, K.ACCEPT, ask.policy.stages[stage])
    return _one(ask, e.CaseAppealed(text=ask.of(c.Appeal).text), acts)


def merge(ask: Ask) -> list[e.Event]:
    """The parent's clocks count from here on."""
    return _one(ask, e.CaseMerged(parent_id=ask.of(c.Merge).parent_id), timing.withdraw(ask))


def split(ask: Ask) -> list[e.Event]:
    """The clocks of the state it returns to begin anew."""
    body = e.CaseSplit(reason=ask.of(c.Split).reason)
    if ask.case.merged_from is State.FILED:
        acts = (
            *timing.start(ask, K.DISPATCH, ask.policy.stages[Stage.DISPATCH]),
            *timing.start_total(ask),
        )
    else:
        acts = timing.start(ask, K.ACCEPT, ask.policy.stages[Stage.ACCEPT])
    return _one(ask, body, acts)


def dispatch(ask: Ask) -> list[e.Event]:
    """Offices get their duty."""
    command = ask.of(c.Dispatch)
    body = e.CaseDispatched(legs=command.legs, note=command.note, is_automatic=False)
    return _one(ask, body, timing.start_duty(ask, command.legs))


def decide_owner(ask: Ask) -> list[e.Event]:
    """The director gives the duty."""
    command = ask.of(c.DecideOwner)
    body = e.OwnerDecided(legs=command.legs, reason=command.reason)
    return _one(ask, body, timing.start_duty(ask, command.legs))


def give_back(ask: Ask) -> list[e.Event]:
    """Dispatching begins anew; handling and the promise go on."""
    command = ask.of(c.Return)
    body = e.CaseReturned(
        office_id=ask.actor.office_id or "",
        reason=command.reason,
        proposed_office=command.proposed_office,
        owner_office=ask.case.centre_office,
    )
    acts = (
        *timing.withdraw(ask, K.SIGN, K.LEG),
        *timing.start(ask, K.DISPATCH, ask.policy.stages[Stage.DISPATCH]),
    )
    return _one(ask, body, acts)


def sign(ask: Ask) -> list[e.Event]:
    """The duty has a name."""
    return _one(ask, e.CaseSigned(handler=ask.of(c.Sign).handler), timing.stop(ask, K.SIGN))


def name_handler(ask: Ask) -> list[e.Event]:
    """The duty has another name; no clock notices."""
    command = ask.of(c.NameHandler)
    return _one(ask, e.HandlerNamed(handler=command.handler, reason=command.reason))


def ask_extension(ask: Ask) -> list[e.Event]:
    """Asked for; nothing changes yet."""
    text = ask.of(c.AskExtension).text
    body = e.RequestMade(kind=RequestKind.EXTENSION, text=text, reason=None, until=None)
    return _one(ask, body)


def ask_suspension(ask: Ask) -> list[e.Event]:
    """Asked for; nothing changes yet."""
    command = ask.of(c.AskSuspension)
    body = e.RequestMade(
        kind=RequestKind.SUSPENSION,
        text=command.text,
        reason=command.reason,
        until=command.until,
    )
    return _one(ask, body)


def endorse_request(ask: Ask) -> list[e.Event]:
    """The office stands behind it."""
    return _one(ask, e.RequestEndorsed())


def approve_request(ask: Ask) -> list[e.Event]:
    """One more limit, or the clocks stand still."""
    request = ask.request
    body = e.RequestApproved(kind=request.kind, reason=request.reason, until=request.until)
    if request.kind is RequestKind.EXTENSION:
        return _one(ask, body, timing.extend(ask))
    reason = request.reason or PauseReason.SUSPENDED
    acts = (
        *timing.pause(ask, reason, *timing.WORK_CLOCKS),
        *timing.start_suspension(ask),
    )
    return _one(ask, body, acts)


def deny_request(ask: Ask) -> list[e.Event]:
    """The clocks never noticed."""
    body = e.RequestDenied(kind=ask.request.kind, reason=ask.of(c.DenyRequest).reason)
    return _one(ask, body)


def resume(ask: Ask) -> list[e.Event]:
    """The clocks run again."""
    reason = ask.case.suspended_for or PauseReason.SUSPENDED
    until = ask.case.suspended_until
    acts = (
        *timing.stop(ask, K.SUSPEND),
        *timing.resume(ask, reason, *timing.WORK_CLOCKS),
    )
    return _one(ask, e.CaseResumed(is_due=until is not None and ask.at >= until), acts)


def answer_leg(ask: Ask) -> list[e.Event]:
    """The helping office's own clock stops."""
    office_id = ask.actor.office_id or ""
    body = e.LegAnswered(office_id=office_id, text=ask.of(c.AnswerLeg).text)
    return _one(ask, body, timing.stop_leg(ask, office_id))


def report_done(ask: Ask) -> list[e.Event]:
    """Waits for the office head; handling still runs."""
    return _one(ask, e.WorkReported(text=ask.of(c.ReportDone).text))


def confirm_done(ask: Ask) -> list[e.Event]:
    """Handling stops and checking begins to run."""
    acts = (
        *timing.stop(ask, K.HANDLE, K.LEG),
        *timing.start(ask, K.CHECK, ask.policy.stages[Stage.CHECK]),
    )
    return _one(ask, e.WorkConfirmed(owner_office=ask.case.centre_office), acts)


def rework(ask: Ask) -> list[e.Event]:
    """Handling begins anew; the promise goes on."""
    limit = ask.policy.handle_limit(ask.case.code, ask.case.condition)
    lead = ask.case.lead
    leads = [] if lead is None else [lead.office_id]
    acts = (
        *timing.withdraw(ask, K.CHECK, K.CHECK_TASK),
        *timing.start(ask, K.HANDLE, limit),
        *timing.start(ask, K.LEG, limit, leads),
    )
    return _one(ask, e.ReworkOrdered(reason=ask.of(c.Rework).reason), acts)


def send_check(ask: Ask) -> list[e.Event]:
    """The checker's task begins to run."""
    acts = timing.start(ask, K.CHECK_TASK, ask.policy.stages[Stage.CHECK_TASK])
    return _one(ask, e.CheckAsked(checker=ask.of(c.SendCheck).checker), acts)


def check_result(ask: Ask) -> list[e.Event]:
    """The checker's task stops; closing or rework is the centre's."""
    command = ask.of(c.CheckResult)
    body = e.CheckAnswered(is_passed=command.is_passed, note=command.note)
    return _one(ask, body, timing.stop(ask, K.CHECK_TASK))


def close(ask: Ask) -> list[e.Event]:
    """Every clock stops, and the questions to the reporter are planned."""
    body = e.CaseClosed(
        closing_condition=ask.of(c.Close).closing_condition,
        follow_up_days=ask.policy.follow_up_days,
    )
    return _one(ask, body, timing.stop(ask))


def ask_follow_up(ask: Ask) -> list[e.Event]:
    """Asked again; questions that were slept through are asked as one."""
    return _one(ask, e.FollowUpAsked(days=days_to_ask(ask)))


def answer_follow_up(ask: Ask) -> list[e.Event]:
    """Content, or back to the office at once."""
    command = ask.of(c.AnswerFollowUp)
    due = [
        plan.day for plan in ask.case.follow_ups if plan.verdict is None and plan.due_at <= ask.at
    ]
    body = e.FollowUpAnswered(day=max(due, default=0), verdict=command.verdict, text=command.text)
    answered = _one(ask, body)
    if command.verdict is not Verdict.UNSATISFIED or ask.case.state is State.MERGED:
        return answered
    return [*answered, *_reopened(ask, ReopenCause.UNSATISFIED, command.text)]


def recur(ask: Ask) -> list[e.Event]:
    """Back to the office at once, with the new alarm attached."""
    command = ask.of(c.Recur)
    attached = e.SignalAttached(
        signal_id=command.signal_id,
        source=command.source,
        observed_at=command.observed_at,
        reporter="",
    )
    return [*_one(ask, attached), *_reopened(ask, ReopenCause.RECURRED, command.source_ref)]


def supervise(ask: Ask) -> list[e.Event]:
    """Watched from above."""
    command = ask.of(c.Supervise)
    return _one(ask, e.SupervisionSet(level=command.level, reason=command.reason))


def attach_oversight(ask: Ask) -> list[e.Event]:
    """The people's congress takes it up."""
    command = ask.of(c.AttachOversight)
    return _one(ask, e.OversightAttached(kind=command.kind, text=command.text))


def archive(ask: Ask) -> list[e.Event]:
    """Put away."""
    return _one(ask, e.CaseArchived())


def attach_signal(ask: Ask) -> list[e.Event]:
    """One more told of it."""
    signal = ask.of(c.AttachSignal).signal
    body = e.SignalAttached(
        signal_id=signal.signal_id,
        source=signal.source,
        observed_at=signal.observed_at,
        reporter=signal.reporter,
    )
    return _one(ask, body)


def add_evidence(ask: Ask) -> list[e.Event]:
    """One more file."""
    return _one(ask, e.EvidenceAdded(evidence=ask.of(c.AddEvidence).evidence))


def adopt_child(ask: Ask) -> list[e.Event]:
    """One more follows."""
    return _one(ask, e.ChildJoined(child_id=ask.of(c.AdoptChild).child_id))


def release_child(ask: Ask) -> list[e.Event]:
    """One fewer follows."""
    return _one(ask, e.ChildLeft(child_id=ask.of(c.ReleaseChild).child_id))


def note_parent_closed(ask: Ask) -> list[e.Event]:
    """The follower's reporter is to be told and asked."""
    return _one(ask, e.ParentClosed(parent_id=ask.case.merged_into or ""))


def reach_rung(ask: Ask) -> list[e.Event]:
    """Told up the ladder, with how late the telling is."""
    command = ask.of(c.ReachRung)
    body = e.RungReached(
        clock_key=command.clock_key,
        pct=command.pct,
        due_at=command.due_at,
        late_s=max(0, int((ask.at - command.due_at).total_seconds())),
    )
    return _one(ask, body)


def change_calendar(ask: Ask) -> list[e.Event]:
    """The days ahead count anew."""
    calendar_id = ask.of(c.ChangeCalendar).calendar_id
    return _one(ask, e.CalendarChanged(calendar_id=calendar_id), timing.rebase(ask, calendar_id))


def repair(ask: Ask) -> list[e.Event]:
    """An owner and a running clock, whatever was lost."""
    body = e.CaseRepaired(
        note=ask.of(c.Repair).note, owner_office=ask.case.owner_office or ask.case.centre_office
    )
    needed = ask.policy.stages[Stage.DISPATCH]
    acts = () if ask.case.running() else timing.start(ask, K.DISPATCH, needed)
    return _one(ask, body, acts)


def _reopened(ask: Ask, cause: ReopenCause, text: str) -> list[e.Event]:
    """Open again and send it to the same offices in one move."""
    legs = tuple(
        Leg(office_id=leg.office_id, office_name=leg.office_name, is_lead=leg.is_lead)
        for leg in ask.case.legs
    )
    again = e.CaseDispatched(legs=legs, note=cause.zh, is_automatic=True)
    return [
        *_one(ask, e.CaseReopened(cause=cause, text=text)),
        *_one(ask, again, timing.start_duty(ask, legs)),
    ]


def _one(ask: Ask, body: e.Body, acts: timing.Acts = ()) -> list[e.Event]:
    return [e.Event(at=ask.at, actor=ask.actor, body=body, acts=acts)]
