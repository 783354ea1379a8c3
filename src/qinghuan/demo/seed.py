"""Fills an empty database with the demo city: areas, offices, posts, stations, limits.

Asked again it changes nothing: the city is entered in one transaction or not at all, and each
station once.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from qinghuan.demo import town
from qinghuan.demo.geography import atlas
from qinghuan.demo.hours.stations import PASSWORD as STATION_PASSWORD
from qinghuan.demo.hours.stations import STATIONS, DemoStation
from qinghuan.infra.database import SYSTEM, Database, Session
from qinghuan.people.errors import LoginNameTaken
from qinghuan.people.gate import Gate
from qinghuan.people.model import Actor, Area
from qinghuan.people.outline import CoordinateSystem
from qinghuan.people.service.persons import PersonDraft
from qinghuan.people.service.places import (
    OfficeDraft,
    create_area,
    create_office,
    found_area,
    import_outlines,
    rename_area,
)
from qinghuan.people.service.planting import Planted, plant_person
from qinghuan.people.service.standing import acting_person
from qinghuan.sensing.errors import StationTaken
from qinghuan.sensing.model import StationForm
from qinghuan.sensing.service.stations import register_station

PROVINCE = Area(area_code="99", name="演示省", name_en="Demonstration Province")
ACTOR = "demo"
"""Who the records name as having seeded the city."""

CADENCE_S = 60

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was entered this time; all zero when everything was there."""

    areas: int = 0
    offices: int = 0
    posts: int = 0
    stations: int = 0


def seed(database: Database, gate: Gate, at: datetime) -> Seeded:
    """Enter whatever of the demo city is not there yet.

    Args:
        database: Migrated, empty or seeded before.
        gate: The gate; in production it refuses accounts with known secrets.
        at: Now.

    Raises:
        PlantingRefused: The house runs in production.
    """
    with database.transaction(SYSTEM) as session:
        seeded = _seed_city(session, gate, at)
    with database.transaction(SYSTEM) as session:
        stations = sum(_enter_station(session, station, at) for station in STATIONS)
    seeded = Seeded(
        areas=seeded.areas, offices=seeded.offices, posts=seeded.posts, stations=stations
    )
    _log.info("demo.seeded", areas=seeded.areas, posts=seeded.posts, stations=stations)
    return seeded


def _seed_city(session: Session, gate: Gate, at: datetime) -> Seeded:
    """Areas, offices and posts, unless the first of the posts is there."""
    found_area(session, PROVINCE.area_code, at)
    try:
        first = _plant(session, gate, town.SYSTEM_ADMIN, {}, at)
    except LoginNameTaken:
        return Seeded()
    actor = acting_person(session, first, at)
    rename_area(session, gate, actor, PROVINCE, at)
    areas = [
        Area(area_code=area.area_code, name=area.name, name_en=area.name_en)
        for area in atlas.demo_areas()
    ]
    for area in areas:
        create_area(session, gate, actor, area, at)
    _draw(session, gate, actor, at)
    offices = {
        office.key: _enter_office(session, gate, actor, office, at) for office in town.OFFICES
    }
    others = [post for post in town.POSTS if post is not town.SYSTEM_ADMIN]
    for post in others:
        _plant(session, gate, post, offices, at)
    return Seeded(areas=len(areas) + 1, offices=len(offices), posts=len(others) + 1)


def _draw(session: Session, gate: Gate, actor: Actor, at: datetime) -> None:
    """Give the areas their outlines."""
    report = import_outlines(
        session, gate, actor, atlas.document("areas"), CoordinateSystem.WGS84, at
    )
    if report.refused:
        reasons = json.dumps([each.why_zh for each in report.refused], ensure_ascii=False)
        raise ValueError(reasons)


def _enter_office(
    session: Session, gate: Gate, actor: Actor, office: town.DemoOffice, at: datetime
) -> UUID:
    """Add an office."""
    draft = OfficeDraft(
        name=office.name, name_en=office.name_en, kind=office.kind, area_code=office.area_code
    )
    return create_office(session, gate, actor, draft, at).id


def _plant(
    session: Session, gate: Gate, post: town.DemoPost, offices: dict[str, UUID], at: datetime
) -> UUID:
    """Add a post with its account. The name is the post's: nobody is invented."""
    draft = PersonDraft(
        login_name=post.login_name,
        name=post.label,
        post_label=post.label,
        area_code=post.area_code,
        office_id=offices.get(post.office),
        phone=town.PHONE,
    )
    planted = Planted(
        draft=draft, roles=post.roles, password=town.PASSWORD, totp_secret=post.totp_secret
    )
    return plant_person(session, gate, planted, at).id


def _enter_station(session: Session, station: DemoStation, at: datetime) -> bool:
    """Register a station; whether it is new."""
    form = StationForm(
        mn=station.mn,
        name=station.name,
        st=station.st,
        area_code=station.area_code,
        mark=0,
        longitude_deg=station.place.longitude_deg,
        latitude_deg=station.place.latitude_deg,
        area_class=station.area_class,
        cadence_s=CADENCE_S,
        is_simulated=True,
    )
    try:
        register_station(session, form, STATION_PASSWORD, actor=ACTOR, at=at)
    except StationTaken:
        return False
    return True
