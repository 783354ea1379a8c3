"""The first run: no default account, three codes for three administrators."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.people.errors import SetUpClosed
from qinghuan.people.gate import Gate
from qinghuan.people.model import Grant, Person, Role
from qinghuan.people.repository import keys, persons
from qinghuan.people.rights import ADMINISTRATORS, POLICIES
from qinghuan.people.secret import CODE_BYTES, fingerprint, is_spoken_code, spoken_code
from qinghuan.people.service.audit import Deed, note
from qinghuan.people.service.passwords import check_password
from qinghuan.people.service.persons import PersonDraft, enter_person
from qinghuan.people.service.places import found_area

CODE_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpCode:
    """A code that makes one administrator, to print once and hand over in person."""

    role: Role
    code: str
    expires_at: datetime


def open_house(
    session: Session, gate: Gate, root_area_code: str, at: datetime
) -> tuple[SetUpCode, ...]:
    """Make set-up codes for the administrators nobody is yet.

    Printed at start while any of the three is missing; codes of an earlier start are void.

    Args:
        session: A SYSTEM transaction.
        gate: The gate.
        root_area_code: Area over which they administer.
        at: Now.

    Returns:
        One code for each missing administrator; none once all three are there.
    """
    missing = [
        role for role in sorted(ADMINISTRATORS) if not persons.anybody_administers(session, role)
    ]
    if not missing:
        return ()
    root = found_area(session, root_area_code, at)
    expires_at = at + timedelta(hours=CODE_HOURS)
    codes = tuple(
        SetUpCode(role=role, code=spoken_code(gate.entropy(CODE_BYTES)), expires_at=expires_at)
        for role in missing
    )
    hashes = {each.role: fingerprint(each.code) for each in codes}
    keys.replace_setup_codes(session, hashes, root.area_code, expires_at)
    return codes


def claim_set_up(
    session: Session, gate: Gate, code: str, draft: PersonDraft, password: str, at: datetime
) -> Person:
    """Become an administrator with a set-up code; a second factor is asked at sign-in.

    Args:
        session: A SYSTEM transaction.
        gate: The gate.
        code: As printed; groups and case do not matter.
        draft: Who it is; the area comes with the code, whatever the draft says.
        password: The password chosen.
        at: Now.

    Raises:
        SetUpClosed: The code is wrong, used or expired, or somebody became it meanwhile.
        PasswordWeak: The password breaks the policy.
        LoginNameTaken: Somebody signs in by the name; each administrator is another person.
        LoginNameMalformed: The login name has other signs than it may.
        NameMissing: The name is empty or too long.
        PhoneMalformed: The phone is none.
    """
    given = keys.use_setup_code(session, fingerprint(code), at) if is_spoken_code(code) else None
    if given is None or persons.anybody_administers(session, given.role):
        raise SetUpClosed
    draft = replace(draft, area_code=given.area_code)
    person = enter_person(session, gate, draft, at, created_by=None)
    check_password(session, gate, person, password)
    keys.keep_password(
        session, person.id, gate.passwords.hashed(password), must_change=False, at=at
    )
    give_at_set_up(session, person, given.role, at)
    return person


def give_at_set_up(session: Session, person: Person, role: Role, at: datetime) -> Grant:
    """Give a role without anyone asking: the first administrators and a demo's people."""
    grant = Grant(
        id=new_id(),
        person_id=person.id,
        role=role,
        area_code=person.area_code,
        office_id=person.office_id,
        asked_by=None,
        asked_at=at,
        reason=f"系统启用：{POLICIES[role].zh}",
        valid_from=at,
        approved_at=at,
    )
    persons.add_grant(session, grant)
    deed = Deed(
        kind="grant.set-up",
        subject=f"grant/{grant.id}",
        area_code=grant.area_code,
        data={"person": str(person.id), "role": role.value, "area_code": grant.area_code},
    )
    note(session, "set-up", deed, at)
    return grant
