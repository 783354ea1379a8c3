"""Who governs which ground: every land cell goes to the town that reaches it first.

Walking is slow uphill and across rivers, so boundaries come to lie on crests and streams, as
they do where people drew them.
"""

from collections import Counter
from collections.abc import Mapping
from heapq import heappop, heappush

from qinghuan.demo.geography.making.field import Field, Grid, noise

SEA = 0
"""Label of water; land carries positive labels."""


def reach_out(
    seeds: Mapping[int, list[tuple[int, float]]],
    toll: Field,
    grid: Grid,
    within: list[int] | None = None,
) -> list[int]:
    """Give every passable cell to the seed nearest by toll.

    Args:
        seeds: For each label its cells, each with its reach (2 walks twice as far).
        toll: Cost of crossing a cell, per cell length; infinite where nobody may walk.
        grid: Their grid.
        within: Cells may only be taken by a label whose seed lies in the same region.

    Returns:
        One label a cell, `SEA` where nobody came.
    """
    label = [SEA] * len(toll)
    heap: list[tuple[float, int, int, float]] = []
    for name, cells in seeds.items():
        heap += [(0.0, cell, name, reach) for cell, reach in cells]
    heap.sort()
    while heap:
        cost, cell, name, reach = heappop(heap)
        if label[cell] != SEA:
            continue
        label[cell] = name
        for near, step in grid.neighbours(cell):
            if label[near] == SEA and toll[near] < float("inf"):
                if within is not None and within[near] != within[cell]:
                    continue
                heappush(heap, (cost + step * toll[near] / reach, near, name, reach))
    return label


def walking_toll(height: Field, area: Field, grid: Grid, *, seed: int) -> Field:
    """Toll of each cell: slope, rivers and a little chance; infinite on water."""
    toll = []
    for cell, metres in enumerate(height):
        if metres <= 0:
            toll.append(float("inf"))
            continue
        row, column = divmod(cell, grid.width)
        east = height[cell + 1] if column + 1 < grid.width else metres
        south = height[cell + grid.width] if row + 1 < grid.height else metres
        slope = (abs(east - metres) + abs(south - metres)) / (1000 * grid.cell_km)
        river = 9.0 if area[cell] > 60 else 3.0 if area[cell] > 12 else 0.0
        x, y = grid.centre_km(cell)
        toll.append(1.0 + 7.0 * slope + river + 0.5 * noise(x / 1.3, y / 1.3, seed))
    return toll


def nearest_land(height: Field, grid: Grid, cell: int) -> int:
    """The land cell closest to a cell, by steps."""
    seen, ring = {cell}, [cell]
    while ring:
        for at in ring:
            if height[at] > 0:
                return at
        ring = sorted({n for at in ring for n, _ in grid.neighbours(at)} - seen)
        seen.update(ring)
    return cell


def tidy(label: list[int], grid: Grid, *, least_cells: int) -> list[int]:
    """Even out ragged edges, drop specks and break diagonal touches."""
    for _ in range(3):
        label = _majority(label, grid)
    for _ in range(4):
        changed = _absorb_specks(label, grid, least_cells) + _break_diagonals(label, grid)
        if not changed:
            break
    return label


def components(label: list[int], grid: Grid) -> list[list[int]]:
    """Cells that hang together by their sides under one label, group by group."""
    seen = bytearray(len(label))
    groups = []
    for start, name in enumerate(label):
        if seen[start]:
            continue
        seen[start], stack, group = 1, [start], []
        while stack:
            cell = stack.pop()
            group.append(cell)
            for near in _sides(cell, grid):
                if not seen[near] and label[near] == name:
                    seen[near] = 1
                    stack.append(near)
        groups.append(group)
    return groups


def _majority(label: list[int], grid: Grid) -> list[int]:
    """Give each cell the label most common among itself and its neighbours, land to land only."""
    after = list(label)
    for cell, name in enumerate(label):
        near = [label[n] for n, _ in grid.neighbours(cell)]
        if all(n == name for n in near):
            continue
        counts = Counter(n for n in near if (n == SEA) == (name == SEA))
        if counts and name != SEA:
            best, votes = counts.most_common(1)[0]
            if votes > counts[name] + 1:
                after[cell] = best
    return after


def _absorb_specks(label: list[int], grid: Grid, least_cells: int) -> int:
    """Hand groups smaller than `least_cells` to the label that surrounds them most."""
    changed = 0
    for group in components(label, grid):
        if len(group) >= least_cells:
            continue
        around = Counter(
            label[n] for cell in group for n in _sides(cell, grid) if label[n] != label[cell]
        )
        land = Counter({name: n for name, n in around.items() if name != SEA})
        for heir, _ in (land or around).most_common(1):
            changed += 1
            for cell in group:
                label[cell] = heir
    return changed


def _break_diagonals(label: list[int], grid: Grid) -> int:
    """Make cells that touch a like one only at a corner unlike no more."""
    changed = 0
    for row in range(grid.height - 1):
        for column in range(grid.width - 1):
            a = row * grid.width + column
            b, c, d = a + 1, a + grid.width, a + grid.width + 1
            crossed = label[a] == label[d] and label[a] not in (label[b], label[c])
            counter = label[b] == label[c] and label[b] not in (label[a], label[d])
            if crossed or counter:
                label[b if label[b] != SEA or crossed else a] = label[a if crossed else b]
                changed += 1
    return changed


def _sides(cell: int, grid: Grid) -> list[int]:
    """The up to four cells that share a side."""
    return [near for near, step in grid.neighbours(cell) if step == 1.0]
