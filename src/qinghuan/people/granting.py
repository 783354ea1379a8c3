"""How a role comes to a person: one asks, another approves, never for oneself.

The first three administrators come in by set-up codes; every later grant passes here.
The laws hold over time: two grants exclude each other only while both run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qinghuan.people.errors import (
    GrantDecided,
    GrantPeriodWrong,
    OwnRequest,
    RoleNotGranted,
    RolesExclusive,
)
from qinghuan.people.model import Actor, Grant, Right, Role
from qinghuan.people.rights import ADMINISTRATORS, POLICIES, require


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAsked:
    """What is asked for: a role, where, and for how long."""

    person_id: UUID
    role: Role
    area_code: str
    valid_from: datetime
    office_id: UUID | None = None
    valid_until: datetime | None = None


def excludes(first: Role, second: Role) -> bool:
    """Whether no person may hold both at once.

    An administrator is nothing else but a citizen: the three posts exclude each other, and
    whoever gives out rights does not use them.

    Source:
        GB/T 22239-2019, clauses 8.1.5.1-8.1.5.3 and 8.1.7.2 b.
    """
    if first == second or Role.CITIZEN in {first, second}:
        return False
    return first in ADMINISTRATORS or second in ADMINISTRATORS


def check_request(asker: Actor, asked: GrantAsked, standing: Iterable[Grant]) -> None:
    """Judge a request for a role.

    Args:
        asker: Who asks; must be system administrator over the area.
        asked: The role, the person and the period.
        standing: The person's other grants, waiting ones too.

    Raises:
        RoleNotGranted: The public is everybody.
        GrantPeriodWrong: It ends before it begins.
        RightMissing: The asker is not system administrator there.
        OwnRequest: It is for the asker himself.
        RolesExclusive: The person holds or awaits a role that excludes it.
    """
    if asked.role is Role.PUBLIC:
        raise RoleNotGranted
    if asked.valid_until is not None and asked.valid_until <= asked.valid_from:
        raise GrantPeriodWrong
    require(asker, Right.REQUEST_GRANT, asked.area_code)
    if asker.person_id is None or asker.person_id == asked.person_id:
        raise OwnRequest
    _check_exclusive(asked, standing)


def check_approval(approver: Actor, grant: Grant, standing: Iterable[Grant]) -> None:
    """Judge an approval; the same rules hold for declining, but for exclusion.

    Args:
        approver: Who approves; must be security administrator over the area.
        grant: The request.
        standing: The person's other grants, waiting ones too.

    Raises:
        GrantDecided: It was decided before.
        RightMissing: The approver is not security administrator there.
        OwnRequest: It is the approver's own request, or for himself.
        RolesExclusive: The person came to hold a role that excludes it.
    """
    check_decision(approver, grant)
    _check_exclusive(
        GrantAsked(
            person_id=grant.person_id,
            role=grant.role,
            area_code=grant.area_code,
            valid_from=grant.valid_from,
            valid_until=grant.valid_until,
        ),
        (other for other in standing if other.id != grant.id),
    )


def check_decision(decider: Actor, grant: Grant) -> None:
    """Judge who decides on a waiting request, whichever way.

    Raises:
        GrantDecided: It was decided before.
        RightMissing: The decider is not security administrator there.
        OwnRequest: It is the decider's own request, or for himself.
    """
    if not grant.is_waiting():
        raise GrantDecided
    require(decider, Right.APPROVE_GRANT, grant.area_code)
    if decider.person_id in {None, grant.asked_by, grant.person_id}:
        raise OwnRequest


def check_revocation(revoker: Actor, grant: Grant) -> None:
    """Judge taking a role away. One suffices for it, as rights only shrink.

    Raises:
        GrantDecided: It was revoked or declined before.
        RightMissing: The revoker is not security administrator there.
        OwnRequest: It is his own role; another must take it.
    """
    if grant.revoked_at is not None or grant.declined_at is not None:
        raise GrantDecided
    require(revoker, Right.REVOKE_GRANT, grant.area_code)
    if revoker.person_id in {None, grant.person_id}:
        raise OwnRequest


def _check_exclusive(asked: GrantAsked, standing: Iterable[Grant]) -> None:
    """Refuse a role that another, running at the same time, excludes."""
    for other in standing:
        counts = other.declined_at is None and other.revoked_at is None
        if counts and _overlap(asked, other) and excludes(other.role, asked.role):
            raise RolesExclusive(POLICIES[other.role].zh, POLICIES[asked.role].zh)


def _overlap(asked: GrantAsked, other: Grant) -> bool:
    """Whether two periods share a moment; both hold from, not until."""
    before = other.valid_until is not None and other.valid_until <= asked.valid_from
    after = asked.valid_until is not None and asked.valid_until <= other.valid_from
    return not before and not after
