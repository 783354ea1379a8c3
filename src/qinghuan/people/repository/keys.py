"""Passwords, second factors and set-up codes in and out of their tables."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from qinghuan.people.model import HeldRole, Role
from qinghuan.people.repository.sealed import sealed
from qinghuan.people.tables import keys, persons

_credential = keys.credential.c
_former = keys.former_password.c
_factor = keys.factor.c
_recovery = keys.recovery_code.c
_setup = keys.setup_code.c
_person = persons.person.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a sign-in by password is checked against."""

    person_id: UUID
    password_hash: str
    must_change: bool
    changed_at: datetime
    expires_at: datetime | None
    is_disabled: bool

    def opens(self, at: datetime) -> bool:
        """Whether its owner is let in and it has not run out."""
        return not self.is_disabled and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What decides how far a person who is let in has come."""

    post_label: str
    must_change: bool
    changed_at: datetime
    has_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A person's authenticator."""

    secret_sealed: bytes | None
    pending_sealed: bytes | None
    enrolled_at: datetime | None
    last_step: int


def credential_by_login(session: Session, login_name: str) -> Credential | None:
    """The credential of whoever signs in by a name."""
    return _credential_where(session, login_name=login_name)


def credential_of(session: Session, person_id: UUID) -> Credential | None:
    """A person's credential."""
    return _credential_where(session, person_id=person_id)


def entry_of(session: Session, person_id: UUID) -> Entry | None:
    """What every request asks of a person before it asks anything else."""
    found = (
        select(
            _person.post_label,
            _person.disabled_at,
            _credential.must_change,
            _credential.changed_at,
            _factor.enrolled_at,
        )
        .join(keys.credential, _credential.person_id == _person.id)
        .outerjoin(keys.factor, _factor.person_id == _person.id)
        .where(_person.id == person_id)
    )
    with sealed(session):
        row = session.execute(found).one_or_none()
    if row is None or row.disabled_at is not None:
        return None
    return Entry(
        post_label=row.post_label,
        must_change=row.must_change,
        changed_at=row.changed_at,
        has_factor=row.enrolled_at is not None,
    )


def keep_password(
    session: Session,
    person_id: UUID,
    password_hash: str,
    *,
    must_change: bool,
    at: datetime,
    expires_at: datetime | None = None,
) -> None:
    """Set a password; the one before it is remembered."""
    values = {
        "password_hash": password_hash,
        "must_change": must_change,
        "changed_at": at,
        "expires_at": expires_at,
    }
    with sealed(session):
        before = session.scalar(
            select(_credential.password_hash).where(_credential.person_id == person_id)
        )
        if before is not None:
            session.execute(
                insert(keys.former_password).values(
                    person_id=person_id, password_hash=before, left_at=at
                )
            )
        session.execute(
            upsert(keys.credential)
            .values(person_id=person_id, **values)
            .on_conflict_do_update(index_elements=["person_id"], set_=values)
        )


def rehash_password(session: Session, person_id: UUID, password_hash: str) -> None:
    """Keep the same password at another cost."""
    with sealed(session):
        session.execute(
            update(keys.credential)
            .where(_credential.person_id == person_id)
            .values(password_hash=password_hash)
        )


def last_hashes(session: Session, person_id: UUID, most: int) -> tuple[str, ...]:
    """Hashes of the present and the last few passwords."""
    with sealed(session):
        present = session.scalars(
            select(_credential.password_hash).where(_credential.person_id == person_id)
        ).all()
        former = session.scalars(
            select(_former.password_hash)
            .where(_former.person_id == person_id)
            .order_by(_former.left_at.desc(), _former.id.desc())
            .limit(most)
        ).all()
    return (*present, *former)


def factor_of(session: Session, person_id: UUID) -> Factor | None:
    """A person's authenticator, enrolled or pending."""
    with sealed(session):
        row = session.execute(
            select(keys.factor).where(_factor.person_id == person_id)
        ).one_or_none()
    if row is None:
        return None
    return Factor(
        secret_sealed=row.secret_sealed,
        pending_sealed=row.pending_sealed,
        enrolled_at=row.enrolled_at,
        last_step=row.last_step,
    )


def keep_pending_factor(session: Session, person_id: UUID, secret_sealed: bytes) -> None:
    """Keep a secret until its first code is shown; the one in use stays in use."""
    with sealed(session):
        session.execute(
            upsert(keys.factor)
            .values(person_id=person_id, pending_sealed=secret_sealed, last_step=0)
            .on_conflict_do_update(
                index_elements=["person_id"], set_={"pending_sealed": secret_sealed}
            )
        )


def confirm_factor(session: Session, person_id: UUID, step: int, at: datetime) -> None:
    """Put the pending secret in use."""
    with sealed(session):
        session.execute(
            update(keys.factor)
            .where(_factor.person_id == person_id)
            .values(
                secret_sealed=_factor.pending_sealed,
                pending_sealed=None,
                enrolled_at=at,
                last_step=step,
            )
        )


def use_step(session: Session, person_id: UUID, step: int) -> bool:
    """Use up a time step; false if another request was faster with it."""
    with sealed(session):
        used = session.execute(
            update(keys.factor)
            .where(_factor.person_id == person_id, _factor.last_step < step)
            .values(last_step=step)
            .returning(_factor.person_id)
        ).all()
    return bool(used)


def drop_factor(session: Session, person_id: UUID) -> None:
    """Forget an authenticator and its recovery codes."""
    with sealed(session):
        session.execute(delete(keys.factor).where(_factor.person_id == person_id))
        session.execute(delete(keys.recovery_code).where(_recovery.person_id == person_id))


def keep_recovery_codes(session: Session, person_id: UUID, hashes: list[bytes]) -> None:
    """Replace a person's recovery codes."""
    with sealed(session):
        session.execute(delete(keys.recovery_code).where(_recovery.person_id == person_id))
        session.execute(
            insert(keys.recovery_code),
            [{"person_id": person_id, "code_hash": each} for each in hashes],
        )


def use_recovery_code(session: Session, person_id: UUID, code_hash: bytes, at: datetime) -> bool:
    """Use up a recovery code; false if it is not his or was used."""
    with sealed(session):
        used = session.execute(
            update(keys.recovery_code)
            .where(
                _recovery.person_id == person_id,
                _recovery.code_hash == code_hash,
                _recovery.used_at.is_(None),
            )
            .values(used_at=at)
            .returning(_recovery.id)
        ).all()
    return bool(used)


def recovery_codes_left(session: Session, person_id: UUID) -> int:
    """How many recovery codes a person still has."""
    with sealed(session):
        left = session.scalar(
            select(func.count()).where(
                _recovery.person_id == person_id, _recovery.used_at.is_(None)
            )
        )
    return left or 0


def replace_setup_codes(
    session: Session, hashes: dict[Role, bytes], area_code: str, expires_at: datetime
) -> None:
    """Keep fresh set-up codes for an area; those printed before open nothing more."""
    with sealed(session):
        session.execute(delete(keys.setup_code).where(_setup.used_at.is_(None)))
        session.execute(
            insert(keys.setup_code),
            [
                {
                    "role": role.value,
                    "area_code": area_code,
                    "code_hash": each,
                    "expires_at": expires_at,
                }
                for role, each in hashes.items()
            ],
        )


def use_setup_code(session: Session, code_hash: bytes, at: datetime) -> HeldRole | None:
    """Use up a set-up code; the role it gives and where, or nothing."""
    with sealed(session):
        given = session.execute(
            update(keys.setup_code)
            .where(_setup.code_hash == code_hash, _setup.used_at.is_(None), _setup.expires_at > at)
            .values(used_at=at)
            .returning(_setup.role, _setup.area_code)
        ).one_or_none()
    return None if given is None else HeldRole(role=Role(given.role), area_code=given.area_code)


def _credential_where(
    session: Session, *, login_name: str | None = None, person_id: UUID | None = None
) -> Credential | None:
    """One credential, with whether its owner is let in at all."""
    found = select(keys.credential, _person.disabled_at).join(
        persons.person, _person.id == _credential.person_id
    )
    found = (
        found.where(_person.login_name == login_name)
        if person_id is None
        else found.where(_person.id == person_id)
    )
    with sealed(session):
        row = session.execute(found).one_or_none()
    if row is None:
        return None
    return Credential(
        person_id=row.person_id,
        password_hash=row.password_hash,
        must_change=row.must_change,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
        is_disabled=row.disabled_at is not None,
    )
