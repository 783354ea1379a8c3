"""Privileged acts: recorded with what they did, stopped when the log stops, read by auditors."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from qinghuan.infra.database import Session
from qinghuan.people.errors import RightMissing
from qinghuan.people.gate import Gate
from qinghuan.people.model import Act, Actor, ActsAsked, Page, PageAsked, Right, SignInAttempt
from qinghuan.people.repository import acts, attempts
from qinghuan.people.rights import areas_of_right
from qinghuan.trace.model import Entry, JsonValue
from qinghuan.trace.service.recording import record
from qinghuan.trace.service.sequencing import assert_alive


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is being done, as it will stand in the log: no personal value in it."""

    kind: str
    subject: str
    area_code: str = ""
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    reason: str = ""
    """Free text, which may name somebody: kept for the auditor, in the log only its seal."""


def require_log(session: Session, gate: Gate, at: datetime) -> None:
    """Go on with a privileged act only while the log is alive.

    Raises:
        LogStopped: The log is behind by more than `Gate.log_max_lag_s`.
    """
    assert_alive(session, at, gate.log_max_lag_s)


def act(session: Session, gate: Gate, actor: Actor, deed: Deed, at: datetime) -> UUID:
    """Record a privileged act, checked and about to be done in the same transaction.

    Returns:
        The id of the record, to prove it by.

    Raises:
        LogStopped: The log is behind by more than `Gate.log_max_lag_s`; nothing may be done
            that it would not remember.
    """
    require_log(session, gate, at)
    if deed.reason:
        digest = gate.vault.blind(f"reason:{deed.reason}").hex()
        deed = replace(deed, data={**deed.data, "reason_digest": digest})
    return note(session, actor.reference, deed, at)


def note(session: Session, actor: str, deed: Deed, at: datetime) -> UUID:
    """Record what must happen even while the log stands still: signing in, a lock."""
    record_id = record(
        session,
        Entry(kind=deed.kind, subject=deed.subject, at=at, actor=actor, data=deed.data),
    )
    acts.add_act(
        session,
        Act(
            at=at,
            actor=actor,
            kind=deed.kind,
            subject=deed.subject,
            area_code=deed.area_code,
            is_done=True,
            record_id=record_id,
            reason=deed.reason,
        ),
    )
    return record_id


def note_refusal(session: Session, actor: Actor, deed: Deed, at: datetime) -> None:
    """Keep a refused try for the auditor; the edge calls it in a transaction of its own."""
    acts.add_act(
        session,
        Act(
            at=at,
            actor=actor.reference,
            kind=deed.kind,
            subject=deed.subject,
            area_code=deed.area_code,
            is_done=False,
            record_id=None,
            reason=deed.reason,
        ),
    )


def audit_of(
    session: Session, actor: Actor, wish: ActsAsked, asked: PageAsked | None = None
) -> Page[Act]:
    """Privileged acts and refused tries in the auditor's areas, newest first.

    Raises:
        RightMissing: The actor is no audit administrator.
    """
    within = areas_of_right(actor, Right.READ_AUDIT)
    return acts.act_page(session, wish, asked or PageAsked(), within)


def attempts_of(
    session: Session, actor: Actor, asked: PageAsked, person_id: UUID | None = None
) -> Page[SignInAttempt]:
    """Tries at signing in, newest first: anyone's for an auditor, one's own for everybody.

    Raises:
        RightMissing: Somebody else's are asked for by one who is no audit administrator.
    """
    if person_id is None or person_id != actor.person_id:
        areas_of_right(actor, Right.READ_AUDIT)
    elif actor.token_id is not None:
        raise RightMissing(Right.READ_AUDIT)
    return attempts.attempt_page(session, asked, person_id)
