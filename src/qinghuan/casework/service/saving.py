"""Making a decision last: events, lists, the log, notices, all in the caller's transaction."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from qinghuan.casework.clock import ClockStarted, ClockStopped, Reading
from qinghuan.casework.codec import body_to_json, to_json
from qinghuan.casework.conservation import dispositions
from qinghuan.casework.errors import ImpossibleHistory, UnknownCase
from qinghuan.casework.escalation import next_rung_at, told_of
from qinghuan.casework.model import Acting
from qinghuan.casework.notices import NOTIFYING
from qinghuan.casework.problem import events as e
from qinghuan.casework.problem.asking import Context, read
from qinghuan.casework.problem.case import Case, CaseClock
from qinghuan.casework.problem.evolve import evolve, fold
from qinghuan.casework.problem.states import ClockKind
from qinghuan.casework.repository import cases, signals
from qinghuan.casework.repository.cases import ClockRow, Stored
from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.infra.events import announce
from qinghuan.infra.jobs import enqueue
from qinghuan.trace import canonical
from qinghuan.trace.model import Entry, JsonValue, Used
from qinghuan.trace.service.recording import record

if TYPE_CHECKING:
    from pydantic import JsonValue as JobValue

SALT_BYTES = 16
"""Without its salt a commitment says nothing of a short text."""

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def load(session: Session, case_id: UUID) -> Case:
    """A case from its events, held against other writers until the transaction ends.

    Raises:
        UnknownCase: There is none in the scope's reach.
    """
    if not cases.hold(session, case_id):
        raise UnknownCase(case_id)
    return look(session, case_id)


def look(session: Session, case_id: UUID) -> Case:
    """A case from its events, as it stands.

    Raises:
        UnknownCase: There is none in the scope's reach.
    """
    case = fold(stored.event for stored in cases.events_of(session, case_id))
    if case is None:
        raise UnknownCase(case_id)
    return case


def append(
    session: Session, before: Case | None, events: Sequence[e.Event], context: Context
) -> Case:
    """Let events happen to a case.

    Args:
        session: The caller's transaction, which holds the case.
        before: The case as it stood; None when the first event opens it.
        events: What was decided.
        context: The facts it was decided on.

    Returns:
        The case after the last of them.
    """
    after, steps = before, list[tuple[Case, e.Event]]()
    for event in events:
        after = evolve(after, event)
        steps.append((after, event))
    if after is None:
        raise ImpossibleHistory("没有事件可写入")
    save(session, after, _touched(events), context, events[-1].at)
    previous = None if before is None else cases.last_record(session, UUID(after.case_id))
    for stepped, event in steps:
        previous = _keep(session, stepped, event, previous)
    was = {} if before is None else dispositions(before)
    is_elsewhere = before is not None and before.merged_into != after.merged_into
    gone = {
        signal_id: kind
        for signal_id, kind in dispositions(after).items()
        if is_elsewhere or was.get(signal_id) is not kind
    }
    signals.settle(session, after, gone, events[-1].at)
    subject = f"case/{after.case_id}"
    announce(session, "case", subject=subject, area_code=after.area_code, mark=after.mark)
    return after


def save(
    session: Session, case: Case, keys: frozenset[str] | None, context: Context, at: datetime
) -> None:
    """Write what lists read of a case and of some of its clocks; of all if none are named."""
    readings = {clock.key: read(clock, context, at) for clock in case.clocks}
    cases.save_case(session, case, derive(case, readings, at))
    rows = [
        ClockRow(clock=clock, values=clock_values(case, clock, readings[clock.key], context, at))
        for clock in case.clocks
        if keys is None or clock.key in keys
    ]
    cases.save_clocks(session, case, rows)


def derive(case: Case, readings: dict[str, Reading], at: datetime) -> dict[str, Any]:
    """Figures of a case that are read from its clocks: the nearest deadline, the red mark."""
    running = [clock for clock in case.running() if clock.kind is not ClockKind.LEG]
    deadlines = [
        (reading.deadline, reading.is_provisional)
        for clock in running
        if (reading := readings[clock.key]).deadline is not None
    ]
    nearest = min(deadlines, default=(None, False), key=lambda pair: (pair[0] is None, pair[0]))
    red = {key for key, pct in case.rungs if pct >= 100}
    return {
        "changed_at": at,
        "deadline_at": nearest[0],
        "is_deadline_provisional": nearest[1],
        "is_red": any(clock.key in red for clock in running),
    }


def clock_values(
    case: Case, clock: CaseClock, reading: Reading, context: Context, at: datetime
) -> dict[str, Any]:
    """What lists and the tick read of a clock."""
    started, last = clock.history[0], clock.history[-1]
    if not isinstance(started, ClockStarted):
        raise ImpossibleHistory("时限记录应以“开始”为首")
    return {
        "state": reading.state.value,
        "limit_text": started.limit.zh,
        "started_at": started.at,
        "deadline_at": reading.deadline,
        "paused_until": reading.paused_until,
        "is_provisional": reading.is_provisional,
        "stopped_at": last.at if isinstance(last, ClockStopped) else None,
        "next_rung_at": next_rung_at(clock, told_of(case, clock.key), context, at),
        "calendar_id": started.calendar_id,
        "policy_id": started.policy_id,
    }


def reference(actor: Acting) -> str:
    """How a record names who acted: an opaque word, never a name."""
    is_whole = "/" in actor.person or actor.person == "system"
    return actor.person if is_whole else f"person/{actor.person}"


def kind_of(event: e.Event) -> str:
    """The record's kind: `CaseOpened` is `case.opened`, `RungReached` is `case.rung-reached`."""
    words = _WORD.sub("-", event.type.removeprefix("Case") or event.type).lower()
    return f"case.{words}"


def commitment(salt: bytes, event: e.Event) -> str:
    """What the log holds of an event: a salted hash that its row must answer to."""
    content: dict[str, JsonValue] = {
        "actor": to_json(event.actor),
        "at": event.at.isoformat(),
        "type": event.type,
        **body_to_json(event),
    }
    return hashlib.sha256(salt + canonical.encode(content)).hexdigest()


def _keep(session: Session, case: Case, event: e.Event, previous: UUID | None) -> UUID:
    """Write one event, its record and the wish to tell of it; return the record's id."""
    salt = secrets.token_bytes(SALT_BYTES)
    data: dict[str, JsonValue] = {
        "number": case.number,
        "step": case.version,
        "state": case.state.value,
        "area": case.area_code,
        "commitment": commitment(salt, event),
    }
    if isinstance(event.body, e.EvidenceAdded):
        data["evidence_sha256"] = event.body.evidence.sha256
    used = () if previous is None else (Used(record_id=previous, role="previous"),)
    entry = Entry(
        kind=kind_of(event),
        subject=f"case/{case.case_id}",
        at=event.at,
        actor=reference(event.actor),
        data=data,
        used=used,
    )
    record_id = record(session, entry)
    stored = Stored(event=event, case_seq=case.version, record_id=record_id, salt=salt)
    cases.add_event(session, new_id(), case, stored)
    if type(event.body) in NOTIFYING:
        payload: dict[str, JobValue] = {"case_id": case.case_id, "case_seq": case.version}
        key = f"{case.case_id}/{case.version}"
        enqueue(session, "casework.notify", payload, key=key)
    return record_id


def _touched(events: Sequence[e.Event]) -> frozenset[str]:
    """Keys of the clocks that events moved or told of."""
    moved = {act.key for event in events for act in event.acts}
    told = {event.body.clock_key for event in events if isinstance(event.body, e.RungReached)}
    return frozenset(moved | told)
