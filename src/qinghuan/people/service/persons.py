"""Persons: added, changed, let in or not; their phone opened with a reason; their own data."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.people.area import short_code
from qinghuan.people.errors import (
    LoginNameMalformed,
    LoginNameTaken,
    NameMissing,
    OwnRequest,
    PersonUnknown,
    PhoneMalformed,
    ReasonMissing,
    SignInNeeded,
)
from qinghuan.people.gate import Gate
from qinghuan.people.model import (
    Actor,
    Grant,
    Mark,
    OwnSession,
    Page,
    PageAsked,
    Person,
    Right,
    SessionState,
    SignInAttempt,
    Token,
)
from qinghuan.people.repository import attempts, keys, persons, sessions, tokens
from qinghuan.people.rights import areas_of_right, require
from qinghuan.people.service import places
from qinghuan.people.service.audit import Deed, act, note, require_log
from qinghuan.people.service.passwords import give_first_password, phone_place

LONGEST_NAME = 40

_LOGIN_NAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """What is written about a person."""

    login_name: str
    name: str
    post_label: str
    """How screens show him, by post: 值守员 07."""
    area_code: str
    office_id: UUID | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person just added, and the password to hand over; it is shown once."""

    person: Person
    first_password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """Everything kept about a person, for himself.

    Source:
        个人信息保护法, Art. 45 (view and copy).
    """

    person: Person
    phone: str
    grants: tuple[Grant, ...]
    sessions: tuple[OwnSession, ...]
    tokens: tuple[Token, ...]
    attempts: tuple[SignInAttempt, ...]
    """The last hundred tries at signing in."""
    recovery_codes_left: int


def create_person(
    session: Session, gate: Gate, actor: Actor, draft: PersonDraft, at: datetime
) -> NewPerson:
    """Add a person without any role; a role is asked for and approved apart.

    Raises:
        RightMissing: The actor does not manage persons there.
        LoginNameMalformed: The login name has other signs than it may.
        LoginNameTaken: Somebody signs in by it.
        NameMissing: The name or the post is empty or too long.
        PhoneMalformed: The phone is none.
        AreaUnknown: The area is not there.
        OfficeUnknown: The office is not there.
        LogStopped: The log stands still.
    """
    require(actor, Right.MANAGE_PERSONS, short_code(draft.area_code))
    require_log(session, gate, at)
    person = enter_person(session, gate, draft, at, created_by=actor.person_id)
    act(session, gate, actor, _deed("person.created", person), at)
    password = give_first_password(session, gate, person.id, at)
    return NewPerson(person=person, first_password=password)


def enter_person(
    session: Session, gate: Gate, draft: PersonDraft, at: datetime, *, created_by: UUID | None
) -> Person:
    """Check a draft and keep the person; the caller has asked who may and records it."""
    login_name = draft.login_name.strip().lower()
    if _LOGIN_NAME.fullmatch(login_name) is None:
        raise LoginNameMalformed
    if persons.login_name_taken(session, login_name):
        raise LoginNameTaken(login_name)
    area = places.area_of(session, short_code(draft.area_code))
    if draft.office_id is not None:
        places.office_of(session, draft.office_id)
    person = Person(
        id=new_id(),
        login_name=login_name,
        name=_named(draft.name),
        post_label=_named(draft.post_label),
        area_code=area.area_code,
        office_id=draft.office_id,
        mark=Mark.INTERNAL,
        created_at=at,
        has_phone=bool(draft.phone),
    )
    persons.add_person(session, person, _sealed(gate, person.id, draft.phone), created_by)
    return person


def change_person(
    session: Session, gate: Gate, actor: Actor, person: Person, at: datetime
) -> Person:
    """Write a person's name, post and office anew; he stays in his area.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor does not manage persons there.
        NameMissing: The name or the post is empty or too long.
        OfficeUnknown: The office is not there.
        LogStopped: The log stands still.
    """
    before = _managed(session, actor, person.id)
    if person.office_id is not None:
        places.office_of(session, person.office_id)
    changed = replace(
        before,
        name=_named(person.name),
        post_label=_named(person.post_label),
        office_id=person.office_id,
    )
    act(session, gate, actor, _deed("person.changed", changed), at)
    persons.change_person(session, changed)
    return changed


def disable_person(
    session: Session, gate: Gate, actor: Actor, person_id: UUID, at: datetime
) -> None:
    """Let a person in no more, at once; what he did stays.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor does not manage persons there.
        OwnRequest: It is the actor himself.
        LogStopped: The log stands still.
    """
    person = _managed(session, actor, person_id)
    if person_id == actor.person_id:
        raise OwnRequest
    act(session, gate, actor, _deed("person.disabled", person), at)
    persons.disable_person(session, person_id, actor.person_id, at)
    sessions.end_sessions(session, person_id, at)


def enable_person(
    session: Session, gate: Gate, actor: Actor, person_id: UUID, at: datetime
) -> None:
    """Let a person in again.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor does not manage persons there.
        OwnRequest: It is the actor himself.
        LogStopped: The log stands still.
    """
    person = _managed(session, actor, person_id)
    if person_id == actor.person_id:
        raise OwnRequest
    act(session, gate, actor, _deed("person.enabled", person), at)
    persons.enable_person(session, person_id)


def person_of(session: Session, actor: Actor, person_id: UUID) -> Person:
    """One person, for an administrator.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor does not read persons there.
    """
    found = persons.person_of(session, person_id)
    if found is None:
        raise PersonUnknown
    require(actor, Right.READ_PERSONS, found.area_code)
    return found


def list_persons(session: Session, actor: Actor, asked: PageAsked) -> Page[Person]:
    """Persons in the administrator's areas, by login name.

    Raises:
        RightMissing: The actor reads persons nowhere.
    """
    return persons.person_page(session, asked, areas_of_right(actor, Right.READ_PERSONS))


def labels_of(session: Session, person_ids: tuple[UUID, ...]) -> dict[UUID, str]:
    """How persons are shown on every screen, by post."""
    return persons.labels_of(session, person_ids)


def open_phone(
    session: Session, gate: Gate, actor: Actor, person_id: UUID, reason: str, at: datetime
) -> str:
    """Open a person's phone number to call him; every opening stands in the log.

    Returns:
        The number; empty if he left none.

    Raises:
        PersonUnknown: No such person in reach.
        RightMissing: The actor's post does not call people there.
        ReasonMissing: No reason is given.
        LogStopped: The log stands still.
        SealBroken: The number was sealed by another key.
    """
    person = persons.person_of(session, person_id)
    if person is None:
        raise PersonUnknown
    require(actor, Right.OPEN_VAULT, person.area_code)
    deed = replace(_deed("phone.opened", person), reason=reasoned(reason))
    act(session, gate, actor, deed, at)
    return _phone(gate, person_id, persons.phone_sealed_of(session, person_id))


def my_data(session: Session, gate: Gate, actor: Actor) -> OwnData:
    """Everything kept about the actor.

    Raises:
        SignInNeeded: The actor is nobody, a token, or not wholly signed in.
    """
    person_id = _oneself(actor)
    person = persons.person_for_gate(session, person_id)
    own = PageAsked(size=100)
    return OwnData(
        person=person,
        phone=_phone(gate, person_id, persons.phone_for_gate(session, person_id)),
        grants=persons.grants_of(session, person_id),
        sessions=tuple(
            OwnSession(
                id=each.id,
                started_at=each.started_at,
                last_seen_at=each.last_seen_at,
                source=each.source,
            )
            for each in sessions.sessions_of(session, person_id)
        ),
        tokens=tokens.tokens_of(session, person_id),
        attempts=attempts.attempt_page(session, own, person_id).items,
        recovery_codes_left=keys.recovery_codes_left(session, person_id),
    )


def correct_my_phone(session: Session, gate: Gate, actor: Actor, phone: str, at: datetime) -> None:
    """Correct one's own phone number, or take it away.

    Raises:
        SignInNeeded: The actor is nobody, a token, or not wholly signed in.
        PhoneMalformed: It is no phone number.

    Source:
        个人信息保护法, Art. 46 and 47.
    """
    person_id = _oneself(actor)
    persons.keep_phone(session, person_id, _sealed(gate, person_id, phone))
    deed = Deed(kind="phone.corrected", subject=f"person/{person_id}")
    note(session, actor.reference, deed, at)


def reasoned(reason: str) -> str:
    """A reason without blanks around it.

    Raises:
        ReasonMissing: It has under two signs or over two hundred.
    """
    reason = " ".join(reason.split())
    if not 2 <= len(reason) <= 200:
        raise ReasonMissing
    return reason


def _managed(session: Session, actor: Actor, person_id: UUID) -> Person:
    """A person the actor manages."""
    person = persons.person_of(session, person_id)
    if person is None:
        raise PersonUnknown
    require(actor, Right.MANAGE_PERSONS, person.area_code)
    return person


def _oneself(actor: Actor) -> UUID:
    """The person an actor is, when wholly signed in."""
    is_wholly_in = actor.state is SessionState.ACTIVE and actor.token_id is None
    if actor.person_id is None or not is_wholly_in:
        raise SignInNeeded
    return actor.person_id


def _sealed(gate: Gate, person_id: UUID, phone: str) -> bytes | None:
    """A phone number as it is kept."""
    phone = phone.strip()
    if not phone:
        return None
    if _PHONE.fullmatch(phone) is None:
        raise PhoneMalformed
    return gate.vault.seal(phone, phone_place(person_id))


def _phone(gate: Gate, person_id: UUID, sealed_phone: bytes | None) -> str:
    """A phone number as it is read."""
    return gate.vault.unseal(sealed_phone, phone_place(person_id)) if sealed_phone else ""


def _named(name: str) -> str:
    """A name without blanks around it."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NameMissing(LONGEST_NAME)
    return name


def _deed(kind: str, person: Person) -> Deed:
    """A deed about a person: by id and place, never by name."""
    office = str(person.office_id) if person.office_id else None
    return Deed(
        kind=kind,
        subject=f"person/{person.id}",
        area_code=person.area_code,
        data={"area_code": person.area_code, "office": office},
    )
