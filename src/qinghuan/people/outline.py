"""Outlines of areas from GeoJSON: read, judged one by one, brought to WGS84.

A file does not tell GCJ-02 from WGS84: the numbers look alike and lie up to 700 m apart.
So whoever imports must say which it is, and where an outline is known already, a new one
that fits better after undoing the Chinese offset is pointed out.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from qinghuan.core.geo import Place, distance_m, from_gcj02
from qinghuan.people.area import short_code
from qinghuan.people.errors import (
    CoordinatesUndeclared,
    OutlinesUnreadable,
    OutlineWrong,
    PeopleError,
)

Ring: TypeAlias = tuple[Place, ...]
Polygon: TypeAlias = tuple[Ring, ...]

MAX_VERTICES = 50_000
"""Of one area; a finer outline only slows every map down."""

MAX_FEATURES = 10_000

SUSPICIOUS_M = 100.0
"""Two outlines of one place this far apart are worth a look; the offset is 300 to 700 m."""

CODE_KEYS = ("area_code", "adcode", "code", "区划代码")
NAME_KEYS = ("name", "NAME", "名称")


class CoordinateSystem(StrEnum):
    """In which coordinates an outline comes. The first two differ by centimetres."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The border of an area, in WGS84."""

    polygons: tuple[Polygon, ...]

    def corners(self) -> tuple[Place, Place]:
        """South-west and north-east corner of the box around it."""
        places = [place for polygon in self.polygons for place in polygon[0]]
        longitudes = [place.longitude_deg for place in places]
        latitudes = [place.latitude_deg for place in places]
        return (
            Place(longitude_deg=min(longitudes), latitude_deg=min(latitudes)),
            Place(longitude_deg=max(longitudes), latitude_deg=max(latitudes)),
        )

    def centre(self) -> Place:
        """Centre of mass of the largest piece."""
        ring = max((polygon[0] for polygon in self.polygons), key=lambda each: abs(_area(each)))
        first, doubled = ring[0], 2 * _area(ring)
        x = y = 0.0
        for one, two in pairwise(ring):
            x1, y1 = one.longitude_deg - first.longitude_deg, one.latitude_deg - first.latitude_deg
            x2, y2 = two.longitude_deg - first.longitude_deg, two.latitude_deg - first.latitude_deg
            cross = x1 * y2 - x2 * y1
            x += (x1 + x2) * cross
            y += (y1 + y2) * cross
        return Place(
            longitude_deg=round(first.longitude_deg + x / (3 * doubled), 7),
            latitude_deg=round(first.latitude_deg + y / (3 * doubled), 7),
        )

    def vertices(self) -> int:
        """How many positions it has."""
        return sum(len(ring) for polygon in self.polygons for ring in polygon)

    def geometry(self) -> dict[str, object]:
        """As a GeoJSON geometry, to seven decimals (a centimetre)."""
        return {
            "type": "MultiPolygon",
            "coordinates": [
                [[[place.longitude_deg, place.latitude_deg] for place in ring] for ring in polygon]
                for polygon in self.polygons
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineRead:
    """One area of a file that can be drawn."""

    area_code: str
    name: str
    outline: Outline


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineRefused:
    """One area of a file that cannot, and why."""

    number: int
    """Place in the file, from 1."""
    label: str
    code: str
    why_zh: str


def read_outlines(
    document: bytes, system: CoordinateSystem | None
) -> tuple[tuple[OutlineRead, ...], tuple[OutlineRefused, ...]]:
    """Read the areas of a GeoJSON file.

    Args:
        document: A FeatureCollection (or one Feature) of polygons with a code each.
        system: The coordinates it is in, as whoever imports declares.

    Returns:
        What can be drawn, and what cannot with its reason.

    Raises:
        CoordinatesUndeclared: No coordinate system was given.
        OutlinesUnreadable: Not GeoJSON, too many areas, or in projected coordinates.

    Source:
        RFC 7946, clauses 3.1.6 (rings) and 3.3; its predecessor's `crs` member is heeded
        only to refuse what is not in degrees.
    """
    if system is None:
        raise CoordinatesUndeclared
    features = _features_of(document)
    shift = from_gcj02 if system is CoordinateSystem.GCJ02 else _as_it_is
    read: list[OutlineRead] = []
    refused: list[OutlineRefused] = []
    for number, feature in enumerate(features, start=1):
        try:
            read.append(_read_feature(feature, shift))
        except PeopleError as error:
            label = str(_property(feature, NAME_KEYS) or _property(feature, CODE_KEYS) or "")
            refused.append(
                OutlineRefused(
                    number=number, label=label[:40], code=error.code, why_zh=error.message_zh()
                )
            )
    return tuple(read), tuple(refused)


def outline_of(geometry: object, shift: Callable[[Place], Place] | None = None) -> Outline:
    """Read one Polygon or MultiPolygon.

    Raises:
        OutlineWrong: Not a polygon, not in degrees, a ring open, flat or too fine.
    """
    if not isinstance(geometry, dict):
        raise OutlineWrong("没有几何图形")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in {"Polygon", "MultiPolygon"}:
        raise OutlineWrong("须为 Polygon 或 MultiPolygon")
    parts = [coordinates] if kind == "Polygon" else _list(coordinates)
    polygons = tuple(_polygon(part, shift or _as_it_is) for part in parts)
    outline = Outline(polygons=polygons)
    if not polygons or outline.vertices() > MAX_VERTICES:
        raise OutlineWrong(f"顶点数须为 4 至 {MAX_VERTICES}")
    return outline


def looks_gcj02(new: Outline, known: Outline) -> bool:
    """Whether an outline declared as WGS84 fits a known one far better as GCJ-02."""
    pairs = list(zip(new.corners(), known.corners(), strict=True))
    as_is_m = max(distance_m(one, other) for one, other in pairs)
    undone_m = max(distance_m(from_gcj02(one), other) for one, other in pairs)
    return as_is_m > SUSPICIOUS_M and undone_m < as_is_m / 3


def _features_of(document: bytes) -> list[object]:
    """The features of a file."""
    try:
        value = json.loads(document, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise OutlinesUnreadable("不是 JSON 文件") from error
    if not isinstance(value, dict):
        raise OutlinesUnreadable("不是 GeoJSON")
    _check_degrees(value)
    features = [value] if value.get("type") == "Feature" else value.get("features")
    if not isinstance(features, list):
        raise OutlinesUnreadable("须为 FeatureCollection")
    if len(features) > MAX_FEATURES:
        raise OutlinesUnreadable(f"一次最多 {MAX_FEATURES} 个区域")
    return features


def _check_degrees(value: Mapping[str, object]) -> None:
    """Refuse a file whose old-style `crs` names a projection."""
    crs = value.get("crs")
    named = json.dumps(crs, ensure_ascii=False).upper() if crs else ""
    if named and not any(known in named for known in ("CRS84", "4326", "4490", "GCJ")):
        raise OutlinesUnreadable("文件声明的坐标系不是经纬度，请先转换")


def _read_feature(feature: object, shift: Callable[[Place], Place]) -> OutlineRead:
    """One feature as an area."""
    if not isinstance(feature, dict):
        raise OutlineWrong("不是 Feature")
    code = _property(feature, CODE_KEYS)
    if code is None:
        raise OutlineWrong(f"缺少区划代码（{'、'.join(CODE_KEYS)} 之一）")
    name = _property(feature, NAME_KEYS)
    return OutlineRead(
        area_code=short_code(str(code)),
        name="" if name is None else str(name).strip(),
        outline=outline_of(feature.get("geometry"), shift),
    )


def _property(feature: object, keys: tuple[str, ...]) -> str | int | None:
    """The first of several properties that is there."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None
    found = (properties.get(key) for key in keys)
    return next((each for each in found if isinstance(each, str | int)), None)


def _polygon(value: object, shift: Callable[[Place], Place]) -> Polygon:
    """Outer ring anticlockwise, holes clockwise."""
    rings = [_ring(ring, shift) for ring in _list(value)]
    if not rings:
        raise OutlineWrong("多边形没有边界")
    return tuple(
        ring if (_area(ring) > 0) == (place == 0) else ring[::-1]
        for place, ring in enumerate(rings)
    )


def _ring(value: object, shift: Callable[[Place], Place]) -> Ring:
    """A closed ring with an area."""
    positions = _list(value)
    if not 4 <= len(positions) <= MAX_VERTICES:
        raise OutlineWrong(f"每个环须有 4 至 {MAX_VERTICES} 个点")
    if positions[0] != positions[-1]:
        raise OutlineWrong("环没有闭合：首尾两点不同")
    ring = tuple(_rounded(shift(_position(each))) for each in positions)
    if _area(ring) == 0:
        raise OutlineWrong("环没有面积")
    return ring


def _position(value: object) -> Place:
    """Longitude and latitude in degrees."""
    numbers = _list(value)[:2]
    if len(numbers) < 2 or not all(_is_number(number) for number in numbers):
        raise OutlineWrong("坐标须为数字")
    longitude, latitude = (float(number) for number in numbers)  # type: ignore[arg-type]  # _is_number has looked
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise OutlineWrong("坐标不是经纬度，或经纬度颠倒")
    return Place(longitude_deg=longitude, latitude_deg=latitude)


def _is_number(value: object) -> bool:
    """Whether it is a number of earthly size; true, false and NaN are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _list(value: object) -> list[object]:
    """A list, or a refusal."""
    if not isinstance(value, list):
        raise OutlineWrong("坐标数组层次不对")
    return value


def _rounded(place: Place) -> Place:
    return Place(
        longitude_deg=round(place.longitude_deg, 7), latitude_deg=round(place.latitude_deg, 7)
    )


def _area(ring: Ring) -> float:
    """Signed area, anticlockwise positive, in square degrees."""
    first = ring[0]
    return sum(_crosses(ring, first)) / 2


def _crosses(ring: Ring, first: Place) -> Iterator[float]:
    """Cross products of each edge, seen from one corner so that nothing cancels."""
    for one, two in pairwise(ring):
        yield (one.longitude_deg - first.longitude_deg) * (
            two.latitude_deg - first.latitude_deg
        ) - (two.longitude_deg - first.longitude_deg) * (one.latitude_deg - first.latitude_deg)


def _as_it_is(place: Place) -> Place:
    return place


def _no_constant(name: str) -> float:
    raise ValueError(name)
