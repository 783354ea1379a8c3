"""Frame kilometres to degrees, and shapes to GeoJSON features."""

from collections.abc import Mapping, Sequence
from math import cos, radians

from qinghuan.demo.geography.making import plan
from qinghuan.demo.geography.making.shapes import Point
from qinghuan.demo.geography.making.topology import Polygon

KM_PER_DEG = 111.19508
"""Length of a degree on the mean sphere of `core.geo`."""

DECIMALS = 5
"""One metre: finer than the map is true to itself."""

Properties = Mapping[str, str | int | float | list[float]]
Feature = dict[str, object]


def to_degrees(point: Point) -> list[float]:
    """Longitude and latitude of a point of the frame."""
    lon0, lat0 = plan.CENTRE_DEG
    lon_km = KM_PER_DEG * cos(radians(lat0))
    return [
        round(lon0 + (point[0] - plan.FRAME_KM[0] / 2) / lon_km, DECIMALS),
        round(lat0 + (point[1] - plan.FRAME_KM[1] / 2) / KM_PER_DEG, DECIMALS),
    ]


def area_feature(polygons: Sequence[Polygon], properties: Properties) -> Feature:
    """A MultiPolygon feature."""
    rings = [[[to_degrees(p) for p in [*r, r[0]]] for r in polygon] for polygon in polygons]
    return _feature("MultiPolygon", rings, properties)


def line_feature(lines: Sequence[Sequence[Point]], properties: Properties) -> Feature:
    """A MultiLineString feature."""
    return _feature(
        "MultiLineString", [[to_degrees(p) for p in line] for line in lines], properties
    )


def point_feature(point: Point, properties: Properties) -> Feature:
    """A Point feature."""
    return _feature("Point", to_degrees(point), properties)


def _feature(kind: str, coordinates: object, properties: Properties) -> Feature:
    """One feature."""
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": dict(properties), "geometry": geometry}
