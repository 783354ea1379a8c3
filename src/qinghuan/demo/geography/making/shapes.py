"""Plane geometry on lists of points: distances, curves, smoothing, thinning, area."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

Point = tuple[float, float]


def distance_to_line(point: Point, line: Sequence[Point]) -> tuple[float, float]:
    """Distance to a polyline, and how far along it the nearest point lies (0 to 1)."""
    best, best_at = float("inf"), 0.0
    for i in range(len(line) - 1):
        gap, t = _distance_to_segment(point, line[i], line[i + 1])
        if gap < best:
            best, best_at = gap, (i + t) / (len(line) - 1)
    return best, best_at


def is_inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point lies inside a ring (even-odd rule)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def curve_through(points: Sequence[Point], steps: int) -> list[Point]:
    """Catmull-Rom curve through points, `steps` pieces between each two."""
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for i in range(len(points) - 1):
        p0, p1, p2, p3 = padded[i : i + 4]
        for k in range(steps):
            t = k / steps
            curve.append(
                (_bend(p0[0], p1[0], p2[0], p3[0], t), _bend(p0[1], p1[1], p2[1], p3[1], t))
            )
    return [*curve, points[-1]]


def smoothed(line: Sequence[Point], passes: int, *, closed: bool) -> list[Point]:
    """Even out a line by repeated 1-2-1 means; the ends of an open line stay."""
    points = list(line)
    for _ in range(passes):
        if closed:
            before, after = [points[-1], *points[:-1]], [*points[1:], points[0]]
            points = [_mean(a, b, c) for a, b, c in zip(before, points, after, strict=True)]
        elif len(points) > 2:
            inner = [
                _mean(a, b, c) for a, b, c in zip(points, points[1:], points[2:], strict=False)
            ]
            points = [points[0], *inner, points[-1]]
    return points


def thinned(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Leave out points that a straight line would miss by less than a tolerance.

    Source:
        D. Douglas and T. Peucker, The Canadian Cartographer 10(2), 1973.
    """
    keep = {0, len(line) - 1}
    stack = [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        far, far_at = 0.0, 0
        for i in range(first + 1, last):
            gap, _ = _distance_to_segment(line[i], line[first], line[last])
            if gap > far:
                far, far_at = gap, i
        if far > tolerance:
            keep.add(far_at)
            stack += [(first, far_at), (far_at, last)]
    return [line[i] for i in sorted(keep)]


def ring_area(ring: Sequence[Point]) -> float:
    """Signed area of a ring; positive when it runs anticlockwise."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def line_length(line: Sequence[Point]) -> float:
    """Length of a polyline."""
    return sum(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(line))


def deepest_point(rings: Sequence[Sequence[Point]], step: float) -> Point:
    """A point well inside a polygon with holes, for its label: the best of a grid of trials."""
    xs, ys = [x for x, _ in rings[0]], [y for _, y in rings[0]]
    best, best_gap = rings[0][0], -1.0
    y = min(ys) + step / 2
    while y < max(ys):
        x = min(xs) + step / 2
        while x < max(xs):
            inside = sum(is_inside((x, y), ring) for ring in rings) % 2 == 1
            if inside:
                gap = min(distance_to_line((x, y), [*ring, ring[0]])[0] for ring in rings)
                if gap > best_gap:
                    best, best_gap = (x, y), gap
            x += step
        y += step
    return best


def _distance_to_segment(point: Point, start: Point, end: Point) -> tuple[float, float]:
    """Distance to a segment, and where along it (0 to 1) the nearest point lies."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = point[0] - start[0], point[1] - start[1]
    square = dx * dx + dy * dy
    t = min(1.0, max(0.0, (px * dx + py * dy) / square)) if square else 0.0
    return hypot(px - t * dx, py - t * dy), t


def _bend(p0: float, p1: float, p2: float, p3: float, t: float) -> float:
    """One coordinate of a Catmull-Rom piece."""
    return 0.5 * (
        2 * p1
        + (p2 - p0) * t
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t
        + (3 * p1 - p0 - 3 * p2 + p3) * t * t * t
    )


def _mean(before: Point, point: Point, after: Point) -> Point:
    """A point drawn halfway to the middle of its neighbours."""
    return (before[0] + 2 * point[0] + after[0]) / 4, (before[1] + 2 * point[1] + after[1]) / 4
