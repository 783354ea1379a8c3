"""The ground: land and sea from the plan, hills raised, valleys worn by running water."""

from math import cos, exp, radians, sin

from qinghuan.demo.geography.making import plan
from qinghuan.demo.geography.making.drainage import (
    NOWHERE,
    flow_order,
    steepest_receivers,
    upstream_km2,
)
from qinghuan.demo.geography.making.field import Field, Grid, enlarge, fractal_noise
from qinghuan.demo.geography.making.shapes import Point, curve_through, distance_to_line, is_inside

COARSE = Grid(width=320, height=200, cell_km=0.45)
"""The grid on which the hills are first worn down."""

_DEEPEST_M = -60.0


def ground(*, seed: int) -> tuple[Grid, Field]:
    """Height of every cell at 112.5 m; sea is negative [m]."""
    height, uplift = first_ground(COARSE, seed)
    wear_down(height, uplift, COARSE, steps=60, wear=0.07)
    drown(height, COARSE, 3.2, fades_at_km=17.0)
    middle = COARSE.finer(2)
    height = roughen(enlarge(height, COARSE, 2), middle, seed + 40)
    wear_down(height, [0.0] * len(height), middle, steps=6, wear=0.035)
    fine = middle.finer(2)
    height = roughen(enlarge(height, middle, 2), fine, seed + 50)
    return fine, height


def first_ground(grid: Grid, seed: int) -> tuple[Field, Field]:
    """Rough ground from the plan, and how fast each cell rises [m a step]."""
    coast = curve_through(plan.COAST_KM, 5)
    mainland = [*coast, (176.0, 150.0), (-30.0, 150.0)]
    height, uplift = [], []
    for cell in range(grid.width * grid.height):
        x, y = grid.centre_km(cell)
        warped = (
            x + 5.0 * fractal_noise(x / 15, y / 15, seed, 5, 0.5),
            y + 5.0 * fractal_noise(x / 15, y / 15, seed + 9, 5, 0.5),
        )
        inland_km = _mainland_km(warped, coast, mainland)
        rise = _rise_m((x, y), seed) if inland_km > 0 else 0.0
        island_km, island_m = _island_km(warped)
        shore_km = max(inland_km, island_km)
        knobs_m = 0.3 * rise * fractal_noise(x / 4.5, y / 4.5, seed + 70, 5, 0.65)
        island_m = island_m if island_km > 0 else 0.0
        ground_m = _shore_profile_m(shore_km) + 0.2 * rise + knobs_m + island_m
        height.append(max(0.5, ground_m) if shore_km > 0 else ground_m)
        uplift.append((rise * _ramp(inland_km / 5.0) + island_m) / 60)
    return height, uplift


def wear_down(height: Field, uplift: Field, grid: Grid, *, steps: int, wear: float) -> None:
    """Raise the hills and let rivers cut them, in place.

    The implicit step keeps rivers running downhill whatever the wear.

    Source:
        J. Braun and S. Willett, Geomorphology 180-181 (2013): stream power, slope exponent 1.
    """
    neighbours = [grid.neighbours(cell) for cell in range(len(height))]
    for step in range(steps):
        order, flooded = flow_order(height, grid)
        receiver = steepest_receivers(height, grid, flooded, seed=step)
        order.sort(key=height.__getitem__)
        area = upstream_km2(order, receiver, grid)
        for cell in order:
            into = receiver[cell]
            factor = wear * area[cell] ** 0.5 / grid.cell_km if into != NOWHERE else 0.0
            below = max(height[into], 0.0)
            raised = height[cell] + uplift[cell]
            height[cell] = max(0.2, (raised + factor * below) / (1.0 + factor))
        _creep(height, neighbours)


def drown(height: Field, grid: Grid, sea_rise_m: float, *, fades_at_km: float) -> None:
    """Let the sea rise, in place: low valleys that it reaches become inlets, hills islands.

    The rise fades to nothing `fades_at_km` inland, so that rivers stay rivers there.
    """
    coast = curve_through(plan.COAST_KM, 5)
    for cell, metres in enumerate(height):
        share = 1.0
        if metres > 0:
            share = max(0.0, 1.0 - distance_to_line(grid.centre_km(cell), coast)[0] / fades_at_km)
        height[cell] = metres - sea_rise_m * share
    wet = [cell for cell, metres in enumerate(height) if metres <= -sea_rise_m]
    reached = set(wet)
    while wet:
        for near, _ in grid.neighbours(wet.pop()):
            if height[near] <= 0 and near not in reached:
                reached.add(near)
                wet.append(near)
    for cell, metres in enumerate(height):
        if metres <= 0 and cell not in reached:
            height[cell] = 0.5


def roughen(height: Field, grid: Grid, seed: int) -> Field:
    """Add the fine grain that a coarser grid could not hold, strongest on steep ground."""
    rough = []
    for cell, metres in enumerate(height):
        x, y = grid.centre_km(cell)
        grain = fractal_noise(x / 1.4, y / 1.4, seed, 4, 0.6)
        amplitude = 2.2 + 0.045 * max(0.0, metres)
        rough.append(metres + amplitude * grain)
    return rough


def _creep(height: Field, neighbours: list[list[tuple[int, float]]]) -> None:
    """Soil creep: each land cell moves a little towards its neighbours' mean."""
    before = list(height)
    for cell, metres in enumerate(before):
        if metres > 0:
            near = neighbours[cell]
            mean = sum(max(before[n], 0.0) for n, _ in near) / len(near)
            height[cell] = metres + 0.12 * (mean - metres)


def _mainland_km(point: Point, coast: list[Point], mainland: list[Point]) -> float:
    """Distance inland from the mainland's shore, negative at sea [km]."""
    gap, _ = distance_to_line(point, coast)
    inland = gap if is_inside(point, mainland) else -gap
    for (x1, y1, w1), (x2, y2, w2) in zip(plan.ESTUARY_KM, plan.ESTUARY_KM[1:], strict=False):
        gap, along = distance_to_line(point, ((x1, y1), (x2, y2)))
        inland = min(inland, gap - (w1 + (w2 - w1) * along))
    return inland


def _island_km(point: Point) -> tuple[float, float]:
    """Distance inside the nearest island's shore [km], and the ground's height there [m]."""
    best, best_m = -999.0, 0.0
    for islet in plan.ISLETS:
        turn = radians(islet.turn_deg)
        dx, dy = point[0] - islet.x_km, point[1] - islet.y_km
        along = (dx * cos(turn) + dy * sin(turn)) / islet.long_km
        across = (dy * cos(turn) - dx * sin(turn)) / islet.short_km
        radius = (along * along + across * across) ** 0.5
        inside_km = (1.0 - radius) * islet.short_km
        if inside_km > best:
            best, best_m = inside_km, islet.height_m * max(0.0, 1.0 - radius) ** 1.2
    return best, best_m


def _rise_m(point: Point, seed: int) -> float:
    """Height the hills would reach here if no water ran [m]."""
    x, y = point
    bend = (
        1.8 * fractal_noise(x / 8, y / 8, seed + 20, 3),
        1.8 * fractal_noise(x / 8, y / 8, seed + 25, 3),
    )
    rise, plain = 0.0, 20.0 * (1 + fractal_noise(x / 12, y / 12, seed + 30, 3))
    for ridge in plan.RIDGES:
        gap, _ = distance_to_line((x + bend[0], y + bend[1]), ridge.line_km)
        crest = 1.0 + 0.55 * fractal_noise(x / 6, y / 6, seed + 33, 3)
        rise = max(rise, ridge.height_m * crest * exp(-((gap / ridge.width_km) ** 2)))
    rise += plain
    for valley in plan.VALLEYS_KM:
        gap, along = distance_to_line((x + 0.6 * bend[0], y + 0.6 * bend[1]), valley)
        width_km = 0.9 + 1.8 * along
        rise *= 1.0 - 0.93 * exp(-((gap / width_km) ** 2))
    return rise


def _shore_profile_m(shore_km: float) -> float:
    """Bare plain or sea bed at a distance from the shore [m]."""
    if shore_km > 0:
        return 0.8 + 26.0 * (1.0 - exp(-shore_km / 14.0))
    return max(_DEEPEST_M, -0.8 - 9.0 * (1.0 - exp(shore_km / 2.5)) + 1.1 * shore_km)


def _ramp(t: float) -> float:
    """Smooth step from 0 to 1."""
    t = min(1.0, max(0.0, t))
    return t * t * (3.0 - 2.0 * t)
