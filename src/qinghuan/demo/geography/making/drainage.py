"""Where water runs: sinks filled, receivers, upstream area, and the lines of rivers."""

from heapq import heappop, heappush

from qinghuan.demo.geography.making.field import Field, Grid, lattice_hash
from qinghuan.demo.geography.making.shapes import Point

NOWHERE = -1


def flow_order(height: Field, grid: Grid, *, rise_m: float = 0.01) -> tuple[list[int], list[int]]:
    """Flood the land from the sea inwards, so that every cell drains over a lowest pass.

    Heights are raised in place by `rise_m` a cell where a hollow has no way out.

    Returns:
        Cells from the shore upwards, and each cell's receiver (`NOWHERE` for sea).

    Source:
        R. Barnes et al., "Priority-flood", Computers & Geosciences 62 (2014), with receivers.
    """
    receiver = [NOWHERE] * len(height)
    heap: list[tuple[float, int]] = []
    seen = bytearray(len(height))
    for cell, metres in enumerate(height):
        if metres <= 0:
            seen[cell] = 1
            heap.append((metres, cell))
    heap.sort()
    order: list[int] = []
    while heap:
        level, cell = heappop(heap)
        if height[cell] > 0:
            order.append(cell)
        for near, _ in grid.neighbours(cell):
            if not seen[near]:
                seen[near] = 1
                height[near] = max(height[near], level + rise_m)
                receiver[near] = cell
                heappush(heap, (height[near], near))
    return order, receiver


def steepest_receivers(
    height: Field, grid: Grid, fallback: list[int], *, seed: int | None = None
) -> list[int]:
    """Turn each receiver to the steepest way down where one exists.

    With a seed, diagonal steps count as between 1 and 2 cells long by chance, so that valleys
    do not line up with the grid.

    Source:
        J. Fairfield and P. Leymarie, Water Resources Research 27(5), 1991 (Rho8).
    """
    receiver = list(fallback)
    for cell, metres in enumerate(height):
        if metres <= 0:
            continue
        best = 0.0
        long = 1.4142 if seed is None else 1.0 + (lattice_hash(cell, seed, 5) & 1023) / 1023.0
        for near, step in grid.neighbours(cell):
            slope = (metres - height[near]) / (step if step == 1.0 else long)
            if slope > best:
                best, receiver[cell] = slope, near
    return receiver


def upstream_km2(order: list[int], receiver: list[int], grid: Grid) -> Field:
    """Area drained through each cell [km²]; `order` runs from the shore upwards."""
    area = [grid.cell_km * grid.cell_km] * len(receiver)
    for cell in reversed(order):
        if receiver[cell] != NOWHERE:
            area[receiver[cell]] += area[cell]
    return area


def river_lines(
    height: Field, receiver: list[int], area: Field, grid: Grid, *, source_km2: float
) -> list[tuple[list[Point], float]]:
    """Rivers from mouth to source: the larger branch keeps the line, the smaller starts one.

    Returns:
        Each river's points from source to mouth, and the area it drains at its mouth [km²].
    """
    feeders: dict[int, list[int]] = {}
    for cell, into in enumerate(receiver):
        if into != NOWHERE and height[cell] > 0 and area[cell] >= source_km2:
            feeders.setdefault(into, []).append(cell)
    starts = [
        (cell, into) for into, cells in feeders.items() if height[into] <= 0 for cell in cells
    ]
    rivers = []
    while starts:
        cell, into = starts.pop()
        line, mouth_km2 = [into], area[cell]
        at: int | None = cell
        while at is not None:
            line.append(at)
            branches = sorted(feeders.get(at, []), key=lambda c: -area[c])
            starts += [(branch, at) for branch in branches[1:]]
            at = branches[0] if branches else None
        rivers.append(([grid.centre_km(c) for c in reversed(line)], mouth_km2))
    return sorted(rivers, key=lambda river: -river[1])
