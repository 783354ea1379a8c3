"""Towns settled on the ground, their townships grown, their villages cut."""

from dataclasses import dataclass

from qinghuan.demo.geography.making import plan
from qinghuan.demo.geography.making.field import Field, Grid, lattice_hash
from qinghuan.demo.geography.making.partition import (
    SEA,
    components,
    nearest_land,
    reach_out,
    tidy,
    walking_toll,
)

VILLAGE_KM2 = 24.0
"""Ground of an average village; a township has at least three."""

LEAST_CELLS = 45
"""Half a square kilometre: smaller pieces of land or water are not drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A village or community: its code, name, label on the raster and township."""

    label: int
    code: str
    zh: str
    township: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Who lives where: one label a cell, and what the labels mean."""

    label: list[int]
    villages: dict[int, Village]
    neighbours: dict[int, str]
    towns: dict[str, int]
    """Cell of each town's offices."""


def settle(height: Field, area: Field, grid: Grid, *, seed: int) -> Settlement:
    """Share out the land among neighbours, townships and villages."""
    towns = {
        town.code: nearest_land(height, grid, grid.cell_at(town.x_km, town.y_km))
        for town in plan.TOWNS
    }
    codes = sorted({town.code for town in (*plan.TOWNS, *plan.NEIGHBOURS)})
    names = {code: number + 1 for number, code in enumerate(codes)}
    toll = walking_toll(height, area, grid, seed=seed)
    label = tidy(reach_out(_seeds(names, height, grid), toll, grid), grid, least_cells=LEAST_CELLS)
    neighbours = {names[t.code]: t.code for t in plan.NEIGHBOURS}
    label, villages = _cut_villages(label, names, toll, grid, towns)
    return Settlement(label=label, villages=villages, neighbours=neighbours, towns=towns)


def _seeds(names: dict[str, int], height: Field, grid: Grid) -> dict[int, list[tuple[int, float]]]:
    """Cells from which each township and neighbour walks out."""
    seeds: dict[int, list[tuple[int, float]]] = {}
    spots = [(t.code, t.x_km, t.y_km, t.reach) for t in (*plan.TOWNS, *plan.NEIGHBOURS)]
    spots += [(code, x, y, 1.0) for code, x, y in plan.ISLAND_SEEDS]
    for code, x, y, reach in spots:
        cell = nearest_land(height, grid, grid.cell_at(x, y))
        seeds.setdefault(names[code], []).append((cell, reach))
    return seeds


def _cut_villages(
    label: list[int], names: dict[str, int], toll: Field, grid: Grid, towns: dict[str, int]
) -> tuple[list[int], dict[int, Village]]:
    """Divide each township among villages spread evenly over it."""
    toll = [1.0 if walk == float("inf") else walk for walk in toll]
    ground: dict[int, list[int]] = {}
    for cell, name in enumerate(label):
        ground.setdefault(name, []).append(cell)
    passable = [float("inf") if name == SEA else toll[cell] for cell, name in enumerate(label)]
    seeds: dict[int, list[tuple[int, float]]] = {}
    villages: dict[int, Village] = {}
    for township in sorted(towns):
        cells = ground[names[township]]
        count = max(3, round(len(cells) * grid.cell_km**2 / VILLAGE_KM2))
        for number, cell in enumerate(_spread(cells, towns[township], count, grid)):
            new = 100 + len(villages)
            seeds[new] = [(cell, 1.0)]
            villages[new] = _village(new, number, township)
    fine = reach_out(seeds, passable, grid, within=label)
    inverse = {name: code for code, name in names.items()}
    fine = [
        cut or (name if name == SEA or not inverse[name].startswith("99") else -name)
        for cut, name in zip(fine, label, strict=True)
    ]
    _give_islands(fine, villages, inverse, grid)
    return tidy(fine, grid, least_cells=LEAST_CELLS), villages


def _spread(cells: list[int], first: int, count: int, grid: Grid) -> list[int]:
    """Cells far from each other, the town's own first (farthest-point sampling of a few)."""
    trials = [c for c in cells if lattice_hash(c, 3, 11) % 29 == 0] or cells
    spots = [grid.centre_km(c) for c in trials]
    x, y = grid.centre_km(first)
    gap = [(px - x) ** 2 + (py - y) ** 2 for px, py in spots]
    chosen = [first]
    while len(chosen) < count:
        best = max(range(len(trials)), key=lambda i: gap[i])
        chosen.append(trials[best])
        x, y = spots[best]
        gap = [
            min(g, (px - x) ** 2 + (py - y) ** 2) for g, (px, py) in zip(gap, spots, strict=True)
        ]
    return _relaxed(chosen, trials, grid)


def _relaxed(chosen: list[int], trials: list[int], grid: Grid) -> list[int]:
    """Move every village but the first to the middle of its ground, twice (Lloyd's steps)."""
    for _ in range(2):
        sums = [[0.0, 0.0, 0.0] for _ in chosen]
        centres = [grid.centre_km(c) for c in chosen]
        spots = [grid.centre_km(c) for c in trials]
        for px, py in spots:
            near = min(
                range(len(centres)),
                key=lambda i: (centres[i][0] - px) ** 2 + (centres[i][1] - py) ** 2,
            )
            sums[near][0] += px
            sums[near][1] += py
            sums[near][2] += 1
        for i, (sx, sy, n) in enumerate(sums[1:], start=1):
            mx, my = sx / max(1.0, n), sy / max(1.0, n)
            at = min(
                range(len(trials)), key=lambda k: (spots[k][0] - mx) ** 2 + (spots[k][1] - my) ** 2
            )
            chosen[i] = trials[at]
    return list(dict.fromkeys(chosen))


def _village(label: int, number: int, township: str) -> Village:
    """Name the next village; urban ones are communities (code 001-199), rural 200-399."""
    urban = township[6] == "0" or number == 0
    word = plan.VILLAGE_NAMES[(label - 100) % len(plan.VILLAGE_NAMES)]
    code = f"{township}{number + 1 if urban else number + 200:03d}"
    return Village(label=label, code=code, zh=word + ("社区" if urban else "村"), township=township)


def _give_islands(
    fine: list[int], villages: dict[int, Village], inverse: dict[int, str], grid: Grid
) -> None:
    """Ground that no village walked to (islands) goes to the township's nearest village."""
    for group in components(fine, grid):
        if fine[group[0]] >= 0:
            continue
        township = inverse[-fine[group[0]]]
        x, y = grid.centre_km(group[len(group) // 2])
        best, best_gap = 0, float("inf")
        for cell in range(0, len(fine), 37):
            owner = villages.get(fine[cell])
            if owner and owner.township == township:
                px, py = grid.centre_km(cell)
                gap = (px - x) ** 2 + (py - y) ** 2
                if gap < best_gap:
                    best, best_gap = owner.label, gap
        for cell in group:
            fine[cell] = best
