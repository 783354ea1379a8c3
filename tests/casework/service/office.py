"""A case lived through the service: the steps of the story, each in the test's transaction."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from factories.casework import (
    ACCEPTOR,
    CHECKER,
    CHECKING,
    DISPATCHER,
    GRID_WORKER,
    HANDLER,
    HEAD,
    LEGS,
    MONDAY,
    SYSTEM,
    a_signal,
    close_it,
    evidence,
    file_it,
    named,
)

from qinghuan.casework.model import Acting, Purpose, Signal, Source
from qinghuan.casework.problem import commands as c
from qinghuan.casework.service.commanding import Order, Outcome, add_evidence, command
from qinghuan.casework.service.opening import Receipt, submit_signal
from qinghuan.infra.database import Session

REPORTER = "7b0c9a52-5f0e-7aaa-8000-000000000001"
AS_REPORTER = Acting(person=REPORTER, roles=frozenset({"citizen"}))


@dataclass
class Office:
    """People at work on one case."""

    session: Session
    at: datetime = MONDAY
    case_id: UUID = field(default_factory=lambda: UUID(int=0))
    version: int = 0

    def submit(self, source: Source = Source.CITIZEN, **changes: object) -> Receipt:
        """A signal comes in."""
        given = self.sent(source, **changes)
        who = SYSTEM if source.is_machine else AS_REPORTER
        receipt = submit_signal(self.session, given, who, self.at)
        self.case_id, self.version = receipt.case_id, 1
        self.at += timedelta(minutes=2)
        return receipt

    def sent(self, source: Source = Source.CITIZEN, **changes: object) -> Signal:
        """A signal as somebody sends it."""
        signal = a_signal(source, signal_id="", submit_key="key-0000-0001", **changes)
        return signal if source.is_machine else replace(signal, reporter=REPORTER)

    def give(self, wanted: c.Command, who: Acting, **facts: object) -> Outcome:
        """Give a command at the version last seen."""
        order = Order(
            case_id=self.case_id, command=wanted, actor=who, expected_version=self.version
        )
        order = replace(order, **facts)  # type: ignore[arg-type] # a builder's free choice
        outcome = command(self.session, order, self.at)
        self.version = outcome.case.version
        self.at += timedelta(minutes=2)
        return outcome

    def do(self, wanted: c.Command, who: Acting, **facts: object) -> Outcome:
        """Give a command that must be taken."""
        outcome = self.give(wanted, who, **facts)
        assert outcome.is_done, outcome.refusal
        return outcome

    def show(self, purpose: Purpose, who: Acting) -> Outcome:
        """Add a photo taken just now."""
        order = Order(
            case_id=self.case_id,
            command=evidence(purpose, self.at),
            actor=who,
            expected_version=self.version,
        )
        outcome = add_evidence(self.session, order, None, self.at)
        assert outcome.is_done, outcome.refusal
        self.version = outcome.case.version
        self.at += timedelta(minutes=2)
        return outcome

    def work(self) -> Outcome:
        """From received to handling."""
        self.do(file_it(), ACCEPTOR)
        self.do(c.Dispatch(legs=LEGS), DISPATCHER)
        return self.do(c.Sign(handler=named()), HEAD)

    def finish(self, *, is_source_quiet: bool | None = None) -> Outcome:
        """From handling to closed."""
        self.show(Purpose.AFTER, HANDLER)
        self.do(c.ReportDone(text="已清理"), HANDLER)
        self.do(c.ConfirmDone(), HEAD)
        self.do(c.SendCheck(checker=named(CHECKER.person, CHECKING)), ACCEPTOR)
        self.show(Purpose.CHECK, CHECKER)
        self.do(c.CheckResult(is_passed=True), CHECKER)
        return self.do(close_it(), ACCEPTOR, is_source_quiet=is_source_quiet)

    def give_back_from_verifying(self) -> None:
        """Somebody looked, and it is there."""
        self.show(Purpose.VERIFY, GRID_WORKER)
        self.do(c.VerifyResult(is_found=True), GRID_WORKER)
