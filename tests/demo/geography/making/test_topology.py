"""Shared arcs: whatever the raster, its regions fill the frame and no two overlap."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.demo.geography.making.field import Grid
from qinghuan.demo.geography.making.partition import tidy
from qinghuan.demo.geography.making.shapes import ring_area
from qinghuan.demo.geography.making.topology import crossings, drawn, polygons, trace_arcs

GRID = Grid(width=12, height=9, cell_km=1.0)
rasters = st.lists(st.integers(0, 3), min_size=108, max_size=108).map(
    lambda label: tidy(label, GRID, least_cells=3)
)


def area_of(label: list[int], wanted: int) -> float:
    arcs = trace_arcs(label, GRID)
    found = polygons(arcs, lambda each: each == wanted)
    return sum(ring_area(ring) for polygon in found for ring in polygon)


def test_two_halves_share_one_arc_and_each_has_half_the_ground() -> None:
    label = [1 if cell % 12 < 6 else 2 for cell in range(108)]
    arcs = trace_arcs(label, GRID)

    shared = [arc for arc in arcs if {arc.left, arc.right} == {1, 2}]
    assert len(shared) == 1
    assert shared[0].points[0] in {(6.0, 0.0), (6.0, 9.0)}
    assert area_of(label, 1) == area_of(label, 2) == 54


def test_a_lake_is_a_hole_of_the_land_around_it() -> None:
    label = [1] * 108
    label[GRID.cell_at(5.5, 4.5)] = 0

    (land,) = polygons(trace_arcs(label, GRID), lambda each: each == 1)

    assert [round(ring_area(ring)) for ring in land] == [108, -1]


@given(label=rasters)
def test_polygons_cover_as_much_ground_as_their_cells(label: list[int]) -> None:
    cells = Counter(label)

    for wanted in cells:
        assert area_of(label, wanted) == pytest.approx(cells[wanted])


@given(label=rasters)
def test_melting_two_regions_leaves_the_sum_of_their_ground(label: list[int]) -> None:
    found = polygons(trace_arcs(label, GRID), lambda each: each in {1, 2})

    ground = sum(ring_area(ring) for polygon in found for ring in polygon)
    assert ground == pytest.approx(area_of(label, 1) + area_of(label, 2))


@given(label=rasters)
def test_smoothing_keeps_every_junction_where_it_was(label: list[int]) -> None:
    for arc in trace_arcs(label, GRID):
        soft = drawn(arc, passes=2, tolerance_km=0.1)
        if not arc.is_closed:
            assert (soft.points[0], soft.points[-1]) == (arc.points[0], arc.points[-1])
        assert all(a != b for a, b in pairwise(soft.points))


@given(label=rasters)
def test_unsmoothed_arcs_never_cross(label: list[int]) -> None:
    assert not crossings(trace_arcs(label, GRID), 2.0)
