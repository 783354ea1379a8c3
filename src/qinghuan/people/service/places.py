"""Areas and offices: added, renamed, outlined, listed."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.people.adapters import gazetteer
from qinghuan.people.area import parent_of, short_code
from qinghuan.people.credit_code import checked
from qinghuan.people.errors import (
    AreaExists,
    AreaUnknown,
    AreaWithoutParent,
    CreditCodeTaken,
    NameMissing,
    OfficeUnknown,
    PeopleError,
)
from qinghuan.people.gate import Gate
from qinghuan.people.model import Actor, Area, Office, OfficeKind, Page, PageAsked, Right
from qinghuan.people.outline import (
    CoordinateSystem,
    OutlineRead,
    OutlineRefused,
    looks_gcj02,
    read_outlines,
)
from qinghuan.people.repository import places
from qinghuan.people.rights import require, rights_in
from qinghuan.people.service.audit import Deed, act

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDraft:
    """What is written about an office."""

    name: str
    kind: OfficeKind
    area_code: str
    credit_code: str | None = None
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file of outlines."""

    added: tuple[str, ...]
    """Codes of areas that were not there before."""
    outlined: tuple[str, ...]
    """Codes of areas that have a new outline."""
    refused: tuple[OutlineRefused, ...]
    look_gcj02: tuple[str, ...]
    """Codes whose outline fits the known one only as GCJ-02: probably declared wrongly."""


def create_area(session: Session, gate: Gate, actor: Actor, area: Area, at: datetime) -> Area:
    """Add an area; without a name it takes the published one of its code.

    Raises:
        AreaCodeMalformed: The code is none.
        RightMissing: The actor does not manage areas there.
        AreaWithoutParent: The area it lies in is not there.
        AreaExists: It is there already.
        NameMissing: It has no name, given or published.
        LogStopped: The log stands still.
    """
    code = short_code(area.area_code)
    require(actor, Right.MANAGE_AREAS, code)
    if places.area_exists(session, code):
        raise AreaExists(code)
    above = parent_of(code)
    if above is not None and not places.area_exists(session, above):
        raise AreaWithoutParent(code, above)
    name = _named(area.name or gazetteer.name_of(code) or "")
    new = replace(area, area_code=code, name=name, name_en=area.name_en.strip()[:LONGEST_NAME])
    act(session, gate, actor, _area_deed("area.created", code, name=name), at)
    places.add_area(session, new, at)
    return new


def found_area(session: Session, area_code: str, at: datetime) -> Area:
    """Make sure a top area and those above it are there, before anybody has a right to.

    For the first set-up and for a demo's seed; an area already there is left as it is.
    """
    code = short_code(area_code)
    above = parent_of(code)
    if above is not None:
        found_area(session, above, at)
    if not places.area_exists(session, code):
        name = gazetteer.name_of(code) or f"区域 {code}"
        places.add_area(session, Area(area_code=code, name=name), at)
    return area_of(session, code)


def rename_area(session: Session, gate: Gate, actor: Actor, area: Area, at: datetime) -> None:
    """Give an area another name.

    Raises:
        RightMissing: The actor does not manage areas there.
        AreaUnknown: It is not there.
        NameMissing: The name is empty or too long.
        LogStopped: The log stands still.
    """
    code = short_code(area.area_code)
    require(actor, Right.MANAGE_AREAS, code)
    before = area_of(session, code)
    name = _named(area.name)
    act(session, gate, actor, _area_deed("area.renamed", code, name=name, was=before.name), at)
    places.rename_area(session, code, name, area.name_en.strip()[:LONGEST_NAME], at)


def import_outlines(
    session: Session,
    gate: Gate,
    actor: Actor,
    document: bytes,
    system: CoordinateSystem | None,
    at: datetime,
) -> ImportReport:
    """Draw areas from a GeoJSON file; areas not there yet are added below those that are.

    Raises:
        CoordinatesUndeclared: No coordinate system was given.
        OutlinesUnreadable: The file is not GeoJSON in degrees.
        LogStopped: The log stands still.
    """
    read, refused_early = read_outlines(document, system)
    added: list[str] = []
    outlined: list[str] = []
    suspicious: list[str] = []
    refused = list(refused_early)
    for one in sorted(read, key=lambda each: len(each.area_code)):
        try:
            is_new = _take_in(session, gate, actor, one, at)
        except PeopleError as error:
            refused.append(
                OutlineRefused(
                    number=read.index(one) + 1,
                    label=one.name or one.area_code,
                    code=error.code,
                    why_zh=error.message_zh(),
                )
            )
            continue
        known = places.outline_kept(session, one.area_code)
        act(session, gate, actor, _outline_deed(one, system), at)
        places.keep_outline(session, one.area_code, one.outline, at)
        outlined.append(one.area_code)
        if is_new:
            added.append(one.area_code)
        if known is not None and looks_gcj02(one.outline, known):
            suspicious.append(one.area_code)
    return ImportReport(
        added=tuple(added),
        outlined=tuple(outlined),
        refused=tuple(refused),
        look_gcj02=tuple(suspicious),
    )


def area_of(session: Session, area_code: str) -> Area:
    """One area.

    Raises:
        AreaUnknown: It is not there.
    """
    found = places.area_of(session, area_code)
    if found is None:
        raise AreaUnknown(area_code)
    return found


def areas_below(session: Session, area_code: str) -> tuple[Area, ...]:
    """The areas one level below, by code."""
    return places.areas_below(session, area_code)


def list_areas(session: Session, asked: PageAsked, within: tuple[str, ...]) -> Page[Area]:
    """Areas that are, or lie in, some areas; by code."""
    return places.area_page(session, asked, within)


def area_names(session: Session, codes: tuple[str, ...]) -> dict[str, str]:
    """Names of areas by code, for lists; unknown codes are left out."""
    return places.area_names(session, codes)


def outlines_for_map(
    session: Session, within: tuple[str, ...], level: int | None = None
) -> dict[str, Any]:
    """Outlines of areas as a GeoJSON FeatureCollection in WGS84; of one level, or all."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": area.area_code,
                "properties": {
                    "area_code": area.area_code,
                    "name": area.name,
                    "name_en": area.name_en,
                    "is_fictional": area.is_fictional,
                },
                "geometry": geometry,
            }
            for area, geometry in places.geometries_of(session, within, level)
        ],
    }


def create_office(
    session: Session, gate: Gate, actor: Actor, draft: OfficeDraft, at: datetime
) -> Office:
    """Add an office.

    Raises:
        RightMissing: The actor does not manage offices there.
        AreaUnknown: Its area is not there.
        NameMissing: The name is empty or too long.
        CreditCodeWrong: The credit code fails its check.
        CreditCodeTaken: Another office has it.
        LogStopped: The log stands still.
    """
    code = short_code(draft.area_code)
    require(actor, Right.MANAGE_OFFICES, code)
    area_of(session, code)
    office = _office(session, new_id(), replace(draft, area_code=code))
    act(session, gate, actor, _office_deed("office.created", office), at)
    places.add_office(session, office, at)
    return office


def change_office(
    session: Session, gate: Gate, actor: Actor, office: Office, at: datetime
) -> Office:
    """Write an office's name, kind and credit code anew; it stays in its area.

    Raises:
        OfficeUnknown: It is not there.
        RightMissing: The actor does not manage offices there.
        NameMissing: The name is empty or too long.
        CreditCodeWrong: The credit code fails its check.
        CreditCodeTaken: Another office has it.
        LogStopped: The log stands still.
    """
    before = office_of(session, office.id)
    require(actor, Right.MANAGE_OFFICES, before.area_code)
    draft = OfficeDraft(
        name=office.name,
        kind=office.kind,
        area_code=before.area_code,
        credit_code=office.credit_code,
        name_en=office.name_en,
    )
    changed = _office(session, office.id, draft)
    act(session, gate, actor, _office_deed("office.changed", changed), at)
    places.change_office(session, changed, at)
    return changed


def office_of(session: Session, office_id: UUID) -> Office:
    """One office.

    Raises:
        OfficeUnknown: It is not there.
    """
    found = places.office_of(session, office_id)
    if found is None:
        raise OfficeUnknown
    return found


def list_offices(session: Session, asked: PageAsked, within: tuple[str, ...]) -> Page[Office]:
    """Offices of areas that are, or lie in, some areas; by area and name."""
    return places.office_page(session, asked, within)


def _take_in(session: Session, gate: Gate, actor: Actor, one: OutlineRead, at: datetime) -> bool:
    """Make sure an outlined area is there; whether it is new."""
    if Right.MANAGE_AREAS in rights_in(actor, one.area_code) and places.area_exists(
        session, one.area_code
    ):
        return False
    create_area(session, gate, actor, Area(area_code=one.area_code, name=one.name), at)
    return True


def _office(session: Session, office_id: UUID, draft: OfficeDraft) -> Office:
    """A draft as an office, if it is sound."""
    credit_code = checked(draft.credit_code) if draft.credit_code else None
    if credit_code and places.credit_code_taken(session, credit_code, office_id):
        raise CreditCodeTaken(credit_code)
    return Office(
        id=office_id,
        name=_named(draft.name),
        kind=draft.kind,
        area_code=draft.area_code,
        credit_code=credit_code,
        name_en=draft.name_en.strip()[:LONGEST_NAME],
    )


def _named(name: str) -> str:
    """A name without blanks around it."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NameMissing(LONGEST_NAME)
    return name


def _area_deed(kind: str, area_code: str, **data: str | int) -> Deed:
    return Deed(kind=kind, subject=f"area/{area_code}", area_code=area_code, data=dict(data))


def _outline_deed(one: OutlineRead, system: CoordinateSystem | None) -> Deed:
    """A deed about an outline: what was drawn, and as what it was declared."""
    return _area_deed(
        "area.outlined",
        one.area_code,
        sha256=hashlib.sha256(json.dumps(one.outline.geometry()).encode()).hexdigest(),
        declared=system.value if system else "",
        vertices=one.outline.vertices(),
    )


def _office_deed(kind: str, office: Office) -> Deed:
    return Deed(
        kind=kind,
        subject=f"office/{office.id}",
        area_code=office.area_code,
        data={"name": office.name, "kind": office.kind.value, "credit_code": office.credit_code},
    )
