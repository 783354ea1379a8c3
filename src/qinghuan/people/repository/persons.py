"""Persons and grants in and out of their tables."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from qinghuan.people.model import Grant, Holder, Mark, Page, PageAsked, Person, Role
from qinghuan.people.repository.paging import holds, lies_in, page_of
from qinghuan.people.repository.sealed import sealed
from qinghuan.people.tables import persons

_person = persons.person.c
_grant = persons.grant.c

ROW_MARK = Mark.INTERNAL
"""Mark of a person's and a grant's row: for those who work here, not for the public."""


def add_person(
    session: Session, person: Person, phone_sealed: bytes | None, created_by: UUID | None
) -> None:
    """Add a person."""
    session.execute(
        insert(persons.person).values(
            id=person.id,
            login_name=person.login_name,
            name=person.name,
            post_label=person.post_label,
            phone_sealed=phone_sealed,
            area_code=person.area_code,
            office_id=person.office_id,
            mark=int(person.mark),
            created_at=person.created_at,
            created_by=created_by,
        )
    )


def person_of(session: Session, person_id: UUID) -> Person | None:
    """One person, if the caller's scope reaches him."""
    row = session.execute(select(persons.person).where(_person.id == person_id)).one_or_none()
    return None if row is None else _person_noun(row)


def person_for_gate(session: Session, person_id: UUID) -> Person:
    """A person at the gate, before he has any scope."""
    with sealed(session):
        row = session.execute(select(persons.person).where(_person.id == person_id)).one()
    return _person_noun(row)


def phone_for_gate(session: Session, person_id: UUID) -> bytes | None:
    """A person's phone, sealed, at the gate."""
    with sealed(session):
        return phone_sealed_of(session, person_id)


def hold_person(session: Session, person_id: UUID) -> None:
    """Keep others from deciding on the same person until the transaction ends."""
    with sealed(session):
        session.execute(
            select(_person.id).where(_person.id == person_id).with_for_update()
        ).one_or_none()


def login_name_taken(session: Session, login_name: str) -> bool:
    """Whether anybody, anywhere, signs in by a name."""
    with sealed(session):
        return bool(session.scalar(select(exists().where(_person.login_name == login_name))))


def person_page(session: Session, asked: PageAsked, within: tuple[str, ...]) -> Page[Person]:
    """Persons in some areas, by login name."""
    found = select(persons.person).where(
        lies_in(_person.area_code, within),
        holds(asked.text, _person.name, _person.login_name, _person.post_label),
    )
    return page_of(session, found.order_by(_person.login_name), asked, _person_noun)


def phone_sealed_of(session: Session, person_id: UUID) -> bytes | None:
    """A person's phone, sealed."""
    return session.scalar(select(_person.phone_sealed).where(_person.id == person_id))


def keep_phone(session: Session, person_id: UUID, phone_sealed: bytes | None) -> None:
    """Replace a person's phone; his own row too, which his scope may read but not write."""
    with sealed(session):
        session.execute(
            update(persons.person).where(_person.id == person_id).values(phone_sealed=phone_sealed)
        )


def change_person(session: Session, person: Person) -> None:
    """Write a person's name, post and office anew; he stays in his area."""
    session.execute(
        update(persons.person)
        .where(_person.id == person.id)
        .values(name=person.name, post_label=person.post_label, office_id=person.office_id)
    )


def disable_person(session: Session, person_id: UUID, by: UUID | None, at: datetime) -> None:
    """Let a person in no more."""
    session.execute(
        update(persons.person).where(_person.id == person_id).values(disabled_at=at, disabled_by=by)
    )


def enable_person(session: Session, person_id: UUID) -> None:
    """Let a person in again."""
    session.execute(
        update(persons.person)
        .where(_person.id == person_id)
        .values(disabled_at=None, disabled_by=None)
    )


def labels_of(session: Session, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """How persons are shown on every screen, by post."""
    with sealed(session):
        rows = session.execute(
            select(_person.id, _person.post_label).where(_person.id.in_(list(person_ids)))
        ).all()
    return {row.id: row.post_label for row in rows}


def holders(
    session: Session, role: Role, area_codes: tuple[str, ...], at: datetime
) -> tuple[Holder, ...]:
    """Who holds a role now in any of the areas named, by post."""
    with sealed(session):
        rows = session.execute(
            select(
                _grant.person_id,
                _person.post_label,
                _grant.area_code,
                _grant.office_id,
                _person.phone_sealed.is_not(None).label("has_phone"),
            )
            .join(persons.person, _person.id == _grant.person_id)
            .where(
                _grant.role == role.value,
                _grant.area_code.in_(area_codes),
                _person.disabled_at.is_(None),
                _is_live(at),
            )
            .order_by(_grant.area_code.desc(), _person.post_label, _grant.person_id)
        ).all()
    return tuple(
        Holder(
            person_id=row.person_id,
            post_label=row.post_label,
            area_code=row.area_code,
            office_id=row.office_id,
            has_phone=row.has_phone,
        )
        for row in rows
    )


def add_grant(session: Session, grant: Grant) -> None:
    """Add a grant as it is, waiting or not."""
    session.execute(insert(persons.grant).values(**_grant_row(grant), mark=int(ROW_MARK)))


def save_grant(session: Session, grant: Grant) -> None:
    """Write what became of a grant."""
    session.execute(update(persons.grant).where(_grant.id == grant.id).values(**_grant_row(grant)))


def grant_of(session: Session, grant_id: UUID) -> Grant | None:
    """One grant, held until the transaction ends, if the caller's scope reaches it."""
    row = session.execute(
        select(persons.grant).where(_grant.id == grant_id).with_for_update()
    ).one_or_none()
    return None if row is None else _grant_noun(row)


def grants_of(session: Session, person_id: UUID) -> tuple[Grant, ...]:
    """All of a person's grants, wherever; exclusion must see every one."""
    with sealed(session):
        rows = session.execute(
            select(persons.grant).where(_grant.person_id == person_id).order_by(_grant.asked_at)
        ).all()
    return tuple(_grant_noun(row) for row in rows)


def live_grants_of(session: Session, person_id: UUID, at: datetime) -> tuple[Grant, ...]:
    """The grants by which a person acts now."""
    with sealed(session):
        rows = session.execute(
            select(persons.grant)
            .where(_grant.person_id == person_id, _is_live(at))
            .order_by(_grant.asked_at, _grant.id)
        ).all()
    return tuple(_grant_noun(row) for row in rows)


def grant_page(
    session: Session, asked: PageAsked, within: tuple[str, ...], *, waiting_only: bool
) -> Page[Grant]:
    """Grants in some areas, the newest request first."""
    found = select(persons.grant).where(
        lies_in(_grant.area_code, within), holds(asked.text, _grant.role, _grant.area_code)
    )
    if waiting_only:
        found = found.where(
            _grant.approved_at.is_(None), _grant.declined_at.is_(None), _grant.revoked_at.is_(None)
        )
    order = (_grant.asked_at.desc(), _grant.id)
    return page_of(session, found.order_by(*order), asked, _grant_noun)


def anybody_administers(session: Session, role: Role) -> bool:
    """Whether a role was ever given to anyone."""
    with sealed(session):
        return bool(
            session.scalar(
                select(exists().where(_grant.role == role.value, _grant.approved_at.is_not(None)))
            )
        )


def _is_live(at: datetime) -> ColumnElement[bool]:
    """The same rule as `Grant.is_live`."""
    return and_(
        _grant.approved_at.is_not(None),
        _grant.revoked_at.is_(None),
        _grant.valid_from <= at,
        or_(_grant.valid_until.is_(None), _grant.valid_until > at),
    )


def _person_noun(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        login_name=row.login_name,
        name=row.name,
        post_label=row.post_label,
        area_code=row.area_code,
        office_id=row.office_id,
        mark=Mark(row.mark),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        has_phone=row.phone_sealed is not None,
    )


def _grant_noun(row: Row[Any]) -> Grant:
    facts = {each.name: getattr(row, each.name) for each in fields(Grant)}
    return Grant(**facts | {"role": Role(row.role)})


def _grant_row(grant: Grant) -> dict[str, Any]:
    facts = {each.name: getattr(grant, each.name) for each in fields(Grant)}
    return facts | {"role": grant.role.value}
