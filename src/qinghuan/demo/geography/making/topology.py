"""Boundaries as arcs: traced once between two regions, smoothed once, used by both.

Polygons built from shared arcs meet exactly: no gap, no sliver, at any level of the area tree.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product

from qinghuan.demo.geography.making.field import Grid
from qinghuan.demo.geography.making.shapes import (
    Point,
    is_inside,
    ring_area,
    smoothed,
    thinned,
)

OUTSIDE = -9
"""Label beyond the frame."""

Corner = tuple[int, int]
Ring = list[Point]
Polygon = list[Ring]
"""Outer ring anticlockwise, then holes clockwise; first point not repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """A piece of boundary between two junctions, or a whole closed boundary."""

    left: int
    right: int
    points: list[Point] = field(repr=False)
    is_closed: bool


def trace_arcs(label: list[int], grid: Grid) -> list[Arc]:
    """Follow the edges between unlike cells from junction to junction [km]."""
    edges = _edges(label, grid)
    out: dict[Corner, list[Corner]] = {}
    for start, end in edges:
        out.setdefault(start, []).append(end)
    degree = {corner: len(ends) for corner, ends in out.items()}
    junctions = [corner for corner in out if degree[corner] != 2]
    used: set[tuple[Corner, Corner]] = set()
    arcs = []
    for start in [*junctions, *out]:
        for second in out[start]:
            if (start, second) not in used:
                walk = _walk(start, second, out, degree)
                used.update(pairwise(walk))
                used.update(pairwise(walk[::-1]))
                left, right = edges[start, second]
                points = [(x * grid.cell_km, y * grid.cell_km) for x, y in walk]
                is_closed = walk[0] == walk[-1] and degree[start] == 2
                arcs.append(Arc(left=left, right=right, points=points, is_closed=is_closed))
    return arcs


def drawn(arc: Arc, *, passes: int, tolerance_km: float) -> Arc:
    """An arc with the raster's steps smoothed away and idle points left out."""
    if OUTSIDE in (arc.left, arc.right):
        return _with_points(arc, thinned(arc.points, 1e-6))
    if arc.is_closed:
        ring = smoothed(arc.points[:-1], passes, closed=True)
        half = len(ring) // 2
        points = [
            *thinned(ring[: half + 1], tolerance_km),
            *thinned([*ring[half:], ring[0]], tolerance_km)[1:],
        ]
        return _with_points(arc, points)
    return _with_points(arc, thinned(smoothed(arc.points, passes, closed=False), tolerance_km))


def polygons(arcs: Iterable[Arc], belongs: Callable[[int], bool]) -> list[Polygon]:
    """Polygons of all regions for which `belongs` holds, melted together."""
    pieces: dict[Point, list[list[Point]]] = {}
    rings: list[Ring] = []
    for arc in arcs:
        if belongs(arc.left) == belongs(arc.right):
            continue
        points = arc.points if belongs(arc.left) else arc.points[::-1]
        if points[0] == points[-1]:
            rings.append(points[:-1])
        else:
            pieces.setdefault(points[0], []).append(points)
    while pieces:
        start = next(iter(pieces))
        ring: Ring = []
        at = start
        while not ring or at != start:
            piece = pieces[at].pop()
            if not pieces[at]:
                del pieces[at]
            ring += piece[:-1]
            at = piece[-1]
        rings.append(ring)
    return _with_holes(rings)


def crossings(arcs: list[Arc], cell_km: float) -> set[int]:
    """Indexes of arcs that cross another or themselves, away from shared ends."""
    boxes: dict[Corner, list[tuple[int, Point, Point]]] = {}
    for index, arc in enumerate(arcs):
        for a, b in pairwise(arc.points):
            for box in product(_span(a[0], b[0], cell_km), _span(a[1], b[1], cell_km)):
                boxes.setdefault(box, []).append((index, a, b))
    bad: set[int] = set()
    for inside in boxes.values():
        for (first, a, b), (second, c, d) in combinations(inside, 2):
            if len({a, b, c, d}) == 4 and _cross(a, b, c, d):
                bad |= {first, second}
    return bad


def _span(start: float, end: float, cell_km: float) -> range:
    """Boxes that a segment reaches along one axis."""
    low, high = sorted((start, end))
    return range(int(low // cell_km), int(high // cell_km) + 1)


def _edges(label: list[int], grid: Grid) -> dict[tuple[Corner, Corner], tuple[int, int]]:
    """Every cell side between unlike labels, both ways, with the labels left and right of it."""
    found = {}
    width, height = grid.width, grid.height

    def at(row: int, column: int) -> int:
        inside = 0 <= row < height and 0 <= column < width
        return label[row * width + column] if inside else OUTSIDE

    for row in range(height + 1):
        y = height - row
        for column in range(width + 1):
            here = at(row, column)
            above, west = at(row - 1, column), at(row, column - 1)
            if here != above:
                found[(column, y), (column + 1, y)] = (above, here)
                found[(column + 1, y), (column, y)] = (here, above)
            if here != west:
                found[(column, y - 1), (column, y)] = (west, here)
                found[(column, y), (column, y - 1)] = (here, west)
    return found


def _walk(
    start: Corner, second: Corner, out: dict[Corner, list[Corner]], degree: dict[Corner, int]
) -> list[Corner]:
    """Corners from a start along a boundary to the next junction or back to the start."""
    walk = [start, second]
    while degree[walk[-1]] == 2 and walk[-1] != start:
        first, other = out[walk[-1]]
        walk.append(other if first == walk[-2] else first)
    return walk


def _with_points(arc: Arc, points: list[Point]) -> Arc:
    """The same arc along other points."""
    return Arc(left=arc.left, right=arc.right, points=points, is_closed=arc.is_closed)


def _with_holes(rings: list[Ring]) -> list[Polygon]:
    """Put each clockwise ring into the smallest anticlockwise one around it, largest first."""
    outers = sorted((r for r in rings if ring_area(r) > 0), key=ring_area)
    found: list[Polygon] = [[outer] for outer in outers]
    for hole in (r for r in rings if ring_area(r) <= 0):
        probe = (
            (hole[0][0] + hole[1][0]) / 2,
            (hole[0][1] + hole[1][1]) / 2,
        )
        for polygon in found:
            if ring_area(polygon[0]) > -ring_area(hole) and is_inside(probe, polygon[0]):
                polygon.append(hole)
                break
    return found[::-1]


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two segments properly cross."""
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    """On which side of the line ab a point lies."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
