"""Enrolling an authenticator, and taking one away."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from qinghuan.infra.database import Session
from qinghuan.people.errors import OwnRequest, PersonUnknown, SecondFactorNotBegun, SignInNeeded
from qinghuan.people.gate import Gate
from qinghuan.people.model import Actor, Right, SessionState
from qinghuan.people.repository import keys, persons, sessions
from qinghuan.people.rights import require
from qinghuan.people.secret import CODE_BYTES, fingerprint, spoken_code
from qinghuan.people.service.audit import Deed, act, note
from qinghuan.people.service.sign_in import SignedIn, own_session, rotate
from qinghuan.people.service.trying import Outcome, SignInRefused
from qinghuan.people.totp import SECRET_BYTES, provisioning_uri, secret_from, step_of

RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A secret to take into an authenticator; nothing changes until its code is shown."""

    secret: str
    uri: str
    """`otpauth://…`, to draw as a QR code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """An authenticator in use, and the codes to keep on paper."""

    signed_in: SignedIn
    recovery_codes: tuple[str, ...]
    """Shown once."""


def begin_enrolment(session: Session, gate: Gate, actor: Actor, at: datetime) -> Enrolment:
    """Make a secret for the actor's authenticator.

    Raises:
        SignInNeeded: The actor acts in no session, or has yet to show the factor he has.
    """
    found = _own(session, gate, actor, at)
    secret = secret_from(gate.entropy(SECRET_BYTES))
    sealed_secret = gate.vault.seal(secret, f"people_factor.secret/{found}")
    keys.keep_pending_factor(session, found, sealed_secret)
    login_name = persons.person_for_gate(session, found).login_name
    return Enrolment(secret=secret, uri=provisioning_uri(secret, login_name, gate.issuer))


def confirm_enrolment(
    session: Session, gate: Gate, actor: Actor, code: str, at: datetime
) -> Enrolled | SignInRefused:
    """Put the secret in use by showing its code; the session goes on under a new token.

    Raises:
        SignInNeeded: The actor acts in no session, or has yet to show the factor he has.
        SecondFactorNotBegun: No secret waits.
    """
    person_id = _own(session, gate, actor, at)
    factor = keys.factor_of(session, person_id)
    if factor is None or factor.pending_sealed is None:
        raise SecondFactorNotBegun
    secret = gate.vault.unseal(factor.pending_sealed, f"people_factor.secret/{person_id}")
    step = step_of(secret, code, at, last_step=0)
    if step is None:
        return SignInRefused(outcome=Outcome.WRONG)
    keys.confirm_factor(session, person_id, step, at)
    codes = tuple(spoken_code(gate.entropy(CODE_BYTES)) for _ in range(RECOVERY_CODES))
    keys.keep_recovery_codes(session, person_id, [fingerprint(each) for each in codes])
    found = own_session(session, gate, actor, at)
    sessions.end_sessions(session, person_id, at, but=found.id)
    signed_in = rotate(session, gate, replace(found, factor_at=at), at)
    note(
        session,
        signed_in.actor.reference,
        Deed(kind="factor.enrolled", subject=f"person/{person_id}"),
        at,
    )
    return Enrolled(signed_in=signed_in, recovery_codes=codes)


def reset_factor(session: Session, gate: Gate, actor: Actor, person_id: UUID, at: datetime) -> None:
    """Take a lost authenticator away; its owner enrols anew at the next sign-in.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor is not security administrator there.
        OwnRequest: It is the actor's own.
        LogStopped: The log stands still.
    """
    person = persons.person_of(session, person_id)
    if person is None:
        raise PersonUnknown
    require(actor, Right.RESET_FACTOR, person.area_code)
    if person_id == actor.person_id:
        raise OwnRequest
    deed = Deed(kind="factor.reset", subject=f"person/{person_id}", area_code=person.area_code)
    act(session, gate, actor, deed, at)
    keys.drop_factor(session, person_id)
    sessions.end_sessions(session, person_id, at)


def _own(session: Session, gate: Gate, actor: Actor, at: datetime) -> UUID:
    """Whose authenticator it is to be."""
    found = own_session(session, gate, actor, at)
    if actor.state is SessionState.NEEDS_SECOND_FACTOR:
        raise SignInNeeded
    return found.person_id
