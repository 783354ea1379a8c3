"""Changing one's password, and giving somebody a first one."""

from datetime import datetime, timedelta
from uuid import UUID

from qinghuan.infra.database import Session
from qinghuan.people.errors import OwnRequest, PasswordWeak, PersonUnknown, SignInNeeded
from qinghuan.people.gate import Gate
from qinghuan.people.model import Actor, Person, Right, SessionState
from qinghuan.people.password import REMEMBERED, Wearer, faults_of
from qinghuan.people.repository import keys, persons, sessions
from qinghuan.people.rights import require
from qinghuan.people.secret import CODE_BYTES, spoken_code
from qinghuan.people.service.audit import Deed, act, note
from qinghuan.people.service.sign_in import LONGEST_INPUT, SignedIn, own_session, rotate
from qinghuan.people.service.trying import Outcome, SignInRefused, begin_try, fail_try, pass_try

FIRST_PASSWORD_DAYS = 7
"""A password handed over opens for so long, and only to choose another."""


def change_password(
    session: Session, gate: Gate, actor: Actor, present: str, new: str, at: datetime
) -> SignedIn | SignInRefused:
    """Change one's own password; other sessions end, this one goes on under a new token.

    Args:
        session: A transaction to be committed whatever the answer: it counts wrong tries.
        gate: The gate.
        actor: In a session, past the second factor if he has one.
        present: The present password, as typed.
        new: The one wished for.
        at: Now.

    Raises:
        SignInNeeded: The actor acts in no session, or has yet to show his second factor.
        PasswordWeak: The new password breaks the policy; says every fault.
    """
    found = own_session(session, gate, actor, at)
    if actor.state in {SessionState.NEEDS_SECOND_FACTOR, SessionState.NEEDS_ENROLMENT}:
        raise SignInNeeded
    person = persons.person_for_gate(session, found.person_id)
    opened = begin_try(session, gate, person.login_name, found.source, at)
    if isinstance(opened, SignInRefused):
        return opened
    credential = keys.credential_of(session, person.id)
    kept = None if credential is None else credential.password_hash
    if not gate.passwords.is_right(present[:LONGEST_INPUT], kept):
        return fail_try(session, gate, opened, person.id)
    check_password(session, gate, person, new)
    keys.keep_password(session, person.id, gate.passwords.hashed(new), must_change=False, at=at)
    sessions.end_sessions(session, person.id, at, but=found.id)
    pass_try(session, opened, person.id, Outcome.SIGNED_IN)
    deed = Deed(kind="password.changed", subject=f"person/{person.id}")
    note(session, actor.reference, deed, at)
    return rotate(session, gate, found, at)


def check_password(session: Session, gate: Gate, person: Person, new: str) -> None:
    """Judge a new password.

    Raises:
        PasswordWeak: It breaks the policy; says every fault.
    """
    hashes = keys.last_hashes(session, person.id, REMEMBERED)

    def was_used(password: str) -> bool:
        return any(gate.passwords.is_right(password, each) for each in hashes)

    sealed_phone = persons.phone_for_gate(session, person.id)
    phone = gate.vault.unseal(sealed_phone, phone_place(person.id)) if sealed_phone else ""
    wearer = Wearer(login_name=person.login_name, name=person.name, phone=phone)
    faults = faults_of(new, wearer, was_used)
    if faults:
        raise PasswordWeak(faults)


def reset_password(
    session: Session, gate: Gate, actor: Actor, person_id: UUID, at: datetime
) -> str:
    """Give a person a password to hand over; he must choose another with it.

    Returns:
        The password, shown once. The second factor, where there is one, stays.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor does not manage persons there.
        OwnRequest: It is the actor's own.
        LogStopped: The log stands still.
    """
    person = persons.person_of(session, person_id)
    if person is None:
        raise PersonUnknown
    require(actor, Right.MANAGE_PERSONS, person.area_code)
    if person_id == actor.person_id:
        raise OwnRequest
    deed = Deed(kind="password.reset", subject=f"person/{person_id}", area_code=person.area_code)
    act(session, gate, actor, deed, at)
    sessions.end_sessions(session, person_id, at)
    return give_first_password(session, gate, person_id, at)


def give_first_password(session: Session, gate: Gate, person_id: UUID, at: datetime) -> str:
    """Set a password that opens only to choose another, for a few days."""
    password = spoken_code(gate.entropy(CODE_BYTES))
    keys.keep_password(
        session,
        person_id,
        gate.passwords.hashed(password),
        must_change=True,
        at=at,
        expires_at=at + timedelta(days=FIRST_PASSWORD_DAYS),
    )
    return password


def phone_place(person_id: UUID) -> str:
    """The place a person's phone is sealed for."""
    return f"people_person.phone/{person_id}"
