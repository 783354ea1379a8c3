"""Roads where building them is cheapest, and the built-up ground around towns."""

from heapq import heappop, heappush
from itertools import pairwise
from math import hypot

from qinghuan.demo.geography.making import plan
from qinghuan.demo.geography.making.field import Field, Grid, fractal_noise
from qinghuan.demo.geography.making.shapes import Point, smoothed, thinned

_REUSE = 0.45
"""Going along a road that is there already costs this share of a new one."""


def road_lines(
    height: Field, area: Field, grid: Grid, towns: dict[str, int]
) -> list[tuple[str, str, list[Point]]]:
    """Class, name and points of every planned road [km]."""
    cost = [_cost(cell, height, area, grid) for cell in range(len(height))]
    built: dict[str, set[int]] = {}
    roads = []
    for kind, name, stops in plan.ROADS:
        cells = [_stop(stop, towns, grid) for stop in stops]
        path = [cells[0]]
        for start, end in pairwise(cells):
            path += cheapest_path(cost, grid, start, end, built.setdefault(kind, set()))[1:]
        built[kind].update(path)
        line = smoothed([grid.centre_km(c) for c in path], 6, closed=False)
        roads.append((kind, name, thinned(line, 0.05)))
    return roads


def cheapest_path(cost: Field, grid: Grid, start: int, end: int, built: set[int]) -> list[int]:
    """Cells of the cheapest way from start to end (A* with straight distance)."""
    goal_x, goal_y = grid.centre_km(end)

    def remaining(cell: int) -> float:
        x, y = grid.centre_km(cell)
        return hypot(x - goal_x, y - goal_y) / grid.cell_km * _REUSE

    came: dict[int, int] = {start: start}
    spent = {start: 0.0}
    heap = [(remaining(start), start)]
    done: set[int] = set()
    while heap:
        _, cell = heappop(heap)
        if cell == end:
            break
        if cell in done:
            continue
        done.add(cell)
        for near, step in grid.neighbours(cell):
            total = spent[cell] + step * cost[near] * (_REUSE if near in built else 1.0)
            if total < spent.get(near, float("inf")):
                spent[near], came[near] = total, cell
                heappush(heap, (total + remaining(near), near))
    path = [end]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


def built_up(height: Field, grid: Grid, towns: dict[str, int], *, seed: int) -> list[int]:
    """One for built-up cells, zero elsewhere: flat ground near towns, larger in the district."""
    label = [0] * len(height)
    for code, home in towns.items():
        radius_km = 3.4 if code in {"990101001", "990101004"} else 2.5 if code[6] == "0" else 1.25
        home_x, home_y = grid.centre_km(home)
        reach = int(radius_km * 1.7 / grid.cell_km)
        row, column = divmod(home, grid.width)
        for r in range(max(0, row - reach), min(grid.height, row + reach)):
            for c in range(max(0, column - reach), min(grid.width, column + reach)):
                cell = r * grid.width + c
                x, y = grid.centre_km(cell)
                gap = ((x - home_x) ** 2 + (y - home_y) ** 2) ** 0.5 / radius_km
                grain = 0.75 * fractal_noise(x / 1.6, y / 1.6, seed, 3)
                if height[cell] > 0 and gap + grain + _steepness(cell, height, grid) * 6 < 0.95:
                    label[cell] = 1
    return label


def _stop(stop: plan.Stop, towns: dict[str, int], grid: Grid) -> int:
    """Cell of a town, or of a point on a neighbour's ground."""
    return towns[stop] if isinstance(stop, str) else grid.cell_at(stop[1], stop[2])


def _cost(cell: int, height: Field, area: Field, grid: Grid) -> float:
    """Cost of building across a cell: steep ground, rivers, and bridges over narrow water."""
    if height[cell] <= 0:
        return 14.0 if height[cell] > -9 else 60.0
    return 1.0 + 26.0 * _steepness(cell, height, grid) + (1.5 if area[cell] > 40 else 0.0)


def _steepness(cell: int, height: Field, grid: Grid) -> float:
    """Mean slope to the cells east and south, rise over run."""
    row, column = divmod(cell, grid.width)
    east = height[cell + 1] if column + 1 < grid.width else height[cell]
    south = height[cell + grid.width] if row + 1 < grid.height else height[cell]
    return (abs(east - height[cell]) + abs(south - height[cell])) / (2000 * grid.cell_km)
