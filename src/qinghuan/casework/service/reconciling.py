"""The reconciler: are the lists what the events say, and is the log what the events were?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from qinghuan.casework.conservation import Balance, dispositions, is_clockless, is_ownerless
from qinghuan.casework.model import SYSTEM_ACTOR
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.asking import Context, Refusal, read
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.decide import decide
from qinghuan.casework.problem.evolve import fold
from qinghuan.casework.repository import cases, signals, watch
from qinghuan.casework.repository.cases import Stored
from qinghuan.casework.repository.watch import Alarm
from qinghuan.casework.service.desk import DEFAULT_DESK, Desk
from qinghuan.casework.service.saving import (
    append,
    clock_values,
    commitment,
    derive,
    load,
    look,
    save,
)
from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.trace.body import read_body
from qinghuan.trace.errors import RecordUnknown
from qinghuan.trace.service.reading import record_by_id

SLICE = 200
_DRIFTING = frozenset({"changed_at", "deadline_at", "is_deadline_provisional"})
"""Columns that move with time alone; they are refreshed without an alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was not as it should be."""

    kind: str
    """`projection`, `clock`, `ownerless`, `clockless`, `orphan-signal`, `gap`, `commitment`,
    `chain`, `no-record` or `no-events`."""
    case_id: UUID | None
    text: str
    is_repaired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run of the reconciler saw."""

    cases: int
    balance: Balance
    findings: tuple[Finding, ...] = field(default=())

    @property
    def is_sound(self) -> bool:
        """Whether nothing was wrong and the law is kept."""
        return not self.findings and self.balance.is_kept


def reconcile(session: Session, at: datetime, desk: Desk = DEFAULT_DESK) -> Report:
    """Rebuild every case from its events, mend what differs, and raise an alarm for each finding.

    Args:
        session: In the SYSTEM scope.
        at: Now.
        desk: The rules in force.
    """
    findings: list[Finding] = []
    seen, after = 0, None
    while ids := cases.ids_after(session, after, SLICE):
        for case_id in ids:
            findings += _mend(session, case_id, at, desk)
        seen, after = seen + len(ids), ids[-1]
    findings += _settle_orphans(session, at)
    balance = watch.balance(session, "")
    if balance.gap:
        text = f"线索守恒不成立：相差 {balance.gap} 条"
        findings.append(Finding(kind="gap", case_id=None, text=text, is_repaired=False))
    for finding in findings:
        alarm = Alarm(
            alarm_id=new_id(),
            case_id=finding.case_id,
            kind=finding.kind,
            text=finding.text,
            at=at,
        )
        watch.add_alarm(session, alarm)
    return Report(cases=seen, balance=balance, findings=tuple(findings))


def verify_case(session: Session, case_id: UUID) -> tuple[Finding, ...]:
    """Check that each event of a case is what the log holds, in an unbroken chain."""
    return tuple(_verify(session, case_id, cases.events_of(session, case_id)))


def alarms_since(session: Session, since: datetime) -> list[Alarm]:
    """What the reconciler found lately, newest first."""
    return watch.alarms_since(session, since)


def _mend(session: Session, case_id: UUID, at: datetime, desk: Desk) -> list[Finding]:
    if not cases.hold(session, case_id):
        return []
    case = fold(stored.event for stored in cases.events_of(session, case_id))
    if case is None:
        text = "案卷没有任何事件"
        return [Finding(kind="no-events", case_id=case_id, text=text, is_repaired=False)]
    context = desk.context(centre_office=case.centre_office)
    findings = [*_owe(session, case, at, context)]
    case = load(session, case_id) if findings else case
    drifted = [*_drift(session, case, at, context)]
    if drifted or _is_stale(session, case, at, context):
        save(session, case, None, context, at)
    return findings + drifted


def _owe(session: Session, case: Case, at: datetime, context: Context) -> Iterator[Finding]:
    """Put back an owner or a clock that is missing, by a repair event of its own."""
    wrong = {"ownerless": is_ownerless(case), "clockless": is_clockless(case)}
    words = {"ownerless": "在办案卷没有责任单位或责任人", "clockless": "在办案卷没有计时"}
    for kind, is_wrong in wrong.items():
        if is_wrong:
            answer = decide(case, c.Repair(note=words[kind]), SYSTEM_ACTOR, at, context)
            is_repaired = not isinstance(answer, Refusal)
            if not isinstance(answer, Refusal):
                case = append(session, case, answer, context)
            yield Finding(
                kind=kind, case_id=UUID(case.case_id), text=words[kind], is_repaired=is_repaired
            )


def _drift(session: Session, case: Case, at: datetime, context: Context) -> Iterator[Finding]:
    """Where the lists' rows differ from what the events say."""
    case_id = UUID(case.case_id)
    readings = {clock.key: read(clock, context, at) for clock in case.clocks}
    stored = cases.projection_of(session, case_id) or {}
    wanted = cases.case_values(case) | derive(case, readings, at)
    if wrong := _differences(stored, wanted):
        text = f"案卷列表与事件不符：{'、'.join(wrong)}"
        yield Finding(kind="projection", case_id=case_id, text=text, is_repaired=True)
    rows = cases.clocks_of(session, case_id)
    for clock in case.clocks:
        row = rows.get(clock.key, {})
        values = clock_values(case, clock, readings[clock.key], context, at)
        moving = {"state", "next_rung_at", "deadline_at", "paused_until", "is_provisional"}
        settled = {key: value for key, value in values.items() if key not in moving}
        if wrong := _differences(row, settled):
            text = f"时限 {clock.key} 与事件不符：{'、'.join(wrong)}"
            yield Finding(kind="clock", case_id=case_id, text=text, is_repaired=True)


def _is_stale(session: Session, case: Case, at: datetime, context: Context) -> bool:
    """Whether a stored deadline is not the one read now: a pause may have ended by itself."""
    stored = cases.projection_of(session, UUID(case.case_id)) or {}
    readings = {clock.key: read(clock, context, at) for clock in case.clocks}
    wanted = derive(case, readings, at)
    return any(stored.get(key) != wanted[key] for key in _DRIFTING - {"changed_at"})


def _differences(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    return [
        key
        for key, value in wanted.items()
        if key not in _DRIFTING and (key not in stored or stored[key] != value)
    ]


def _settle_orphans(session: Session, at: datetime) -> Iterator[Finding]:
    """Signals whose disposition is missing get the one their case gives them."""
    for signal_id in watch.orphan_signals(session, SLICE):
        found = signals.by_id(session, signal_id)
        if found is None:
            continue
        case = look(session, found[1].case_id)
        gone = {k: v for k, v in dispositions(case).items() if k == str(signal_id)}
        signals.settle(session, case, gone, at)
        text = f"线索 {signal_id} 没有去向"
        yield Finding(
            kind="orphan-signal",
            case_id=found[1].case_id,
            text=text,
            is_repaired=bool(gone),
        )


def _verify(session: Session, case_id: UUID, steps: list[Stored]) -> Iterator[Finding]:
    previous: UUID | None = None
    for number, stored in enumerate(steps, start=1):
        try:
            record = record_by_id(session, stored.record_id)
        except RecordUnknown:
            yield _broken("no-record", case_id, number, "存证日志中没有对应记录")
            continue
        _, entry, edges = read_body(record.body)
        if entry.data.get("commitment") != commitment(stored.salt, stored.event):
            yield _broken("commitment", case_id, number, "事件内容与存证不符")
        links = [edge.used_id for edge in edges]
        is_linked = links == ([] if previous is None else [previous])
        if not (is_linked and entry.data.get("step") == number):
            yield _broken("chain", case_id, number, "事件顺序与存证不符")
        previous = stored.record_id


def _broken(kind: str, case_id: UUID, number: int, words: str) -> Finding:
    return Finding(kind=kind, case_id=case_id, text=f"第 {number} 步：{words}", is_repaired=False)
