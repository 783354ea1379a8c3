"""An area's outline as one SVG path, small enough for a card."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from qinghuan.infra.database import Session
from qinghuan.people.area import level_of
from qinghuan.people.service import places

WIDTH, HEIGHT = 320.0, 200.0
MARGIN = 12.0

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """An outline in a box of its own, north up."""

    path: str
    vertices: int


def of_area(session: Session, area_code: str) -> Drawing | None:
    """The outline of one area, if it has one."""
    features = places.outlines_for_map(session, (area_code,), level_of(area_code))["features"]
    found = [each["geometry"] for each in features if each["id"] == area_code]
    return draw(found[0]) if found else None


def draw(geometry: dict[str, Any]) -> Drawing:
    """A GeoJSON MultiPolygon in a box, degrees of longitude shortened as at its middle."""
    rings: list[Ring] = [ring for polygon in geometry["coordinates"] for ring in polygon]
    longitudes = [place[0] for ring in rings for place in ring]
    latitudes = [place[1] for ring in rings for place in ring]
    west, east = min(longitudes), max(longitudes)
    south, north = min(latitudes), max(latitudes)
    shrink = cos(radians((south + north) / 2))
    wide, high = (east - west) * shrink, north - south
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2

    def spots(ring: Ring) -> Iterable[str]:
        for place in ring[:-1]:
            x = left + (place[0] - west) * shrink * scale
            y = top + (north - place[1]) * scale
            yield f"{x:.1f} {y:.1f}"

    path = "".join(f"M{'L'.join(spots(ring))}Z" for ring in rings)
    return Drawing(path=path, vertices=sum(len(ring) - 1 for ring in rings))
