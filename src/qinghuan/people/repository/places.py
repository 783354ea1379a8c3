"""Areas and offices in and out of their tables."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, insert, select, update
from sqlalchemy.orm import Session

from qinghuan.people.area import is_fictional, level_of, parent_of
from qinghuan.people.model import Area, Office, OfficeKind, Page, PageAsked
from qinghuan.people.outline import Outline, outline_of
from qinghuan.people.repository.paging import holds, lies_in, page_of
from qinghuan.people.tables import places

_area = places.area.c
_office = places.office.c


def area_exists(session: Session, area_code: str) -> bool:
    """Whether an area is there."""
    return bool(session.scalar(select(exists().where(_area.area_code == area_code))))


def area_of(session: Session, area_code: str) -> Area | None:
    """One area."""
    row = session.execute(_areas().where(_area.area_code == area_code)).one_or_none()
    return None if row is None else _area_noun(row)


def areas_below(session: Session, area_code: str) -> tuple[Area, ...]:
    """The areas one level below."""
    rows = session.execute(_areas().where(_area.parent_code == area_code).order_by(_area.area_code))
    return tuple(_area_noun(row) for row in rows)


def area_page(session: Session, asked: PageAsked, within: tuple[str, ...]) -> Page[Area]:
    """Areas in some areas, by code."""
    found = _areas().where(
        lies_in(_area.area_code, within),
        holds(asked.text, _area.name, _area.name_en, _area.area_code),
    )
    return page_of(session, found.order_by(_area.area_code), asked, _area_noun)


def area_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names of areas by code; what is unknown is left out."""
    rows = session.execute(
        select(_area.area_code, _area.name).where(_area.area_code.in_(list(codes)))
    )
    return {row.area_code: row.name for row in rows}


def add_area(session: Session, area: Area, at: datetime) -> None:
    """Add an area; the area it lies in must be there, if it is not at the top."""
    above = parent_of(area.area_code)
    session.execute(
        insert(places.area).values(
            area_code=area.area_code,
            name=area.name,
            name_en=area.name_en,
            level=int(level_of(area.area_code)),
            parent_code=above if above and area_exists(session, above) else None,
            is_fictional=is_fictional(area.area_code),
            longitude_deg=area.longitude_deg,
            latitude_deg=area.latitude_deg,
            created_at=at,
            changed_at=at,
        )
    )


def rename_area(session: Session, area_code: str, name: str, name_en: str, at: datetime) -> None:
    """Give an area another name."""
    session.execute(
        update(places.area)
        .where(_area.area_code == area_code)
        .values(name=name, name_en=name_en, changed_at=at)
    )


def outline_kept(session: Session, area_code: str) -> Outline | None:
    """An area's outline, if one was imported."""
    kept = session.scalar(select(_area.outline).where(_area.area_code == area_code))
    return None if kept is None else outline_of(kept)


def geometries_of(
    session: Session, within: tuple[str, ...], level: int | None
) -> tuple[tuple[Area, Any], ...]:
    """Areas with their outlines as GeoJSON geometries, for a map."""
    found = (
        _areas()
        .add_columns(_area.outline)
        .where(lies_in(_area.area_code, within), _area.outline.is_not(None))
        .order_by(_area.area_code)
    )
    if level is not None:
        found = found.where(_area.level == level)
    return tuple((_area_noun(row), row.outline) for row in session.execute(found))


def keep_outline(session: Session, area_code: str, outline: Outline, at: datetime) -> None:
    """Replace an area's outline and its centre."""
    centre = outline.centre()
    session.execute(
        update(places.area)
        .where(_area.area_code == area_code)
        .values(
            outline=outline.geometry(),
            longitude_deg=centre.longitude_deg,
            latitude_deg=centre.latitude_deg,
            changed_at=at,
        )
    )


def office_of(session: Session, office_id: UUID) -> Office | None:
    """One office."""
    row = session.execute(select(places.office).where(_office.id == office_id)).one_or_none()
    return None if row is None else _office_noun(row)


def office_page(session: Session, asked: PageAsked, within: tuple[str, ...]) -> Page[Office]:
    """Offices in some areas, by area and name."""
    found = select(places.office).where(
        lies_in(_office.area_code, within),
        holds(asked.text, _office.name, _office.name_en, _office.credit_code),
    )
    order = (_office.area_code, _office.name, _office.id)
    return page_of(session, found.order_by(*order), asked, _office_noun)


def add_office(session: Session, office: Office, at: datetime) -> None:
    """Add an office."""
    session.execute(
        insert(places.office).values(
            id=office.id,
            name=office.name,
            name_en=office.name_en,
            kind=office.kind.value,
            area_code=office.area_code,
            credit_code=office.credit_code,
            created_at=at,
            changed_at=at,
        )
    )


def change_office(session: Session, office: Office, at: datetime) -> None:
    """Write an office's name, kind and credit code anew; it stays in its area."""
    session.execute(
        update(places.office)
        .where(_office.id == office.id)
        .values(
            name=office.name,
            name_en=office.name_en,
            kind=office.kind.value,
            credit_code=office.credit_code,
            changed_at=at,
        )
    )


def credit_code_taken(session: Session, credit_code: str, but: UUID) -> bool:
    """Whether another office has this credit code."""
    taken = exists().where(_office.credit_code == credit_code, _office.id != but)
    return bool(session.scalar(select(taken)))


def _areas() -> Select[Any]:
    """Areas without the weight of their outlines."""
    return select(
        _area.area_code,
        _area.name,
        _area.name_en,
        _area.longitude_deg,
        _area.latitude_deg,
        _area.is_fictional,
        _area.outline.is_not(None).label("has_outline"),
    )


def _area_noun(row: Row[Any]) -> Area:
    return Area(
        area_code=row.area_code,
        name=row.name,
        name_en=row.name_en,
        longitude_deg=row.longitude_deg,
        latitude_deg=row.latitude_deg,
        has_outline=row.has_outline,
        is_fictional=row.is_fictional,
    )


def _office_noun(row: Row[Any]) -> Office:
    return Office(
        id=row.id,
        name=row.name,
        name_en=row.name_en,
        kind=OfficeKind(row.kind),
        area_code=row.area_code,
        credit_code=row.credit_code,
    )
