"""Whether wrong tries keep a person out, for whoever administers persons there."""

from datetime import datetime
from uuid import UUID

from qinghuan.infra.database import Session
from qinghuan.people.errors import PersonUnknown
from qinghuan.people.gate import Gate
from qinghuan.people.lockout import Failures, is_locked
from qinghuan.people.model import Actor, Right
from qinghuan.people.repository import attempts, persons
from qinghuan.people.rights import require
from qinghuan.people.service.trying import login_key_of


def failures_of(session: Session, gate: Gate, actor: Actor, person_id: UUID) -> Failures:
    """The wrong tries counted against a person's login name.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor does not read persons there.
    """
    person = persons.person_of(session, person_id)
    if person is None:
        raise PersonUnknown
    require(actor, Right.READ_PERSONS, person.area_code)
    return attempts.failures_of(session, login_key_of(gate, person.login_name))


def locked_until(
    session: Session, gate: Gate, actor: Actor, person_id: UUID, at: datetime
) -> datetime | None:
    """When a person's lock ends by itself; nothing if he is not locked out.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor does not read persons there.
    """
    failures = failures_of(session, gate, actor, person_id)
    return failures.locked_until if is_locked(failures, at) else None
