"""Stations: who may send, and what is known of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.sensing.credentials import SALT_BYTES, hash_password
from qinghuan.sensing.errors import StationInvalid, StationTaken, StationUnknown
from qinghuan.sensing.model import (
    SYSTEMS_ZH,
    Datastream,
    Period,
    Station,
    StationFilter,
    StationForm,
)
from qinghuan.sensing.repository import stations as repository
from qinghuan.sensing.standards.hourly import has_limit
from qinghuan.trace.model import Entry
from qinghuan.trace.service.recording import record

_MN = re.compile(r"[0-9A-Za-z_.-]{1,64}")
_PASSWORD = re.compile(r"[!-:<-~]{1,64}")
"""Printable ASCII without the semicolon that would end the field."""

LEAST_CADENCE_S = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPage:
    """One page of a list of stations."""

    stations: tuple[Station, ...]
    total: int
    """Stations that fit the filter, on all pages."""


def register_station(
    session: Session, form: StationForm, password: str, *, actor: str, at: datetime
) -> Station:
    """Let a station send.

    Args:
        session: The caller's transaction.
        form: Its particulars.
        password: PW as its frames carry it.
        actor: Opaque label of who registers it.
        at: Now.

    Raises:
        StationInvalid: A particular breaks a rule.
        StationTaken: Another station has this MN.
    """
    _check(form)
    _check_password(password)
    station = Station(
        id=new_id(),
        mn=form.mn,
        name=form.name,
        st=form.st,
        area_code=form.area_code,
        mark=form.mark,
        longitude_deg=form.longitude_deg,
        latitude_deg=form.latitude_deg,
        area_class=form.area_class,
        cadence_s=form.cadence_s,
        is_simulated=form.is_simulated,
        is_active=form.is_active,
        registered_at=at,
    )
    salt = token_bytes(SALT_BYTES)
    if not repository.add_station(session, station, salt, hash_password(password, salt)):
        raise StationTaken(form.mn)
    _record(session, "station.registered", station, actor, at)
    return station


def change_station(
    session: Session, station_id: UUID, form: StationForm, *, actor: str, at: datetime
) -> Station:
    """Change a station's particulars; its datastreams move with it and are watched anew.

    Raises:
        StationUnknown: There is no such station in reach.
        StationInvalid: A particular breaks a rule, or the device number is another one: a
            new device is a new station.
    """
    _check(form)
    station = station_of(session, station_id)
    if form.mn != station.mn:
        raise StationInvalid("MN cannot change", "设备唯一标识不可修改，请登记新站点")
    changed = replace(
        station,
        name=form.name,
        st=form.st,
        area_code=form.area_code,
        mark=form.mark,
        longitude_deg=form.longitude_deg,
        latitude_deg=form.latitude_deg,
        area_class=form.area_class,
        cadence_s=form.cadence_s,
        is_simulated=form.is_simulated,
        is_active=form.is_active,
    )
    repository.save_station(session, changed)
    for stream in repository.datastreams_of(session, station_id):
        repository.save_datastream(session, _moved(stream, changed))
    _record(session, "station.changed", changed, actor, at)
    return changed


def change_password(
    session: Session, station_id: UUID, password: str, *, actor: str, at: datetime
) -> None:
    """Give a station another password; the record of it does not hold it.

    Raises:
        StationUnknown: There is no such station in reach.
        StationInvalid: It cannot be sent in a frame.
    """
    _check_password(password)
    station = station_of(session, station_id)
    salt = token_bytes(SALT_BYTES)
    repository.save_password(session, station_id, salt, hash_password(password, salt))
    _record(session, "station.password-changed", station, actor, at)


def station_of(session: Session, station_id: UUID) -> Station:
    """One station.

    Raises:
        StationUnknown: There is no such station in reach.
    """
    station = repository.station_of(session, station_id)
    if station is None:
        raise StationUnknown(str(station_id))
    return station


def station_by_mn(session: Session, mn: str) -> Station:
    """The station with a device number.

    Raises:
        StationUnknown: There is no such station in reach.
    """
    station = repository.station_by_mn(session, mn)
    if station is None:
        raise StationUnknown(mn)
    return station


def list_stations(
    session: Session, wanted: StationFilter, *, limit: int = 50, offset: int = 0
) -> StationPage:
    """A page of the stations in reach, by name.

    Args:
        session: The caller's transaction; its scope decides what is in reach.
        wanted: Filter.
        limit: Stations on a page, 1 to 1000.
        offset: Stations before it.
    """
    limit = min(max(limit, 1), 1000)
    stations = repository.list_stations(session, wanted, limit, max(offset, 0))
    return StationPage(stations=tuple(stations), total=repository.count_stations(session, wanted))


def datastreams_of(session: Session, station_id: UUID) -> Sequence[Datastream]:
    """A station's datastreams, by factor, period and kind."""
    return repository.datastreams_of(session, station_id)


def is_judged_by_standard(stream: Datastream, station: Station) -> bool:
    """Whether some day's standard sets a limit for a datastream: hourly means only."""
    return (
        stream.period == Period.HOUR
        and stream.kind == "Avg"
        and has_limit(stream.code, st=station.st, unit=stream.unit, area_class=station.area_class)
    )


def _moved(stream: Datastream, station: Station) -> Datastream:
    """A datastream as its station's change leaves it."""
    has_standard = is_judged_by_standard(stream, station)
    return replace(
        stream,
        area_code=station.area_code,
        mark=station.mark,
        is_watched=stream.own_limit is not None or has_standard,
    )


def _check(form: StationForm) -> None:
    """Refuse particulars that break a rule, in the words of the field."""
    rules = [
        (_MN.fullmatch(form.mn), "MN is 1 to 64 letters and digits", "MN 应为 1 至 64 位字母数字"),
        (form.name.strip() and len(form.name) <= 100, "name is missing or too long", "请填写名称"),
        (form.st in SYSTEMS_ZH, "ST is not in the list", "系统编码 ST 不在标准表中"),
        (form.area_code.isdecimal(), "area code is not digits", "请选择所属区域"),
        (0 <= form.mark <= 3, "mark is 0 to 3", "安全标记应为 0 至 3"),
        (-180 <= form.longitude_deg <= 180, "longitude is out of range", "经度超出范围"),
        (-90 <= form.latitude_deg <= 90, "latitude is out of range", "纬度超出范围"),
        (0 <= form.area_class <= 5, "class is 0 to 5", "功能区类别应为 0 至 5"),
        (
            form.cadence_s is None or LEAST_CADENCE_S <= form.cadence_s <= 31 * 86_400,
            "cadence is 1 s to 31 days",
            "上报间隔应在 1 秒至 31 天之间",
        ),
    ]
    for keeps, detail, detail_zh in rules:
        if not keeps:
            raise StationInvalid(detail, detail_zh)


def _check_password(password: str) -> None:
    """Refuse a password that no frame can carry."""
    if not _PASSWORD.fullmatch(password):
        raise StationInvalid(
            "password is 1 to 64 printable ASCII characters without ';'",
            "密码应为 1 至 64 位可见字符，不含分号",
        )


def _record(session: Session, kind: str, station: Station, actor: str, at: datetime) -> None:
    """Put what happened to a station into the log."""
    record(
        session,
        Entry(
            kind=kind,
            subject=f"station/{station.mn}",
            at=at,
            actor=actor,
            data={
                "id": str(station.id),
                "name": station.name,
                "st": station.st,
                "area_code": station.area_code,
                "longitude_deg": f"{station.longitude_deg:.6f}",
                "latitude_deg": f"{station.latitude_deg:.6f}",
                "is_simulated": station.is_simulated,
                "is_active": station.is_active,
            },
        ),
    )
