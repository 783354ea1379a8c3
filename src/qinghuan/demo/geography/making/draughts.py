"""The landscape as GeoJSON layers: areas, land, water, roads, places."""

from qinghuan.demo.geography.making import plan
from qinghuan.demo.geography.making.geojson import (
    Feature,
    area_feature,
    line_feature,
    point_feature,
    to_degrees,
)
from qinghuan.demo.geography.making.landscape import Landscape
from qinghuan.demo.geography.making.shapes import (
    Point,
    deepest_point,
    distance_to_line,
    line_length,
    ring_area,
    smoothed,
    thinned,
)
from qinghuan.demo.geography.making.topology import OUTSIDE, Polygon, polygons

_EDGE_KM = 2.0
"""Rivers nearer to the frame's edge are an artefact of it."""

_BEYOND_KM = 300.0
"""How far land that meets the frame's edge is drawn on, for a map scrolled past it."""


def layers(landscape: Landscape) -> dict[str, list[Feature]]:
    """Every layer's features by file name."""
    return {
        "areas": _areas(landscape),
        "land": _land(landscape),
        "water": _water(landscape),
        "roads": _roads(landscape),
        "places": _places(landscape),
    }


def _areas(landscape: Landscape) -> list[Feature]:
    """City, districts, townships and villages, each one polygon set over the shared arcs."""
    villages = landscape.settlement.villages
    english = {town.code: (town.zh, town.en) for town in plan.TOWNS}
    found = [_area(landscape, *plan.CITY, level=2)]
    found += [_area(landscape, code, zh, en, level=3) for code, zh, en in plan.DISTRICTS]
    found += [_area(landscape, code, *names, level=4) for code, names in english.items()]
    for village in villages.values():
        kind = "Community" if village.zh.endswith("社区") else "Village"
        en = f"{english[village.township][1]}, {kind} {village.code[-3:]}"
        found.append(_area(landscape, village.code, village.zh, en, level=5))
    return found


def _area(landscape: Landscape, code: str, zh: str, en: str, *, level: int) -> Feature:
    """One area of the tree."""
    villages = landscape.settlement.villages

    def belongs(label: int) -> bool:
        return label in villages and villages[label].code.startswith(code)

    shapes = polygons(landscape.boundaries, belongs)
    rings = max(shapes, key=lambda polygon: ring_area(polygon[0]))
    step = (abs(ring_area(rings[0])) ** 0.5) / 14
    return area_feature(
        shapes,
        {
            "area_code": code,
            "level": level,
            "name": zh,
            "name_en": en,
            "label": to_degrees(deepest_point(rings, step)),
        },
    )


def _land(landscape: Landscape) -> list[Feature]:
    """All land as one shape, borders between neighbours, and built-up ground."""
    others = landscape.settlement.neighbours
    land = polygons(landscape.boundaries, lambda label: label > 0)
    borders = [
        arc.points
        for arc in landscape.boundaries
        if arc.left in others and arc.right in others and arc.left != arc.right
    ]
    built = polygons(landscape.built, lambda label: label == 1)
    return [
        area_feature([_drawn_on(polygon) for polygon in land], {"kind": "land"}),
        line_feature(borders, {"kind": "neighbour-border"}),
        area_feature(built, {"kind": "built-up"}),
    ]


def _drawn_on(polygon: Polygon) -> Polygon:
    """Move points on the frame's edge far out, so that the mainland does not end there."""
    width, height = plan.FRAME_KM

    def out(at: float, edge: float) -> float:
        return -_BEYOND_KM if at < 1e-6 else edge + _BEYOND_KM if at > edge - 1e-6 else at

    return [[(out(x, width), out(y, height)) for x, y in ring] for ring in polygon]


def _water(landscape: Landscape) -> list[Feature]:
    """Rivers by rank, the reservoir and depth lines."""
    zh, en, *_ = plan.RESERVOIR
    lake = polygons(landscape.reservoir, lambda label: label == 1)
    found = [area_feature(lake, {"kind": "reservoir", "name": zh, "name_en": en})]
    names = list(plan.RIVER_NAMES)
    pieces = [(run, size) for line, size in landscape.rivers for run in _off_the_edge(line)]
    for line, mouth_km2 in pieces:
        if line_length(line) > 2.0:
            drawn = thinned(smoothed(line, 4, closed=False), 0.04)
            rank = 1 if mouth_km2 > 250 else 2 if mouth_km2 > 60 else 3
            found.append(
                line_feature([drawn], {"kind": "river", "rank": rank, **_take_name(names, drawn)})
            )
    for depth in plan.ISOBATHS_M:
        number = plan.ISOBATHS_M.index(depth)
        lines = [
            arc.points
            for arc in landscape.isobaths
            if OUTSIDE not in (arc.left, arc.right)
            and min(arc.left, arc.right) <= number < max(arc.left, arc.right)
        ]
        found.append(line_feature(lines, {"kind": "isobath", "depth_m": depth}))
    return found


def _off_the_edge(line: list[Point]) -> list[list[Point]]:
    """Pieces of a river away from the frame's edge, along which water only seems to run."""
    width, height = plan.FRAME_KM
    runs: list[list[Point]] = [[]]
    for x, y in line:
        if min(x, y, width - x, height - y) > _EDGE_KM:
            runs[-1].append((x, y))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _take_name(names: list[tuple[float, float, str, str]], line: list[Point]) -> dict[str, str]:
    """The name of a river that passes a named point; each name is given once."""
    for at, (x, y, zh, en) in enumerate(names):
        if distance_to_line((x, y), line)[0] < 1.5 and line_length(line) > 15:
            del names[at]
            return {"name": zh, "name_en": en}
    return {}


def _roads(landscape: Landscape) -> list[Feature]:
    """Roads and the railway."""
    return [
        line_feature([line], {"kind": kind, "name": name}) for kind, name, line in landscape.roads
    ]


def _places(landscape: Landscape) -> list[Feature]:
    """Names on the map: towns, seas, islands, peaks, neighbours."""
    grid, height = landscape.grid, landscape.height
    found = []
    for town in plan.TOWNS:
        seat = grid.centre_km(landscape.settlement.towns[town.code])
        facts = {"kind": "town", "area_code": town.code, "name": town.zh, "name_en": town.en}
        found.append(point_feature(seat, facts))
    for x, y, zh, en, kind in plan.SEA_NAMES:
        found.append(point_feature((x, y), {"kind": kind, "name": zh, "name_en": en}))
    for x, y, zh, en in plan.PEAK_NAMES:
        top = _summit(x, y, landscape)
        facts = {"kind": "peak", "name": zh, "name_en": en}
        metres = round(height[top])
        found.append(point_feature(grid.centre_km(top), {**facts, "height_m": metres}))
    for town in {town.zh: town for town in plan.NEIGHBOURS}.values():
        facts = {"kind": "neighbour", "name": town.zh, "name_en": town.en}
        found.append(point_feature((town.x_km, town.y_km), facts))
    return found


def _summit(x: float, y: float, landscape: Landscape) -> int:
    """The highest cell within three kilometres."""
    grid, height_of = landscape.grid, landscape.height
    reach = int(3 / grid.cell_km)
    row, column = divmod(grid.cell_at(x, y), grid.width)
    cells = [
        r * grid.width + c
        for r in range(max(0, row - reach), min(grid.height, row + reach))
        for c in range(max(0, column - reach), min(grid.width, column + reach))
    ]
    return max(cells, key=height_of.__getitem__)
