"""Accounts with known secrets, for a demo only."""

from dataclasses import dataclass, field
from datetime import datetime

from qinghuan.infra.database import Session
from qinghuan.people.errors import PlantingRefused, RolesExclusive
from qinghuan.people.gate import Gate
from qinghuan.people.granting import excludes
from qinghuan.people.model import Person, Role
from qinghuan.people.repository import keys
from qinghuan.people.rights import POLICIES
from qinghuan.people.service.persons import PersonDraft, enter_person
from qinghuan.people.service.set_up import give_at_set_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A demo's account: who, in which roles, and the secrets the sign-in page shows."""

    draft: PersonDraft
    roles: tuple[Role, ...]
    password: str
    totp_secret: str = field(default="")
    """Base32; empty leaves the account without a second factor."""


def plant_person(session: Session, gate: Gate, planted: Planted, at: datetime) -> Person:
    """Add a demo's account, with its roles in its own area and office.

    Raises:
        PlantingRefused: The house runs in production.
        RolesExclusive: Two of the roles exclude each other.
    """
    if gate.is_production:
        raise PlantingRefused
    for one in planted.roles:
        for other in planted.roles:
            if excludes(one, other):
                raise RolesExclusive(POLICIES[one].zh, POLICIES[other].zh)
    person = enter_person(session, gate, planted.draft, at, created_by=None)
    hashed = gate.passwords.hashed(planted.password)
    keys.keep_password(session, person.id, hashed, must_change=False, at=at)
    if planted.totp_secret:
        place = f"people_factor.secret/{person.id}"
        keys.keep_pending_factor(session, person.id, gate.vault.seal(planted.totp_secret, place))
        keys.confirm_factor(session, person.id, 0, at)
    for role in planted.roles:
        give_at_set_up(session, person, role, at)
    return person
