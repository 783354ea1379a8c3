"""Somebody wants something of a case: judged by the table, done or turned away, kept either way."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from qinghuan.casework.errors import CommandRefused, StaleVersion, UnknownCase, UnknownSignal
from qinghuan.casework.model import SYSTEM_ACTOR, Acting, Evidence, Purpose
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.asking import ParentFact, Refusal
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.decide import decide
from qinghuan.casework.problem.events import Event
from qinghuan.casework.problem.states import RefusalReason, State, Verdict
from qinghuan.casework.problem.table import BY_COMMAND
from qinghuan.casework.repository import cases, signals, watch
from qinghuan.casework.service.desk import DEFAULT_DESK, Desk
from qinghuan.casework.service.saving import append, load, look, reference
from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.trace.model import Entry
from qinghuan.trace.service.recording import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command, as somebody gives it."""

    case_id: UUID
    command: c.Command
    actor: Acting
    expected_version: int
    """Version of the case that was looked at when the command was given."""
    is_source_quiet: bool | None = None
    """For closing a machine's case: the value has been back under its limit long enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a command."""

    case: Case
    events: tuple[Event, ...] = ()
    refusal: Refusal | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was taken."""
        return self.refusal is None

    def or_raise(self) -> "Outcome":
        """The outcome, if it was taken.

        Raises:
            CommandRefused: It was turned away. Only after the transaction that kept the
                refusal: raising inside it would undo that.
        """
        if self.refusal is not None:
            raise CommandRefused(self.refusal.code, self.refusal.zh)
        return self


def command(session: Session, order: Order, at: datetime, desk: Desk = DEFAULT_DESK) -> Outcome:
    """Judge a command and do it; a refusal is kept and returned, not raised.

    Args:
        session: The caller's transaction, in the actor's scope.
        order: What is wanted of which case, by whom.
        at: Now.
        desk: The rules in force.

    Raises:
        UnknownCase: There is none in the scope's reach.
        StaleVersion: The case took a deciding step after the caller looked.
    """
    case = load(session, order.case_id)
    if not case.decisive_version <= order.expected_version <= case.version:
        raise StaleVersion(order.expected_version, case.version)
    order = replace(order, actor=_known_as(session, order))
    context = desk.context(
        centre_office=case.centre_office,
        parent=_parent(session, order.command),
        is_source_quiet=order.is_source_quiet,
    )
    answer = decide(case, order.command, order.actor, at, context)
    if isinstance(answer, Refusal):
        _keep_refusal(session, case, order, answer, at)
        return Outcome(case=case, refusal=answer)
    after = append(session, case, answer, context)
    _tell_relatives(session, case, after, order, at)
    return Outcome(case=after, events=tuple(answer))


def attach(
    session: Session,
    signal_id: UUID,
    order: Order,
    at: datetime,
    desk: Desk = DEFAULT_DESK,
) -> Outcome:
    """Put a waiting signal into an open case: its own case follows that one.

    Args:
        session: The caller's transaction.
        signal_id: A signal that waits.
        order: Who does it; its `case_id` and `command` are the case to follow and `Merge`.
        at: Now.
        desk: The rules in force.

    Raises:
        UnknownSignal: There is none in the scope's reach.
        UnknownCase: As for `command`.
        StaleVersion: As for `command`.
    """
    found = signals.by_id(session, signal_id)
    if found is None:
        raise UnknownSignal(signal_id)
    merge = c.Merge(parent_id=str(order.case_id))
    return command(session, replace(order, case_id=found[1].case_id, command=merge), at, desk)


def refuse(
    session: Session,
    order: Order,
    grounds: tuple[RefusalReason, str],
    at: datetime,
    desk: Desk = DEFAULT_DESK,
) -> Outcome:
    """Turn a waiting signal's case away, with a reason from the list and a text.

    Raises:
        UnknownCase: As for `command`.
        StaleVersion: As for `command`.
    """
    reason, text = grounds
    return command(session, replace(order, command=c.Refuse(reason=reason, text=text)), at, desk)


def add_evidence(
    session: Session, order: Order, blob_id: UUID | None, at: datetime, desk: Desk = DEFAULT_DESK
) -> Outcome:
    """Add a file that was stored before; the case knows it by its hash.

    Args:
        session: The caller's transaction.
        order: Its command is `AddEvidence`; the id and the giver are filled in here.
        blob_id: Where the file lies.
        at: Now.
        desk: The rules in force.

    Raises:
        UnknownCase: As for `command`.
        StaleVersion: As for `command`.
    """
    wanted = order.command
    if not isinstance(wanted, c.AddEvidence):
        raise TypeError("add_evidence takes AddEvidence")
    case = load(session, order.case_id)
    by = reference(_known_as(session, order))
    item: Evidence = replace(wanted.evidence, evidence_id=str(new_id()), by=by)
    order = replace(order, command=c.AddEvidence(evidence=item), expected_version=case.version)
    outcome = command(session, order, at, desk)
    if outcome.is_done:
        cases.add_evidence(session, outcome.case, item, blob_id, at)
    return outcome


def give_as_platform(
    session: Session, case_id: UUID, wanted: c.Command, at: datetime, desk: Desk = DEFAULT_DESK
) -> Outcome:
    """Give a command of the platform itself, whatever version the case is at."""
    case = load(session, case_id)
    order = Order(
        case_id=case_id, command=wanted, actor=SYSTEM_ACTOR, expected_version=case.version
    )
    return command(session, order, at, desk)


def as_reporter(session: Session, actor: Acting, case_id: UUID) -> Acting:
    """The actor as the case knows its reporter: by his signal, not by his own id."""
    own = signals.reported_signals(session, actor.person, case_id)
    return replace(actor, person=f"reporter/{own[0]}", label="上报人") if own else actor


def _known_as(session: Session, order: Order) -> Acting:
    wanted = order.command
    is_for_reporters = isinstance(wanted, c.Appeal | c.AnswerFollowUp) or (
        isinstance(wanted, c.AddEvidence) and wanted.evidence.purpose is Purpose.REPORT
    )
    return as_reporter(session, order.actor, order.case_id) if is_for_reporters else order.actor


def _parent(session: Session, wanted: c.Command) -> ParentFact | None:
    """The case to be followed, held so that it cannot close meanwhile."""
    if not isinstance(wanted, c.Merge):
        return None
    try:
        parent = load(session, UUID(wanted.parent_id))
    except (UnknownCase, ValueError):
        return None
    return ParentFact(case_id=parent.case_id, state=parent.state, merged_into=parent.merged_into)


def _tell_relatives(
    session: Session, before: Case, after: Case, order: Order, at: datetime
) -> None:
    """Keep leading and following cases in step, in the same transaction."""
    if after.merged_into and not before.merged_into:
        adopt = c.AdoptChild(child_id=after.case_id)
        give_as_platform(session, UUID(after.merged_into), adopt, at)
    if before.merged_into and not after.merged_into:
        release = c.ReleaseChild(child_id=after.case_id)
        give_as_platform(session, UUID(before.merged_into), release, at)
    if after.state is State.CLOSED and before.state is not State.CLOSED:
        for child_id in sorted(after.children):
            give_as_platform(session, UUID(child_id), c.NoteParentClosed(), at)
    wanted = order.command
    if (
        isinstance(wanted, c.AnswerFollowUp)
        and wanted.verdict is Verdict.UNSATISFIED
        and after.merged_into
        and look(session, UUID(after.merged_into)).state is State.CLOSED
    ):
        give_as_platform(session, UUID(after.merged_into), wanted, at)


def _keep_refusal(
    session: Session, case: Case, order: Order, refusal: Refusal, at: datetime
) -> None:
    """A refusal is a fact too: it is kept, recorded and countable."""
    name = BY_COMMAND[type(order.command)].name
    entry = Entry(
        kind="case.command-refused",
        subject=f"case/{case.case_id}",
        at=at,
        actor=reference(order.actor),
        data={"number": case.number, "step": case.version, "command": name, "code": refusal.code},
    )
    record(session, entry)
    facts: dict[str, object] = {
        "command": name,
        "code": refusal.code,
        "actor": reference(order.actor),
        "at": at,
    }
    watch.add_refusal(session, case, new_id(), facts)
