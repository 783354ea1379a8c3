"""The map's features as they cross the wire: `client/map/features.ts` reads them.

Source:
    RFC 7946 (GeoJSON), section 3; coordinates are WGS84 longitude, latitude.
"""

from typing import Any, Literal

from pydantic import BaseModel

from qinghuan.web.base_map import BaseMap
from qinghuan.web.overview import Hillshade, MapArea, MapCase, MapStation, MapView

NOWHERE = (73.0, 18.0, 135.0, 54.0)
"""What a map without any mark shows: the span of the country's longitudes and latitudes."""

MARGIN_DEG = 0.05
"""Around a lone mark. [°]"""


class Feature(BaseModel):
    """One GeoJSON feature."""

    type: Literal["Feature"] = "Feature"
    geometry: dict[str, Any]
    properties: dict[str, Any]


class FeatureCollection(BaseModel):
    """Several of them."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]


class Shade(BaseModel):
    """Terrain shading and its four corners from the north-west, clockwise."""

    url: str
    corners: list[tuple[float, float]]


class MapFeatures(BaseModel):
    """Everything on the map."""

    bounds: tuple[float, float, float, float]
    areas: FeatureCollection
    stations: FeatureCollection
    cases: FeatureCollection
    hillshade: Shade | None
    base: dict[str, str]
    """Address of each layer of the base map."""


def features_of(view: MapView, base: BaseMap | None = None) -> MapFeatures:
    """A map as GeoJSON, over the site's base map if it has one."""
    shade = view.hillshade or (base.hillshade if base else None)
    return MapFeatures(
        bounds=bounds_of(view),
        areas=FeatureCollection(features=[_area(area) for area in view.areas]),
        stations=FeatureCollection(features=[_station(station) for station in view.stations]),
        cases=FeatureCollection(features=[_case(case) for case in view.cases]),
        hillshade=_shade(shade) if shade else None,
        base=base.layers if base else {},
    )


def bounds_of(view: MapView) -> tuple[float, float, float, float]:
    """West, south, east, north of the own areas; of the marks where there is no outline."""
    places = [place for area in view.areas if area.is_own for place in _corners(area.geometry)]
    if not places:
        places = [(one.longitude_deg, one.latitude_deg) for one in view.stations]
        places += [(one.longitude_deg, one.latitude_deg) for one in view.cases]
        if not places:
            return NOWHERE
    east_west, north_south = zip(*places, strict=True)
    west, south, east, north = (
        min(east_west),
        min(north_south),
        max(east_west),
        max(north_south),
    )
    if max(east - west, north - south) < MARGIN_DEG:
        return (west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG)
    return (west, south, east, north)


def _corners(geometry: dict[str, Any]) -> list[tuple[float, float]]:
    """Every corner of a polygon's or multipolygon's outer rings."""
    polygons = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    return [(corner[0], corner[1]) for polygon in polygons for corner in polygon[0]]


def _area(area: MapArea) -> Feature:
    return Feature(
        geometry=area.geometry,
        properties={
            "code": area.area_code,
            "name": area.name,
            "is_own": area.is_own,
            "label": [area.label_longitude_deg, area.label_latitude_deg],
        },
    )


def _station(station: MapStation) -> Feature:
    return Feature(
        geometry=_point(station.longitude_deg, station.latitude_deg),
        properties={
            "id": station.id,
            "name": station.name,
            "kind": station.kind,
            "text": station.text,
            "level": station.level,
            "is_online": station.is_online,
            "detail": station.detail,
            "href": station.href,
        },
    )


def _case(case: MapCase) -> Feature:
    return Feature(
        geometry=_point(case.longitude_deg, case.latitude_deg),
        properties={
            "id": case.id,
            "title": case.title,
            "state": case.state.value,
            "detail": case.detail,
            "href": case.href,
        },
    )


def _point(longitude_deg: float, latitude_deg: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude_deg, latitude_deg]}


def _shade(shade: Hillshade) -> Shade:
    return Shade(
        url=shade.url,
        corners=[
            (shade.west_deg, shade.north_deg),
            (shade.east_deg, shade.north_deg),
            (shade.east_deg, shade.south_deg),
            (shade.west_deg, shade.south_deg),
        ],
    )
