"""Who a person is at this moment: his live roles, and how far his session has come."""

from datetime import datetime, timedelta
from uuid import UUID

from qinghuan.infra.database import Session
from qinghuan.people.errors import PersonUnknown
from qinghuan.people.gate import Gate
from qinghuan.people.model import Actor, HeldRole, SessionState
from qinghuan.people.repository import keys, persons
from qinghuan.people.rights import needs_second_factor
from qinghuan.people.session import OpenSession, Standing, state_of


def actor_of(session: Session, gate: Gate, opened: OpenSession, at: datetime) -> Actor | None:
    """The actor a session stands for; nobody if he is let in no more.

    Before the session is active the actor has no roles at all.
    """
    entry = keys.entry_of(session, opened.person_id)
    if entry is None:
        return None
    roles = roles_of(session, opened.person_id, at)
    grown_old_at = entry.changed_at + timedelta(days=gate.password_days)
    state = state_of(
        opened,
        Standing(
            needs_second_factor=needs_second_factor(roles),
            has_second_factor=entry.has_factor,
            must_change_password=entry.must_change or at >= grown_old_at,
        ),
    )
    return Actor(
        person_id=opened.person_id,
        name_label=entry.post_label,
        roles=roles if state is SessionState.ACTIVE else (),
        state=state,
        session_id=opened.id,
    )


def roles_of(session: Session, person_id: UUID, at: datetime) -> tuple[HeldRole, ...]:
    """The roles a person holds at a moment."""
    return tuple(grant.held() for grant in persons.live_grants_of(session, person_id, at))


def label_of(session: Session, person_id: UUID) -> str:
    """How a person is shown, by post."""
    return persons.labels_of(session, [person_id]).get(person_id, "")


def acting_person(session: Session, person_id: UUID, at: datetime) -> Actor:
    """A person as actor without a session: for a demo's seed and for jobs in his name.

    Raises:
        PersonUnknown: There is nobody of this id.
    """
    labels = persons.labels_of(session, [person_id])
    if person_id not in labels:
        raise PersonUnknown
    return Actor(
        person_id=person_id,
        name_label=labels[person_id],
        roles=roles_of(session, person_id, at),
    )
