"""Plane geometry by hand."""

import pytest

from qinghuan.demo.geography.making.shapes import (
    curve_through,
    deepest_point,
    distance_to_line,
    is_inside,
    line_length,
    ring_area,
    smoothed,
    thinned,
)

SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]


def test_a_square_of_four_has_sixteen_and_runs_anticlockwise() -> None:
    assert ring_area(SQUARE) == 16
    assert ring_area(SQUARE[::-1]) == -16


def test_a_point_beside_a_line_is_as_far_as_its_foot_says() -> None:
    gap, along = distance_to_line((3.0, 2.0), [(0.0, 0.0), (4.0, 0.0), (8.0, 0.0)])

    assert gap == 2.0
    assert along == pytest.approx(0.375)


def test_inside_is_inside() -> None:
    assert is_inside((1.0, 1.0), SQUARE)
    assert not is_inside((5.0, 1.0), SQUARE)


def test_thinning_drops_what_lies_on_the_way_and_keeps_the_corner() -> None:
    line = [(0.0, 0.0), (1.0, 0.01), (2.0, 0.0), (2.0, 2.0)]

    assert thinned(line, 0.1) == [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)]


def test_smoothing_an_open_line_leaves_its_ends() -> None:
    assert smoothed([(0.0, 0.0), (1.0, 4.0), (2.0, 0.0)], 1, closed=False) == [
        (0.0, 0.0),
        (1.0, 2.0),
        (2.0, 0.0),
    ]


def test_a_curve_passes_through_its_points() -> None:
    points = [(0.0, 0.0), (1.0, 2.0), (3.0, 1.0)]

    assert set(points) <= set(curve_through(points, 4))


def test_the_deepest_point_of_a_square_with_a_hole_avoids_the_hole() -> None:
    hole = [(1.0, 1.0), (1.0, 3.0), (3.5, 3.0), (3.5, 1.0)]

    x, y = deepest_point([SQUARE, hole], 0.25)

    assert not is_inside((x, y), hole)
    assert is_inside((x, y), SQUARE)


def test_length_adds_up() -> None:
    assert line_length([(0.0, 0.0), (3.0, 4.0), (3.0, 5.0)]) == 6
