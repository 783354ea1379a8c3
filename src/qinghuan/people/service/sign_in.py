"""Signing in with a password and a second factor, looking sessions up, signing out."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.people.errors import OwnRequest, PersonUnknown, SignInNeeded
from qinghuan.people.gate import Gate
from qinghuan.people.lockout import Failures
from qinghuan.people.model import Actor, Right, SessionState
from qinghuan.people.repository import attempts, keys, persons, sessions
from qinghuan.people.repository.sealed import sealed
from qinghuan.people.rights import require
from qinghuan.people.secret import (
    TOKEN_BYTES,
    fingerprint,
    is_session_token,
    is_spoken_code,
    session_token,
)
from qinghuan.people.service.audit import Deed, act, note
from qinghuan.people.service.standing import actor_of
from qinghuan.people.service.trying import (
    Outcome,
    SignInRefused,
    Try,
    begin_try,
    fail_try,
    login_key_of,
    pass_try,
)
from qinghuan.people.session import OpenSession, is_dead
from qinghuan.people.totp import step_of

LONGEST_INPUT = 256
"""Of a name, password or code; more is cut off unread."""

SEEN_EVERY_S = 1.0
"""A session used again within this is not written again. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session opened or come one step further, with the token that opens it now."""

    token: str
    """For the cookie; it is kept nowhere and was never valid before."""
    actor: Actor


def sign_in(
    session: Session, gate: Gate, login_name: str, password: str, source: str, at: datetime
) -> SignedIn | SignInRefused:
    """Sign in by password: the first factor.

    Args:
        session: A transaction to be committed whatever the answer: it holds the count.
        gate: The gate.
        login_name: As typed.
        password: As typed.
        source: Address the request came from.
        at: Now.

    Returns:
        A session, perhaps still without rights (`actor.state`), or a refusal.
    """
    login_name = login_name.strip().lower()[:LONGEST_INPUT]
    opened = begin_try(session, gate, login_name, source, at)
    if isinstance(opened, SignInRefused):
        return opened
    credential = keys.credential_by_login(session, login_name)
    kept = None if credential is None else credential.password_hash
    is_right = gate.passwords.is_right(password[:LONGEST_INPUT], kept)
    if credential is None:
        return fail_try(session, gate, opened, None)
    if not is_right or not credential.opens(at):
        return fail_try(session, gate, opened, credential.person_id)
    if gate.passwords.is_outdated(credential.password_hash):
        again = gate.passwords.hashed(password[:LONGEST_INPUT])
        keys.rehash_password(session, credential.person_id, again)
    return _open(session, gate, opened, credential.person_id)


def second_factor(
    session: Session, gate: Gate, token: str, code: str, source: str, at: datetime
) -> SignedIn | SignInRefused:
    """Show the second factor: a code of the authenticator, or a recovery code.

    Args:
        session: A transaction to be committed whatever the answer: it holds the count.
        gate: The gate.
        token: Of the session opened by the password.
        code: Six digits, or sixteen letters of a recovery code; each opens once.
        source: Address the request came from.
        at: Now.

    Raises:
        SignInNeeded: The session is none, or dead.
    """
    found, actor = _living(session, gate, token, at)
    if actor.state is not SessionState.NEEDS_SECOND_FACTOR:
        return SignedIn(token=token, actor=actor)
    person = persons.person_for_gate(session, found.person_id)
    opened = begin_try(session, gate, person.login_name, source, at)
    if isinstance(opened, SignInRefused):
        return opened
    if not _shows_factor(session, gate, found.person_id, code[:LONGEST_INPUT], at):
        return fail_try(session, gate, opened, found.person_id)
    signed_in = rotate(session, gate, replace(found, factor_at=at), at)
    pass_try(session, opened, found.person_id, Outcome.SIGNED_IN)
    _note_signed_in(session, signed_in.actor, at)
    return signed_in


def actor_of_session(
    session: Session, gate: Gate, token: str, at: datetime, *, is_use: bool = True
) -> Actor:
    """Who a session's token stands for now; roles are read afresh.

    Args:
        session: A SYSTEM transaction, or any: it steps up by itself.
        gate: The gate.
        token: From the cookie.
        at: Now.
        is_use: Whether this keeps the session awake; a page that polls by itself does not.

    Raises:
        SignInNeeded: There is no such session, it is dead, or its owner is let in no more.
    """
    with sealed(session):
        found, actor = _living(session, gate, token, at)
        if is_use and (at - found.last_seen_at).total_seconds() >= SEEN_EVERY_S:
            sessions.touch_session(session, found.id, at)
    return actor


def sign_out(session: Session, actor: Actor, at: datetime) -> None:
    """End the actor's session."""
    if actor.session_id is not None:
        sessions.end_session(session, actor.session_id, at)


def sign_out_everywhere(
    session: Session, gate: Gate, actor: Actor, person_id: UUID, at: datetime
) -> int:
    """End all sessions of a person: one's own, or another's by who manages persons there.

    Returns:
        How many ended.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: It is another's and the actor does not manage persons there.
        LogStopped: The log stands still.
    """
    if person_id != actor.person_id:
        person = persons.person_of(session, person_id)
        if person is None:
            raise PersonUnknown
        require(actor, Right.MANAGE_PERSONS, person.area_code)
    deed = Deed(kind="session.all-ended", subject=f"person/{person_id}")
    act(session, gate, actor, deed, at)
    return sessions.end_sessions(session, person_id, at)


def unlock(session: Session, gate: Gate, actor: Actor, person_id: UUID, at: datetime) -> None:
    """Forget a person's wrong tries before the lock ends by itself.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor does not manage persons there.
        OwnRequest: It is the actor's own account.
        LogStopped: The log stands still.
    """
    person = persons.person_of(session, person_id)
    if person is None:
        raise PersonUnknown
    require(actor, Right.MANAGE_PERSONS, person.area_code)
    if person_id == actor.person_id:
        raise OwnRequest
    deed = Deed(kind="person.unlocked", subject=f"person/{person_id}", area_code=person.area_code)
    act(session, gate, actor, deed, at)
    key = login_key_of(gate, person.login_name)
    attempts.failures_held(session, key)
    attempts.keep_failures(session, key, Failures())


def rotate(session: Session, gate: Gate, found: OpenSession, at: datetime) -> SignedIn:
    """Give a session a new token as its rights change; the old one is worthless.

    Raises:
        SignInNeeded: Its owner is let in no more.
    """
    token = session_token(gate.entropy(TOKEN_BYTES))
    sessions.rotate_session(session, found.id, fingerprint(token), found.factor_at)
    actor = actor_of(session, gate, found, at)
    if actor is None:
        raise SignInNeeded
    return SignedIn(token=token, actor=actor)


def own_session(session: Session, gate: Gate, actor: Actor, at: datetime) -> OpenSession:
    """The session an actor acts in.

    Raises:
        SignInNeeded: He acts in none, or it is dead.
    """
    found = None if actor.session_id is None else sessions.session_of(session, actor.session_id)
    if found is None or is_dead(found, gate.sessions, at):
        raise SignInNeeded
    return found


def _open(session: Session, gate: Gate, opened: Try, person_id: UUID) -> SignedIn:
    """Open a session for a right password."""
    token = session_token(gate.entropy(TOKEN_BYTES))
    new = OpenSession(
        id=new_id(),
        person_id=person_id,
        started_at=opened.at,
        last_seen_at=opened.at,
        source=opened.source,
    )
    sessions.open_session(session, new, fingerprint(token))
    actor = actor_of(session, gate, new, opened.at)
    if actor is None:
        raise SignInNeeded
    awaits_factor = actor.state is SessionState.NEEDS_SECOND_FACTOR
    outcome = Outcome.PASSWORD_RIGHT if awaits_factor else Outcome.SIGNED_IN
    pass_try(session, opened, person_id, outcome)
    if not awaits_factor:
        _note_signed_in(session, actor, opened.at)
    return SignedIn(token=token, actor=actor)


def _living(session: Session, gate: Gate, token: str, at: datetime) -> tuple[OpenSession, Actor]:
    """The living session of a token and its actor."""
    if not is_session_token(token):
        raise SignInNeeded
    found = sessions.session_by_token(session, fingerprint(token))
    if found is None or is_dead(found, gate.sessions, at):
        raise SignInNeeded
    actor = actor_of(session, gate, found, at)
    if actor is None:
        raise SignInNeeded
    return found, actor


def _shows_factor(session: Session, gate: Gate, person_id: UUID, code: str, at: datetime) -> bool:
    """Whether a code is right and unused; it is used up by asking."""
    if is_spoken_code(code):
        return keys.use_recovery_code(session, person_id, fingerprint(code), at)
    factor = keys.factor_of(session, person_id)
    if factor is None or factor.secret_sealed is None:
        return False
    secret = gate.vault.unseal(factor.secret_sealed, f"people_factor.secret/{person_id}")
    step = step_of(secret, code, at, factor.last_step)
    return step is not None and keys.use_step(session, person_id, step)


def _note_signed_in(session: Session, actor: Actor, at: datetime) -> None:
    """Remember who came in; not stopped when the log is, or nobody could mend it."""
    deed = Deed(
        kind="session.opened",
        subject=f"person/{actor.person_id}",
        data={"session": str(actor.session_id), "state": actor.state.value},
    )
    note(session, actor.reference, deed, at)
