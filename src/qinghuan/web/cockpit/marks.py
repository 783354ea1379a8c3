"""A station as a mark on the map: its index or class, or a word where there is none."""

from datetime import datetime

from qinghuan.sensing.service.readings import StationNow
from qinghuan.sensing.standards.factors import factor_of
from qinghuan.web.overview import MapStation
from qinghuan.web.wording import moment

AIR, WATER = frozenset({"22", "27"}), frozenset({"21", "24", "26", "32", "33", "34"})
ROMAN = ("I", "II", "III", "IV", "V", "劣V")


def kind_of(system: str) -> str:
    """`air`, `water` or `other` by system code ST."""
    if system in AIR:
        return "air"
    return "water" if system in WATER else "other"


def mark_of(now: StationNow, at: datetime) -> MapStation:
    """A station's mark.

    Args:
        now: Its latest values.
        at: Now.
    """
    station = now.station
    text, level, detail = _figure(now)
    last = station.last_frame_at
    heard = moment(last) if last and last <= at else ""
    return MapStation(
        id=str(station.id),
        name=station.name,
        kind=kind_of(station.st),
        longitude_deg=station.longitude_deg,
        latitude_deg=station.latitude_deg,
        text=text,
        level=level,
        is_online=last is not None and not station.has_open_silence,
        detail=" · ".join(filter(None, [detail, heard])),
        href=f"/stations/{station.id}",
    )


def _figure(now: StationNow) -> tuple[str, int, str]:
    """What stands in the mark, its level, and what decides it."""
    if now.air is not None and now.air.value is not None and now.air.level is not None:
        return str(now.air.value), now.air.level, _names(now.air.primary)
    if now.water is not None and now.water.value is not None:
        return ROMAN[now.water.value - 1], now.water.value, _names(now.water.worst)
    return "–", 0, ""


def _names(codes: tuple[str, ...]) -> str:
    found = [factor_of(code) for code in codes]
    return "、".join(each.name_zh for each in found if each)
