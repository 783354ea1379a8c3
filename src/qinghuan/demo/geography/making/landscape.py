"""The whole invented landscape, worked out once and handed to the draughtsman."""

from dataclasses import dataclass

from qinghuan.demo.geography.making import plan
from qinghuan.demo.geography.making.drainage import (
    NOWHERE,
    flow_order,
    river_lines,
    steepest_receivers,
    upstream_km2,
)
from qinghuan.demo.geography.making.field import Field, Grid
from qinghuan.demo.geography.making.partition import SEA, components, tidy
from qinghuan.demo.geography.making.relief import ground
from qinghuan.demo.geography.making.roads import built_up, road_lines
from qinghuan.demo.geography.making.settle import LEAST_CELLS, Settlement, settle
from qinghuan.demo.geography.making.shapes import Point
from qinghuan.demo.geography.making.topology import Arc, crossings, drawn, trace_arcs

SEED = 7
"""The one number from which this coast grew; another gives another city."""

SOURCE_KM2 = 14.0
"""A stream is drawn from where it drains this much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landscape:
    """Everything that is drawn."""

    grid: Grid
    height: Field
    settlement: Settlement
    boundaries: list[Arc]
    rivers: list[tuple[list[Point], float]]
    roads: list[tuple[str, str, list[Point]]]
    built: list[Arc]
    reservoir: list[Arc]
    isobaths: list[Arc]


def grow() -> Landscape:
    """Work the landscape out; takes about two minutes."""
    grid, height = ground(seed=SEED)
    land = _mainland_and_islands(height, grid)
    height = [
        (max(metres, 0.3) if is_land else min(metres, -0.5))
        for metres, is_land in zip(height, land, strict=True)
    ]
    order, flooded = flow_order(height, grid)
    receiver = steepest_receivers(height, grid, flooded)
    order.sort(key=height.__getitem__)
    area = upstream_km2(order, receiver, grid)
    settlement = settle(height, area, grid, seed=SEED)
    return Landscape(
        grid=grid,
        height=height,
        settlement=settlement,
        boundaries=clean_arcs(settlement.label, grid),
        rivers=river_lines(height, receiver, area, grid, source_km2=SOURCE_KM2),
        roads=road_lines(height, area, grid, settlement.towns),
        built=clean_arcs(_built(height, grid, settlement), grid, passes=3, tolerance_km=0.06),
        reservoir=clean_arcs(_reservoir(height, receiver, area, grid), grid),
        isobaths=_isobaths(height, grid),
    )


def _mainland_and_islands(height: Field, grid: Grid) -> list[int]:
    """One for land; water that does not reach the open sea counts as land."""
    land = tidy([1 if metres > 0 else SEA for metres in height], grid, least_cells=LEAST_CELLS)
    waters = [group for group in components(land, grid) if land[group[0]] == SEA]
    for group in sorted(waters, key=len)[:-1]:
        for cell in group:
            land[cell] = 1
    return land


def clean_arcs(
    label: list[int], grid: Grid, *, passes: int = 2, tolerance_km: float = 0.035
) -> list[Arc]:
    """Smoothed arcs of a raster; any that would cross another keep the raster's own line."""
    raw = trace_arcs(label, grid)
    arcs = [drawn(arc, passes=passes, tolerance_km=tolerance_km) for arc in raw]
    for wanted in (1, 0):
        for index in crossings(arcs, 2.0):
            arcs[index] = drawn(raw[index], passes=wanted, tolerance_km=0.01)
    return arcs


def _built(height: Field, grid: Grid, settlement: Settlement) -> list[int]:
    """Built-up ground, without crumbs."""
    label = built_up(height, grid, settlement.towns, seed=SEED + 60)
    return tidy(label, grid, least_cells=16)


def _reservoir(height: Field, receiver: list[int], area: Field, grid: Grid) -> list[int]:
    """Cells drowned behind the planned dam: upstream of it and below its crest."""
    _, _, x, y, dam_m = plan.RESERVOIR
    near = [
        cell
        for cell in range(len(height))
        if abs(grid.centre_km(cell)[0] - x) < 2 and abs(grid.centre_km(cell)[1] - y) < 2
    ]
    dam = max(near, key=lambda cell: area[cell])
    feeders: dict[int, list[int]] = {}
    for cell, into in enumerate(receiver):
        if into != NOWHERE:
            feeders.setdefault(into, []).append(cell)
    wet, stack, crest_m = {dam}, [dam], height[dam] + dam_m
    while stack:
        for cell in feeders.get(stack.pop(), []):
            if height[cell] < crest_m:
                wet.add(cell)
                stack.append(cell)
    return tidy([int(cell in wet) for cell in range(len(height))], grid, least_cells=12)


def _isobaths(height: Field, grid: Grid) -> list[Arc]:
    """Depth lines, from a grid four times coarser."""
    coarse = Grid(width=grid.width // 4, height=grid.height // 4, cell_km=grid.cell_km * 4)
    label = []
    for cell in range(coarse.width * coarse.height):
        depth_m = -height[grid.cell_at(*coarse.centre_km(cell))]
        label.append(sum(depth_m > line for line in plan.ISOBATHS_M))
    return clean_arcs(tidy(label, coarse, least_cells=20), coarse, passes=6, tolerance_km=0.12)
