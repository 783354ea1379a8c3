"""Water finds the sea, and no drop is lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.demo.geography.making.drainage import (
    NOWHERE,
    flow_order,
    river_lines,
    steepest_receivers,
    upstream_km2,
)
from qinghuan.demo.geography.making.field import Grid

GRID = Grid(width=7, height=6, cell_km=1.0)
SHORE = [-1.0] * 7
hills = st.lists(st.floats(0.5, 900.0), min_size=35, max_size=35).map(lambda land: land + SHORE)


@given(height=hills)
def test_every_land_cell_reaches_the_sea(height: list[float]) -> None:
    _, receiver = flow_order(height, GRID)
    receiver = steepest_receivers(height, GRID, receiver)

    for cell in range(35):
        at, steps = cell, 0
        while height[at] > 0:
            at, steps = receiver[at], steps + 1
            assert at != NOWHERE
            assert steps < 43


@given(height=hills)
def test_what_falls_on_the_land_arrives_at_the_shore(height: list[float]) -> None:
    _, flooded = flow_order(height, GRID)
    receiver = steepest_receivers(height, GRID, flooded, seed=3)
    order = sorted(range(35), key=height.__getitem__)

    area = upstream_km2(order, receiver, GRID)

    assert sum(area[35:]) == pytest.approx(42)


def test_a_valley_carries_one_river_from_its_source_to_the_sea() -> None:
    height = [10.0 * (6 - cell // 7) + 5 * abs(cell % 7 - 3) for cell in range(35)] + SHORE
    _, flooded = flow_order(height, GRID)
    receiver = steepest_receivers(height, GRID, flooded)
    order = sorted(range(35), key=height.__getitem__)

    rivers = river_lines(
        height, receiver, upstream_km2(order, receiver, GRID), GRID, source_km2=6.0
    )

    line, mouth_km2 = rivers[0]
    assert line[-1] == (3.5, 0.5)
    assert {x for x, _ in line} == {3.5}
    assert mouth_km2 > 20
