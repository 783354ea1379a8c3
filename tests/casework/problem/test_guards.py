"""Every guard of every rule, one case that only it turns away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from factories.casework import (
    ACCEPTOR,
    ACCEPTOR_2,
    CHECKER,
    CHECKING,
    CITIZEN,
    CODE,
    CONGRESS,
    DIRECTOR,
    DISPATCHER,
    FAR,
    GRID_WORKER,
    HANDLER,
    HEAD,
    LEGS,
    LEGS_WITH_PARKS,
    MONDAY,
    PARKS,
    PARKS_HEAD,
    SYSTEM,
    WATER,
    Life,
    a_signal,
    actor,
    checked,
    checking,
    close_it,
    closed,
    context,
    dispatched,
    done,
    evidence,
    file_it,
    filed,
    handling,
    merged,
    named,
    open_parent,
    received,
    refuse_it,
    refused,
    reported,
    shown,
    suspended,
    verifying,
)

from qinghuan.casework.clock import PauseReason
from qinghuan.casework.errors import ImpossibleHistory
from qinghuan.casework.model import Acting, EvidenceKind, Purpose, Role, Source
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.asking import Ask, Refusal
from qinghuan.casework.problem.case import Leg
from qinghuan.casework.problem.decide import available, decide
from qinghuan.casework.problem.states import RefusalReason, State, Supervision, Verdict
from qinghuan.casework.problem.table import BY_NAME, RULES

Tried = tuple[Life, c.Command, Acting]

OTHER_HEAD = actor(Role.OFFICE_HEAD, "other-head", "office-other")
OTHER_HANDLER = actor(Role.HANDLER, "handler-2", WATER)
OTHER_CHECKER = actor(Role.CHECKER, "checker-2", CHECKING)
STRANGER = actor(Role.CITIZEN, "citizen-2")
RETURN = c.Return(reason="不是我单位职责", proposed_office=PARKS)
EXTEND = c.AskExtension(text="雨天无法施工")
TWO_LEADS = (*LEGS, Leg(office_id=PARKS, office_name="园林局", is_lead=True))
DONE = c.ReportDone(text="已清理")
RECUR = c.Recur(
    signal_id="signal-2",
    source=Source.SENSOR,
    source_ref="station-1/w01018",
    code=CODE,
    observed_at=MONDAY + timedelta(days=3),
)


def later(life: Life, **span: int) -> Life:
    return life.wait(**span)


def with_fact(life: Life, **changes: object) -> Life:
    life.context = context(**changes)
    return life


def with_case(life: Life, **changes: object) -> Life:
    life.case = replace(life.now, **changes)  # type: ignore[arg-type] # a fact no history gives
    return life


def suspend(until_days: int) -> Callable[[Life], c.Command]:
    return lambda life: c.AskSuspension(
        reason=PauseReason.SUSPENDED, until=life.at + timedelta(days=until_days), text="汛期"
    )


def proposed() -> Life:
    return received(Source.SENSOR).do(refuse_it(), ACCEPTOR)


def disputed() -> Life:
    life = dispatched().do(RETURN, HEAD).do(c.Dispatch(legs=LEGS), DISPATCHER).do(RETURN, HEAD)
    return life.do(c.Dispatch(legs=LEGS), DISPATCHER)


def asked() -> Life:
    return handling().do(EXTEND, HANDLER)


def endorsed() -> Life:
    return asked().do(c.EndorseRequest(), HEAD)


def extended_twice() -> Life:
    life = handling()
    for _ in range(2):
        life.do(EXTEND, HANDLER).do(c.EndorseRequest(), HEAD).do(c.ApproveRequest(), DISPATCHER)
    return life


def suspended_once() -> Life:
    return suspended().do(c.Resume(), HEAD)


def suspension_asked() -> tuple[Life, c.Command, Acting]:
    life = suspended_once()
    return life, suspend(10)(life), HANDLER


def with_suspension(life: Life, who: Acting = HANDLER, days: int = 10) -> Tried:
    return life, suspend(days)(life), who


def old_photo() -> Life:
    life = handling()
    return life.do(evidence(Purpose.AFTER, life.now.opened_at), HANDLER)


def far_photo() -> Life:
    life = handling()
    return life.do(evidence(Purpose.AFTER, life.at, place=FAR), HANDLER)


def reworked_elsewhere() -> Life:
    """A case whose last rework is later than every check, which no history allows."""
    life = checked()
    return with_case(life, must_follow_at=life.at)


def rung(key: str = "accept-1", pct: int = 50) -> c.ReachRung:
    return c.ReachRung(clock_key=key, pct=pct, due_at=MONDAY)


TRIED: dict[tuple[str, str], Callable[[], Tried]] = {
    ("send_verify", "automatic-only-for-machines"): lambda: (
        received(), c.SendVerify(collector="x"), SYSTEM),
    ("verify_result", "verify-photo-missing"): lambda: (
        verifying(), c.VerifyResult(is_found=True), GRID_WORKER),
    ("file", "automatic-only-for-machines"): lambda: (received(), file_it(), SYSTEM),
    ("file", "code-missing"): lambda: (received(), file_it(None), ACCEPTOR),
    ("file", "grid-missing"): lambda: (received(), replace(file_it(), grid_code=" "), ACCEPTOR),
    ("file", "filing-condition-not-met"): lambda: (
        received(), replace(file_it(), is_condition_met=False), ACCEPTOR),
    ("refuse", "refusal-already-proposed"): lambda: (proposed(), refuse_it(), ACCEPTOR_2),
    ("refuse", "reason-missing"): lambda: (received(), refuse_it(" "), ACCEPTOR),
    ("confirm_refusal", "no-refusal-proposed"): lambda: (
        received(Source.SENSOR), c.ConfirmRefusal(), ACCEPTOR_2),
    ("confirm_refusal", "second-person-needed"): lambda: (
        proposed(), c.ConfirmRefusal(), ACCEPTOR),
    ("appeal", "not-the-reporter"): lambda: (refused(), c.Appeal(text="属于本区"), STRANGER),
    ("appeal", "already-appealed"): lambda: (
        refused().do(c.Appeal(text="属于本区"), CITIZEN).do(refuse_it(), ACCEPTOR),
        c.Appeal(text="仍属本区"), CITIZEN),
    ("appeal", "appeal-too-late"): lambda: (
        later(refused(), days=15), c.Appeal(text="属于本区"), CITIZEN),
    ("appeal", "reason-missing"): lambda: (refused(), c.Appeal(text=""), CITIZEN),
    ("merge", "has-followers"): lambda: (
        with_fact(received(), parent=open_parent()).do(c.AdoptChild(child_id="case-9"), SYSTEM),
        c.Merge(parent_id="case-0"), ACCEPTOR),
    ("merge", "merge-into-itself"): lambda: (
        with_fact(received(), parent=open_parent()), c.Merge(parent_id="case-1"), ACCEPTOR),
    ("merge", "parent-not-open"): lambda: (
        with_fact(received(), parent=open_parent(state=State.CLOSED)),
        c.Merge(parent_id="case-0"), ACCEPTOR),
    ("merge", "parent-follows-another"): lambda: (
        with_fact(received(), parent=open_parent(merged_into="case-8")),
        c.Merge(parent_id="case-0"), ACCEPTOR),
    ("split", "reason-missing"): lambda: (merged(), c.Split(reason=""), ACCEPTOR),
    ("dispatch", "legs-missing"): lambda: (
        filed(), c.Dispatch(legs=(*LEGS, replace(LEGS[0], is_lead=False))), DISPATCHER),
    ("dispatch", "not-exactly-one-lead"): lambda: (
        filed(), c.Dispatch(legs=TWO_LEADS), DISPATCHER),
    ("return", "not-the-lead-office"): lambda: (dispatched(), RETURN, OTHER_HEAD),
    ("return", "no-returns-left"): lambda: (disputed(), RETURN, HEAD),
    ("return", "return-too-late"): lambda: (later(dispatched(), days=2), RETURN, HEAD),
    ("return", "reason-missing"): lambda: (dispatched(), replace(RETURN, reason=""), HEAD),
    ("return", "proposed-office-missing"): lambda: (
        dispatched(), replace(RETURN, proposed_office=" "), HEAD),
    ("decide_owner", "not-disputed"): lambda: (
        dispatched(), c.DecideOwner(legs=LEGS, reason="河道属水务"), DIRECTOR),
    ("decide_owner", "legs-missing"): lambda: (
        disputed(), c.DecideOwner(
            legs=(*LEGS, replace(LEGS[0], is_lead=False)), reason="河道属水务"), DIRECTOR),
    ("decide_owner", "not-exactly-one-lead"): lambda: (
        disputed(), c.DecideOwner(legs=TWO_LEADS, reason="河道属水务"), DIRECTOR),
    ("decide_owner", "reason-missing"): lambda: (
        disputed(), c.DecideOwner(legs=LEGS, reason=""), DIRECTOR),
    ("sign", "not-the-lead-office"): lambda: (
        dispatched(), c.Sign(handler=named("x", "office-other")), OTHER_HEAD),
    ("sign", "named-person-of-other-office"): lambda: (
        dispatched(), c.Sign(handler=named(office=PARKS)), HEAD),
    ("sign", "named-person-without-phone"): lambda: (
        dispatched(), c.Sign(handler=named(has_phone=False)), HEAD),
    ("name_handler", "not-the-lead-office"): lambda: (
        handling(), c.NameHandler(handler=named("x", "office-other"), reason="调离"), OTHER_HEAD),
    ("name_handler", "named-person-of-other-office"): lambda: (
        handling(), c.NameHandler(handler=named(office=PARKS), reason="调离"), HEAD),
    ("name_handler", "named-person-without-phone"): lambda: (
        handling(), c.NameHandler(handler=named(has_phone=False), reason="调离"), HEAD),
    ("name_handler", "reason-missing"): lambda: (
        handling(), c.NameHandler(handler=named("handler-2"), reason=""), HEAD),
    ("ask_extension", "not-the-named-handler"): lambda: (handling(), EXTEND, OTHER_HANDLER),
    ("ask_extension", "request-pending"): lambda: (asked(), EXTEND, HANDLER),
    ("ask_extension", "already-overdue"): lambda: (later(handling(), days=5), EXTEND, HANDLER),
    ("ask_extension", "no-extensions-left"): lambda: (extended_twice(), EXTEND, HANDLER),
    ("ask_extension", "reason-missing"): lambda: (handling(), c.AskExtension(text=""), HANDLER),
    ("ask_suspension", "not-the-named-handler"): lambda: with_suspension(
        handling(), OTHER_HANDLER),
    ("ask_suspension", "request-pending"): lambda: with_suspension(asked()),
    ("ask_suspension", "already-overdue"): lambda: with_suspension(later(handling(), days=5)),
    ("ask_suspension", "no-suspensions-left"): suspension_asked,
    ("ask_suspension", "reason-missing"): lambda: (
        (life := handling()),
        c.AskSuspension(
            reason=PauseReason.SUSPENDED, until=life.at + timedelta(days=9), text=""),
        HANDLER),
    ("ask_suspension", "suspension-unbounded"): lambda: with_suspension(handling(), days=400),
    ("endorse_request", "not-the-lead-office"): lambda: (asked(), c.EndorseRequest(), OTHER_HEAD),
    ("endorse_request", "no-request-pending"): lambda: (handling(), c.EndorseRequest(), HEAD),
    ("endorse_request", "already-endorsed"): lambda: (
        endorsed(), c.EndorseRequest(), actor(Role.OFFICE_HEAD, "head-2", WATER)),
    ("endorse_request", "own-request"): lambda: (
        asked(), c.EndorseRequest(), actor(Role.OFFICE_HEAD, HANDLER.person, WATER)),
    ("approve_request", "no-request-pending"): lambda: (
        handling(), c.ApproveRequest(), DISPATCHER),
    ("approve_request", "not-endorsed"): lambda: (asked(), c.ApproveRequest(), DISPATCHER),
    ("approve_request", "own-request"): lambda: (
        endorsed(), c.ApproveRequest(), actor(Role.DISPATCHER, HEAD.person, WATER)),
    ("approve_request", "already-overdue"): lambda: (
        later(endorsed(), days=5), c.ApproveRequest(), DISPATCHER),
    ("deny_request", "no-request-pending"): lambda: (
        handling(), c.DenyRequest(reason="无必要"), DISPATCHER),
    ("deny_request", "not-the-lead-office"): lambda: (
        asked(), c.DenyRequest(reason="无必要"), OTHER_HEAD),
    ("deny_request", "reason-missing"): lambda: (asked(), c.DenyRequest(reason=""), DISPATCHER),
    ("resume", "suspension-still-runs"): lambda: (suspended(), c.Resume(), SYSTEM),
    ("answer_leg", "not-a-co-office"): lambda: (
        handling(legs=LEGS_WITH_PARKS), c.AnswerLeg(text="无异议"), HEAD),
    ("answer_leg", "reason-missing"): lambda: (
        handling(legs=LEGS_WITH_PARKS), c.AnswerLeg(text=""), PARKS_HEAD),
    ("report_done", "not-the-named-handler"): lambda: (shown(handling()), DONE, OTHER_HANDLER),
    ("report_done", "co-legs-unanswered"): lambda: (
        shown(handling(legs=LEGS_WITH_PARKS)), DONE, HANDLER),
    ("report_done", "reason-missing"): lambda: (
        shown(handling()), c.ReportDone(text=""), HANDLER),
    ("report_done", "after-photo-too-old"): lambda: (old_photo(), DONE, HANDLER),
    ("confirm_done", "not-the-lead-office"): lambda: (done(), c.ConfirmDone(), OTHER_HEAD),
    ("confirm_done", "own-report"): lambda: (
        done(), c.ConfirmDone(), actor(Role.OFFICE_HEAD, HANDLER.person, WATER)),
    ("confirm_done", "not-reported-done"): lambda: (handling(), c.ConfirmDone(), HEAD),
    ("rework", "not-the-checker"): lambda: (
        checking(), c.Rework(reason="仍有垃圾"), OTHER_CHECKER),
    ("rework", "reason-missing"): lambda: (checking(), c.Rework(reason=""), CHECKER),
    ("send_check", "checker-of-handling-office"): lambda: (
        reported(), c.SendCheck(checker=named("x", WATER)), ACCEPTOR),
    ("check_result", "not-the-checker"): lambda: (
        shown(checking(), Purpose.CHECK, CHECKER), c.CheckResult(is_passed=True), OTHER_CHECKER),
    ("check_result", "check-photo-missing"): lambda: (
        checking(), c.CheckResult(is_passed=True), CHECKER),
    ("close", "check-not-passed"): lambda: (
        shown(checking(), Purpose.CHECK, CHECKER), close_it(), ACCEPTOR),
    ("close", "no-evidence-since-rework"): lambda: (reworked_elsewhere(), close_it(), ACCEPTOR),
    ("close", "source-still-over-limit"): lambda: (
        with_fact(checked(Source.SENSOR), is_source_quiet=False), close_it(), ACCEPTOR),
    ("close", "closing-condition-not-met"): lambda: (
        checked(), c.Close(is_condition_met=False), ACCEPTOR),
    ("ask_follow_up", "no-follow-up-due"): lambda: (closed(), c.AskFollowUp(), SYSTEM),
    ("answer_follow_up", "not-the-reporter"): lambda: (
        closed(), c.AnswerFollowUp(verdict=Verdict.UNSATISFIED), STRANGER),
    ("answer_follow_up", "parent-still-open"): lambda: (
        merged(), c.AnswerFollowUp(verdict=Verdict.SATISFIED), CITIZEN),
    ("recur", "other-source-or-code"): lambda: (
        later(closed(Source.SENSOR), days=3), replace(RECUR, source_ref="station-2/w"), SYSTEM),
    ("recur", "recurrence-too-late"): lambda: (
        later(closed(Source.SENSOR), days=40), RECUR, SYSTEM),
    ("recur", "seen-before-closing-evidence"): lambda: (
        later(closed(Source.SENSOR), days=3), replace(RECUR, observed_at=MONDAY), SYSTEM),
    ("supervise", "level-not-yours"): lambda: (
        filed(), c.Supervise(level=Supervision.KEY, reason="群众关注"), DIRECTOR),
    ("supervise", "reason-missing"): lambda: (
        filed(), c.Supervise(level=Supervision.KEY, reason=""), CONGRESS),
    ("archive", "not-quiet-yet"): lambda: (
        with_case(later(closed(), days=10), follow_ups=()), c.Archive(), SYSTEM),
    ("archive", "follow-up-open"): lambda: (later(closed(), days=95), c.Archive(), SYSTEM),
    ("attach_signal", "signal-already-attached"): lambda: (
        received(), c.AttachSignal(signal=a_signal()), SYSTEM),
    ("add_evidence", "evidence-without-hash"): lambda: (
        handling(), evidence(Purpose.AFTER, MONDAY, sha256="ab"), HANDLER),
    ("add_evidence", "evidence-from-the-future"): lambda: (
        handling(), evidence(Purpose.AFTER, MONDAY + timedelta(days=1)), HANDLER),
    ("add_evidence", "evidence-purpose-not-yours"): lambda: (
        handling(), evidence(Purpose.AFTER, MONDAY), OTHER_HEAD),
    ("reach_rung", "no-such-clock"): lambda: (received(), rung("handle-9"), SYSTEM),
    ("reach_rung", "rung-already-reached"): lambda: (
        received().do(rung(), SYSTEM), rung(), SYSTEM),
    ("change_calendar", "unknown-calendar"): lambda: (
        received(), c.ChangeCalendar(calendar_id="nowhere"), SYSTEM),
}  # fmt: skip

NESTED = {
    ("report_done", "after-photo-missing"): lambda: (handling(), DONE, HANDLER),
    ("report_done", "after-photo-too-far"): lambda: (far_photo(), DONE, HANDLER),
}
"""Guards that a stricter one behind them repeats; they are there for the better sentence."""

IMPOSSIBLE = {
    ("approve_request", "no-request-pending"),
    ("confirm_refusal", "no-refusal-proposed"),
    ("deny_request", "no-request-pending"),
    ("file", "code-missing"),
}
"""Guards without which there would be nothing to do at all."""


def test_every_guard_of_the_table_has_its_example() -> None:
    in_table = {(rule.name, guard.code) for rule in RULES for guard in rule.guards}

    assert in_table == set(TRIED) | set(NESTED)


@pytest.mark.parametrize("which", sorted(TRIED | NESTED), ids="/".join)
def test_a_guard_turns_away_what_it_is_for_and_says_so_in_chinese(which: tuple[str, str]) -> None:
    life, command, who = (TRIED | NESTED)[which]()
    answer = life.ask(command, who)

    assert isinstance(answer, Refusal)
    assert answer.code == which[1]
    assert answer.zh
    assert answer.missing
    assert answer.supplier


@pytest.mark.parametrize("which", sorted(TRIED), ids="/".join)
def test_without_the_guard_the_command_would_have_been_taken(which: tuple[str, str]) -> None:
    life, command, who = TRIED[which]()
    rule = BY_NAME[which[0]]
    ask = Ask(case_or_none=life.case, command=command, actor=who, at=life.at, context=life.context)
    others = [guard for guard in rule.guards if guard.code != which[1]]

    assert all(guard.holds(ask) for guard in others)
    if which in IMPOSSIBLE:
        with pytest.raises((TypeError, ImpossibleHistory)):
            rule.effect(ask)
    else:
        assert rule.effect(ask)


@pytest.mark.parametrize("which", sorted(TRIED | NESTED), ids="/".join)
def test_what_is_offered_agrees_with_what_is_taken(which: tuple[str, str]) -> None:
    life, _, who = (TRIED | NESTED)[which]()
    rule = BY_NAME[which[0]]
    if not rule.is_offered:
        return
    guard = next(guard for guard in rule.guards if guard.code == which[1])
    offer = next(
        offer
        for offer in available(life.now, who, life.at, life.context)
        if offer.command == rule.name
    )

    if guard.is_standing:
        assert offer.refusal is not None
        assert offer.refusal.code == which[1]
    else:
        assert offer.is_allowed
        assert guard.missing in offer.needs


@pytest.mark.parametrize("source", [Source.DEPUTY, *(s for s in Source if s.is_machine)])
def test_reports_of_deputies_and_machines_need_two_persons_to_be_turned_away(
    source: Source,
) -> None:
    life = received(source).do(refuse_it(), ACCEPTOR)
    after_one = life.now.state
    after_two = life.do(c.ConfirmRefusal(), ACCEPTOR_2).now.state

    assert (after_one, after_two) == (State.RECEIVED, State.REFUSED)


def test_a_machine_case_may_show_its_fix_by_a_document() -> None:
    life = handling(Source.SENSOR)
    life.do(evidence(Purpose.AFTER, life.at, kind=EvidenceKind.DOCUMENT, place=None), HANDLER)

    assert not isinstance(life.ask(DONE, HANDLER), Refusal)


def test_a_citizens_case_may_not_show_its_fix_by_a_document() -> None:
    life = handling()
    life.do(evidence(Purpose.AFTER, life.at, kind=EvidenceKind.DOCUMENT, place=None), HANDLER)
    answer = life.ask(DONE, HANDLER)

    assert isinstance(answer, Refusal)
    assert answer.code == "after-photo-missing"


def test_a_photo_taken_before_the_rework_does_not_show_the_rework() -> None:
    life = checking().do(c.Rework(reason="仍有垃圾"), CHECKER)
    answer = life.ask(DONE, HANDLER)

    assert isinstance(answer, Refusal)
    assert answer.code == "after-photo-too-old"
    shown(life)
    assert not isinstance(life.ask(DONE, HANDLER), Refusal)


def test_a_case_with_only_an_address_takes_a_photo_from_anywhere() -> None:
    life = with_case(far_photo(), place=None)

    assert not isinstance(life.ask(DONE, HANDLER), Refusal)


def test_citizens_add_evidence_only_to_what_they_reported() -> None:
    life = handling()
    own = life.ask(evidence(Purpose.REPORT, life.at), CITIZEN)
    foreign = life.ask(evidence(Purpose.REPORT, life.at), STRANGER)

    assert not isinstance(own, Refusal)
    assert isinstance(foreign, Refusal)


def test_a_suspension_must_end_in_the_future() -> None:
    life = handling()
    past = c.AskSuspension(reason=PauseReason.WAITING_SUPERIOR, until=life.at, text="等待批复")
    answer = life.ask(past, HANDLER)

    assert isinstance(answer, Refusal)
    assert answer.code == "suspension-unbounded"


def test_after_two_returns_only_the_director_can_move_the_case() -> None:
    life = disputed()
    life.do(c.DecideOwner(legs=LEGS, reason="河道属水务"), DIRECTOR)
    answer = life.ask(RETURN, HEAD)

    assert isinstance(answer, Refusal)
    assert answer.supplier == "指挥长"


def test_a_wrong_reason_list_is_not_offered() -> None:
    assert {reason.zh for reason in RefusalReason}


def test_a_command_before_there_is_a_case_is_refused() -> None:
    answer = decide(None, file_it(), ACCEPTOR, MONDAY, context())

    assert isinstance(answer, Refusal)
    assert answer.code == "wrong-state"
