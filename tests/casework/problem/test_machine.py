"""Anybody tries anything at any time, on two cases, and what must never happen never does."""

from datetime import timedelta
from itertools import pairwise

import pytest
from factories.casework import (
    ACCEPTOR,
    ACCEPTOR_2,
    CHECKER,
    CHECKING,
    CITIZEN,
    DIRECTOR,
    DISPATCHER,
    EVERYONE,
    GRID_WORKER,
    HANDLER,
    HEAD,
    LEGS,
    LEGS_WITH_PARKS,
    PARKS,
    PARKS_HEAD,
    SAMPLES,
    SYSTEM,
    WATER,
    Life,
    a_signal,
    close_it,
    context,
    evidence,
    file_it,
    named,
    refuse_it,
)
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from qinghuan.casework.clock import ClockState, PauseReason
from qinghuan.casework.conservation import Disposition, dispositions, is_clockless, is_ownerless
from qinghuan.casework.escalation import due_rungs, told_of
from qinghuan.casework.model import Acting, Purpose, Source
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem import events as e
from qinghuan.casework.problem.asking import ParentFact, Refusal, read
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.evolve import fold
from qinghuan.casework.problem.guards import NEEDS_SECOND_PERSON
from qinghuan.casework.problem.states import ClockKind, RequestKind, State, Verdict
from qinghuan.casework.problem.table import BY_COMMAND

Step = tuple[c.Command, Acting]


def likely(life: Life) -> list[Step]:
    """What people would do next to a case in its state."""
    at = life.at
    after = evidence(Purpose.AFTER, at)
    steps: dict[State, list[Step]] = {
        State.RECEIVED: [
            (file_it(), ACCEPTOR),
            (c.SendVerify(collector=GRID_WORKER.person), ACCEPTOR),
            (refuse_it(), ACCEPTOR),
            (c.ConfirmRefusal(), ACCEPTOR_2),
            (c.Merge(parent_id="case-b"), ACCEPTOR),
        ],
        State.VERIFYING: [
            (evidence(Purpose.VERIFY, at), GRID_WORKER),
            (c.VerifyResult(is_found=True), GRID_WORKER),
        ],
        State.REFUSED: [(c.Appeal(text="属于本区"), CITIZEN)],
        State.MERGED: [(c.Split(reason="不是同一处"), ACCEPTOR)],
        State.FILED: [
            (c.Dispatch(legs=LEGS), DISPATCHER),
            (c.Dispatch(legs=LEGS_WITH_PARKS), DISPATCHER),
            (c.DecideOwner(legs=LEGS, reason="河道属水务"), DIRECTOR),
        ],
        State.DISPATCHED: [
            (c.Sign(handler=named()), HEAD),
            (c.Sign(handler=named()), HEAD),
            (c.Return(reason="不是我单位职责", proposed_office=PARKS), HEAD),
            (c.DecideOwner(legs=LEGS, reason="河道属水务"), DIRECTOR),
        ],
        State.HANDLING: [
            (after, HANDLER),
            (after, HANDLER),
            (c.AnswerLeg(text="无异议"), PARKS_HEAD),
            (c.ReportDone(text="已清理"), HANDLER),
            (c.ReportDone(text="已清理"), HANDLER),
            (c.ConfirmDone(), HEAD),
            (c.ConfirmDone(), HEAD),
            (c.AskExtension(text="雨天无法施工"), HANDLER),
            (
                c.AskSuspension(
                    reason=PauseReason.SUSPENDED, until=at + timedelta(days=9), text="汛期"
                ),
                HANDLER,
            ),
            (c.EndorseRequest(), HEAD),
            (c.ApproveRequest(), DISPATCHER),
            (c.DenyRequest(reason="无必要"), DISPATCHER),
        ],
        State.SUSPENDED: [(c.Resume(), HEAD), (c.Resume(), SYSTEM)],
        State.REPORTED: [
            (c.SendCheck(checker=named(CHECKER.person, CHECKING)), ACCEPTOR),
            (c.SendCheck(checker=named("x", WATER)), ACCEPTOR),
            (c.Rework(reason="仍有垃圾"), DISPATCHER),
        ],
        State.CHECKING: [
            (evidence(Purpose.CHECK, at), CHECKER),
            (c.CheckResult(is_passed=True), CHECKER),
            (c.CheckResult(is_passed=False), CHECKER),
            (close_it(), ACCEPTOR),
            (close_it(), ACCEPTOR),
            (c.Rework(reason="仍有垃圾"), CHECKER),
        ],
        State.CLOSED: [
            (c.AnswerFollowUp(verdict=Verdict.SATISFIED), CITIZEN),
            (c.AnswerFollowUp(verdict=Verdict.UNSATISFIED), CITIZEN),
            (c.Archive(), SYSTEM),
        ],
    }
    return steps.get(life.now.state, [])


def straight_on(life: Life) -> list[Step]:
    """What it takes to bring a case one state further towards closing, done in order."""
    at, checker = life.at, named(CHECKER.person, CHECKING)
    steps: dict[State, list[Step]] = {
        State.RECEIVED: [(file_it(), ACCEPTOR)],
        State.FILED: [(c.Dispatch(legs=LEGS_WITH_PARKS), DISPATCHER)],
        State.DISPATCHED: [(c.Sign(handler=named()), HEAD)],
        State.HANDLING: [
            (evidence(Purpose.AFTER, at + timedelta(minutes=1)), HANDLER),
            (c.AnswerLeg(text="无异议"), PARKS_HEAD),
            (c.ReportDone(text="已清理"), HANDLER),
            (c.ConfirmDone(), HEAD),
        ],
        State.REPORTED: [(c.SendCheck(checker=checker), ACCEPTOR)],
        State.CHECKING: [
            (evidence(Purpose.CHECK, at + timedelta(minutes=1)), CHECKER),
            (c.CheckResult(is_passed=True), CHECKER),
            (close_it(), ACCEPTOR),
        ],
    }
    return steps.get(life.now.state, [])


class CaseMachine(RuleBasedStateMachine):
    """Two cases side by side; either may come to follow the other."""

    def __init__(self) -> None:
        super().__init__()
        self.lives = [Life(step=timedelta(0)), Life(step=timedelta(0))]
        self.steps = 0

    @initialize(sources=st.tuples(st.sampled_from(Source), st.sampled_from(Source)))
    def begin(self, sources: tuple[Source, Source]) -> None:
        """Two signals come in."""
        for life, name, source in zip(self.lives, "ab", sources, strict=True):
            signal = a_signal(source, signal_id=f"signal-{name}")
            opening = c.Submit(case_id=f"case-{name}", number=f"2026-{name}", signal=signal)
            life.do(opening, SYSTEM if source.is_machine else CITIZEN)

    @rule(
        which=st.integers(0, 1),
        command=st.sampled_from(list(SAMPLES.values())),
        who=st.sampled_from(EVERYONE),
    )
    def anybody_tries_anything(self, which: int, command: c.Command, who: Acting) -> None:
        """A step nobody planned."""
        if not isinstance(command, c.Submit | c.Merge | c.AdoptChild | c.ReleaseChild):
            self._try(which, command, who)

    @rule(which=st.integers(0, 1), choice=st.integers(0, 99))
    def somebody_does_the_next_thing(self, which: int, choice: int) -> None:
        """A step that moves the case on."""
        steps = likely(self.lives[which])
        if steps:
            command, who = steps[choice % len(steps)]
            if isinstance(command, c.Merge):
                command = c.Merge(parent_id="case-a" if which else "case-b")
            self._try(which, command, who)

    @rule(which=st.integers(0, 1), states=st.integers(1, 6))
    def work_goes_straight_on(self, which: int, states: int) -> None:
        """Some states further, as on a good day."""
        for _ in range(states):
            for command, who in straight_on(self.lives[which]):
                self._try(which, command, who)

    @rule(minutes=st.sampled_from([1, 1, 7, 7, 45, 45, 600, 3_000, 150_000]))
    def time_passes(self, minutes: int) -> None:
        """And the platform ticks."""
        for life in self.lives:
            life.wait(minutes=minutes)
            for clock in life.now.clocks:
                told = told_of(life.now, clock.key)
                for due in due_rungs(clock, told, life.context, life.at):
                    pct, due_at = due.rung.pct, due.due_at
                    life.do(c.ReachRung(clock_key=clock.key, pct=pct, due_at=due_at), SYSTEM)

    def _try(self, which: int, command: c.Command, who: Acting) -> None:
        life, other = self.lives[which], self.lives[1 - which]
        seen = other.now
        parent = ParentFact(case_id=seen.case_id, state=seen.state, merged_into=seen.merged_into)
        life.context = context(parent=parent)
        before = life.now
        answer = life.ask(command, who)
        self.steps += 1
        if isinstance(answer, Refusal):
            assert answer.zh
            return
        life.do(command, who)
        assert life.now.state in BY_COMMAND[type(command)].targets
        self._tell_the_other(before, life.now, other)

    @staticmethod
    def _tell_the_other(before: Case, after: Case, other: Life) -> None:
        """What the service does on the other case in the same transaction."""
        if after.merged_into and not before.merged_into:
            other.do(c.AdoptChild(child_id=after.case_id), SYSTEM)
        if before.merged_into and not after.merged_into and other.now.state is not State.ARCHIVED:
            answer = other.ask(c.ReleaseChild(child_id=after.case_id), SYSTEM)
            if not isinstance(answer, Refusal):
                other.do(c.ReleaseChild(child_id=after.case_id), SYSTEM)
        if after.closed_at and not before.closed_at and other.now.merged_into == after.case_id:
            other.do(c.NoteParentClosed(), SYSTEM)

    @invariant()
    def what_must_hold_holds(self) -> None:
        """I1 to I12, as far as they need no database."""
        for life in self.lives:
            if life.case is not None:
                check(life)


def check(life: Life) -> None:
    """The invariants of one case."""
    case = life.now
    assert set(dispositions(case)) == set(case.signals), "I1"
    assert all(isinstance(kind, Disposition) for kind in dispositions(case).values()), "I1"
    assert case.version == len(life.events), "I2"
    assert case == fold(life.events), "I3"
    assert not is_ownerless(case), "I4"
    assert case.state is not State.HANDLING or case.owner_person is not None, "I5"
    assert not is_clockless(case), "I6"
    assert case.state.is_open or case.state is State.REOPENED or not case.running(), "I6"
    if case.checker is not None:
        assert case.leg_of(case.checker.office_id) is None, "I7"
    check_approvals(life.events)
    check_closings(life.events)
    assert not (case.merged_into and case.children), "I10"
    check_totals(life)
    check_refusals(life.events)


def check_approvals(events: list[e.Event]) -> None:
    """I8: whoever approves neither asked nor endorsed."""
    asked, endorsed = "", ""
    for event in events:
        if isinstance(event.body, e.RequestMade):
            asked, endorsed = event.actor.person, ""
        elif isinstance(event.body, e.RequestEndorsed):
            endorsed = event.actor.person
            assert endorsed != asked, "I8"
        elif isinstance(event.body, e.RequestApproved):
            assert event.actor.person not in {asked, endorsed}, "I8"
            assert endorsed, "I8"


def check_closings(events: list[e.Event]) -> None:
    """I9: what shows the fix is later than the last dispatch or rework."""
    since, shown = None, []
    for event in events:
        if isinstance(event.body, e.CaseDispatched | e.OwnerDecided | e.ReworkOrdered):
            since = event.at
        elif isinstance(event.body, e.EvidenceAdded):
            shown.append(event.body.evidence)
        elif isinstance(event.body, e.CaseClosed):
            assert since is not None, "I9"
            assert any(item.taken_at > since for item in shown), "I9"


def check_totals(life: Life) -> None:
    """I11: one public promise a round, never begun again by reassigning."""
    totals = [clock for clock in life.now.clocks if clock.kind is ClockKind.TOTAL]
    rounds = sum(
        isinstance(x.body, e.CaseFiled | e.CaseReopened | e.CaseSplit) for x in life.events
    )
    assert len(totals) <= rounds, "I11"
    for clock in totals:
        granted = sum(
            isinstance(x.body, e.RequestApproved) and x.body.kind is RequestKind.EXTENSION
            for x in life.events
        )
        reading = read(clock, life.context, life.at)
        policy = life.context.policy
        code = life.now.code
        ceiling = policy.total_limit(code).minutes + granted * policy.handle_limit(code).minutes
        assert reading.spent + reading.remaining <= timedelta(minutes=ceiling), "I11"
        assert reading.state is not ClockState.PAUSED or reading.paused_until, "I6"


def check_refusals(events: list[e.Event]) -> None:
    """I12: two persons turn away what a deputy or a machine reported."""
    opened = events[0].body
    assert isinstance(opened, e.CaseOpened)
    for event in events:
        if isinstance(event.body, e.CaseRefused) and opened.source in NEEDS_SECOND_PERSON:
            assert event.body.proposed_by not in {None, event.actor.person}, "I12"
    assert all(early.at <= late.at for early, late in pairwise(events))


CaseMachine.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestCaseMachine = CaseMachine.TestCase


class LongMachine(CaseMachine):
    """The same, far longer: at least 50,000 steps."""


LongMachine.TestCase.settings = settings(
    CaseMachine.TestCase.settings, max_examples=1_500, stateful_step_count=60
)


@pytest.mark.slow
class TestLongMachine(LongMachine.TestCase):  # type: ignore[misc,valid-type] # made by hypothesis
    """Over fifty thousand commands tried."""
