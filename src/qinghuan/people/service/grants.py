"""Roles: asked for, approved or declined by another, taken away, looked up."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.people.area import ancestors_of, short_code
from qinghuan.people.errors import GrantUnknown, PersonUnknown
from qinghuan.people.gate import Gate
from qinghuan.people.granting import (
    GrantAsked,
    check_approval,
    check_decision,
    check_request,
    check_revocation,
)
from qinghuan.people.model import Actor, Grant, Holder, Page, PageAsked, Right, Role
from qinghuan.people.repository import persons, sessions
from qinghuan.people.rights import areas_of_right
from qinghuan.people.service import places
from qinghuan.people.service.audit import Deed, act
from qinghuan.people.service.persons import reasoned


def request_grant(
    session: Session, gate: Gate, actor: Actor, asked: GrantAsked, reason: str, at: datetime
) -> Grant:
    """Ask for a role for somebody; it gives nothing until another approves.

    Raises:
        RightMissing: The actor is not system administrator there.
        OwnRequest: It is for the actor himself.
        RolesExclusive: The person holds or awaits a role that excludes it.
        GrantPeriodWrong: It ends before it begins.
        RoleNotGranted: The public is everybody.
        PersonUnknown: No such person in reach.
        AreaUnknown: The area is not there.
        OfficeUnknown: The office is not there.
        ReasonMissing: No reason is given.
        LogStopped: The log stands still.
    """
    asked = replace(asked, area_code=short_code(asked.area_code))
    standing = _hold(session, asked.person_id)
    check_request(actor, asked, standing)
    if persons.person_of(session, asked.person_id) is None:
        raise PersonUnknown
    places.area_of(session, asked.area_code)
    if asked.office_id is not None:
        places.office_of(session, asked.office_id)
    grant = Grant(
        id=new_id(),
        person_id=asked.person_id,
        role=asked.role,
        area_code=asked.area_code,
        office_id=asked.office_id,
        asked_by=actor.person_id,
        asked_at=at,
        reason=reasoned(reason),
        valid_from=asked.valid_from,
        valid_until=asked.valid_until,
    )
    act(session, gate, actor, _deed("grant.asked", grant), at)
    persons.add_grant(session, grant)
    return grant


def approve_grant(
    session: Session, gate: Gate, actor: Actor, grant_id: UUID, at: datetime
) -> Grant:
    """Approve a request. The person's sessions end: he comes back with the new role.

    Raises:
        GrantUnknown: No such request in reach.
        RightMissing: The actor is not security administrator there.
        OwnRequest: The actor asked for it, or it is for himself.
        RolesExclusive: The person came to hold a role that excludes it.
        GrantDecided: It was decided before.
        LogStopped: The log stands still.
    """
    grant = _grant(session, grant_id)
    standing = _hold(session, grant.person_id)
    check_approval(actor, grant, standing)
    approved = replace(grant, approved_by=actor.person_id, approved_at=at)
    act(session, gate, actor, _deed("grant.approved", approved), at)
    persons.save_grant(session, approved)
    sessions.end_sessions(session, grant.person_id, at)
    return approved


def decline_grant(
    session: Session, gate: Gate, actor: Actor, grant_id: UUID, at: datetime
) -> Grant:
    """Decline a request.

    Raises:
        GrantUnknown: No such request in reach.
        RightMissing: The actor is not security administrator there.
        OwnRequest: The actor asked for it, or it is for himself.
        GrantDecided: It was decided before.
        LogStopped: The log stands still.
    """
    grant = _grant(session, grant_id)
    check_decision(actor, grant)
    declined = replace(grant, declined_by=actor.person_id, declined_at=at)
    act(session, gate, actor, _deed("grant.declined", declined), at)
    persons.save_grant(session, declined)
    return declined


def revoke_grant(
    session: Session, gate: Gate, actor: Actor, grant_id: UUID, reason: str, at: datetime
) -> Grant:
    """Take a role away at once; the person's sessions end.

    Raises:
        GrantUnknown: No such grant in reach.
        RightMissing: The actor is not security administrator there.
        OwnRequest: It is the actor's own.
        GrantDecided: It was taken away or declined before.
        ReasonMissing: No reason is given.
        LogStopped: The log stands still.
    """
    grant = _grant(session, grant_id)
    check_revocation(actor, grant)
    revoked = replace(grant, revoked_by=actor.person_id, revoked_at=at)
    deed = replace(_deed("grant.revoked", revoked), reason=reasoned(reason))
    act(session, gate, actor, deed, at)
    persons.save_grant(session, revoked)
    sessions.end_sessions(session, grant.person_id, at)
    return revoked


def list_grants(
    session: Session, actor: Actor, asked: PageAsked, *, waiting_only: bool = False
) -> Page[Grant]:
    """Grants in the administrator's areas, the newest request first.

    Raises:
        RightMissing: The actor reads persons nowhere.
    """
    within = areas_of_right(actor, Right.READ_PERSONS)
    return persons.grant_page(session, asked, within, waiting_only=waiting_only)


def grants_of(session: Session, actor: Actor, person_id: UUID) -> tuple[Grant, ...]:
    """A person's grants, oldest first: one's own, or anybody's in an administrator's areas.

    Raises:
        RightMissing: They are another's and the actor reads persons nowhere.
    """
    found = persons.grants_of(session, person_id)
    if person_id == actor.person_id and actor.token_id is None:
        return found
    within = areas_of_right(actor, Right.READ_PERSONS)
    return tuple(grant for grant in found if grant.area_code.startswith(within))


def holders_of(
    session: Session, role: Role, area_code: str, at: datetime, office_id: UUID | None = None
) -> tuple[Holder, ...]:
    """Who holds a role that reaches an area, the nearest first, by post.

    Args:
        session: The caller's transaction.
        role: The role.
        area_code: The place of the matter.
        at: Now.
        office_id: Only those who hold it in this office.
    """
    code = short_code(area_code)
    found = persons.holders(session, role, (code, *ancestors_of(code)), at)
    return tuple(
        sorted(
            (each for each in found if office_id in {None, each.office_id}),
            key=lambda each: -len(each.area_code),
        )
    )


def _grant(session: Session, grant_id: UUID) -> Grant:
    """A grant in reach."""
    found = persons.grant_of(session, grant_id)
    if found is None:
        raise GrantUnknown
    return found


def _hold(session: Session, person_id: UUID) -> tuple[Grant, ...]:
    """All of a person's grants, with nobody else deciding on him meanwhile."""
    persons.hold_person(session, person_id)
    return persons.grants_of(session, person_id)


def _deed(kind: str, grant: Grant) -> Deed:
    """A deed about a grant."""
    return Deed(
        kind=kind,
        subject=f"grant/{grant.id}",
        area_code=grant.area_code,
        reason=grant.reason,
        data={
            "person": str(grant.person_id),
            "role": grant.role.value,
            "area_code": grant.area_code,
            "office": str(grant.office_id) if grant.office_id else None,
            "asked_by": str(grant.asked_by) if grant.asked_by else None,
            "valid_from": grant.valid_from.isoformat(),
            "valid_until": grant.valid_until.isoformat() if grant.valid_until else None,
        },
    )
