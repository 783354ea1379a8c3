"""The committed map: whole, exact, bilingual and nowhere near a real place."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise, product
from pathlib import Path

import pytest
from PIL import Image

from qinghuan.core.geo import Place, distance_m
from qinghuan.demo.geography import atlas
from qinghuan.people.area import is_fictional, level_of, parent_of
from qinghuan.people.outline import CoordinateSystem, read_outlines

Point = tuple[float, float]
Ring = list[Point]

CLIPPERTON = Place(longitude_deg=-109.22, latitude_deg=10.30)
DATA = Path(atlas.__file__).parent / "data"


def shapes() -> dict[str, list[list[Ring]]]:
    return {
        feature["properties"]["area_code"]: [
            [[(x, y) for x, y in ring] for ring in polygon]
            for polygon in feature["geometry"]["coordinates"]
        ]
        for feature in json.loads(atlas.document("areas"))["features"]
    }


AREAS = shapes()


def rings(code: str) -> Iterator[Ring]:
    for polygon in AREAS[code]:
        yield from polygon


def edges(code: str) -> Iterator[tuple[Point, Point]]:
    for ring in rings(code):
        yield from pairwise(ring)


def size(code: str) -> float:
    """Area in square degrees; holes count negative by their direction."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in edges(code)) / 2


def children(code: str) -> list[str]:
    return [each for each in AREAS if parent_of(each) == code]


def parents() -> list[str]:
    return sorted({parent for code in AREAS if (parent := parent_of(code)) in AREAS})


@pytest.mark.parametrize("code", parents())
def test_the_children_of_an_area_fill_it_exactly_without_gap_or_overlap(code: str) -> None:
    # Interior edges are walked once each way and cancel; what is left is the parent's outline.
    walked = Counter(edge for child in children(code) for edge in edges(child))
    left = Counter({(a, b): n for (a, b), n in walked.items() if (b, a) not in walked})

    assert left == Counter(edges(code))
    assert sum(size(child) for child in children(code)) == pytest.approx(size(code), rel=1e-9)


@pytest.mark.parametrize("code", list(AREAS))
def test_no_ring_crosses_or_touches_itself(code: str) -> None:
    for ring in rings(code):
        assert ring[0] == ring[-1]
        assert len(set(ring)) == len(ring) - 1
    assert not crossing_edges(list(edges(code)))


def test_outlines_are_readable_by_the_importer_that_a_site_uses() -> None:
    read, refused = read_outlines(atlas.document("areas"), CoordinateSystem.WGS84)

    assert not refused
    assert [each.area_code for each in read] == [area.area_code for area in atlas.demo_areas()]


def test_the_tree_has_one_city_two_districts_fifteen_townships_and_their_villages() -> None:
    levels = Counter(level_of(code).name for code in AREAS)

    assert levels["CITY"] == 1
    assert levels["DISTRICT"] == 2
    assert levels["TOWNSHIP"] == 15
    assert all(len(children(code)) >= 3 for code in AREAS if len(code) == 9)


def test_every_area_has_a_fictional_code_and_two_names_and_its_label_lies_inside() -> None:
    for area in atlas.demo_areas():
        assert is_fictional(area.area_code)
        assert area.name
        assert area.name_en.isascii()
        assert lies_inside((area.middle.longitude_deg, area.middle.latitude_deg), area.area_code)


def test_no_two_areas_under_one_parent_share_a_name() -> None:
    names = Counter((parent_of(area.area_code), area.name) for area in atlas.demo_areas())

    assert max(names.values()) == 1


def test_the_city_lies_in_open_sea_outside_the_bounds_of_the_chinese_map_shift() -> None:
    frame = json.loads((DATA / "frame.json").read_text(encoding="utf-8"))
    west, south, east, north = frame["bounds_deg"]

    assert east < 72
    assert -1 < south < north < 1
    nearest_corner = Place(longitude_deg=east, latitude_deg=north)
    assert distance_m(nearest_corner, CLIPPERTON) > 1_700_000
    for (x, y), _ in edges("9901"):
        assert west < x < east
        assert south < y < north


def test_the_layers_fit_the_size_a_page_may_load() -> None:
    assert sum(len(atlas.document(layer)) for layer in atlas.LAYERS) <= 500_000


def test_the_heights_are_sixteen_bit_metres_over_the_same_frame_as_the_shading() -> None:
    with Image.open(DATA / "hillshade.png") as shade, Image.open(DATA / "terrain.png") as heights:
        values = sorted(heights.tobytes()[i : i + 2][::-1] for i in range(0, 2 * 640 * 400, 2))
        assert (heights.mode, shade.mode) == ("I;16", "LA")
        assert (heights.width * 2, heights.height * 2) == (shade.width, shade.height)

    datum_m = 100
    assert -100 < int.from_bytes(values[0], "big") - datum_m < 0
    assert 800 < int.from_bytes(values[-1], "big") - datum_m < 1200


def test_laying_the_base_map_copies_every_file(tmp_path: Path) -> None:
    atlas.lay_base_map(tmp_path / "basemap")

    laid = {path.name for path in (tmp_path / "basemap").iterdir()}
    assert laid == {f"{layer}.geojson" for layer in atlas.LAYERS} | {
        "hillshade.png",
        "terrain.png",
        "frame.json",
    }


def test_laying_the_base_map_again_leaves_what_is_unchanged(tmp_path: Path) -> None:
    atlas.lay_base_map(tmp_path)
    laid_at = (tmp_path / "land.geojson").stat().st_mtime_ns
    (tmp_path / "water.geojson").write_text("{}", encoding="utf-8")

    atlas.lay_base_map(tmp_path)

    assert (tmp_path / "land.geojson").stat().st_mtime_ns == laid_at
    assert (tmp_path / "water.geojson").read_bytes() == atlas.document("water")


def crossing_edges(lines: list[tuple[Point, Point]]) -> list[tuple[Point, ...]]:
    """Pairs of edges that cross, looked for in boxes of two kilometres."""
    boxes: dict[tuple[int, int], list[tuple[Point, Point]]] = {}
    for a, b in lines:
        columns = range(int(min(a[0], b[0]) // 0.02), int(max(a[0], b[0]) // 0.02) + 1)
        rows = range(int(min(a[1], b[1]) // 0.02), int(max(a[1], b[1]) // 0.02) + 1)
        for box in product(columns, rows):
            boxes.setdefault(box, []).append((a, b))
    return [
        (a, b, c, d)
        for inside in boxes.values()
        for (a, b), (c, d) in combinations(inside, 2)
        if len({a, b, c, d}) == 4 and cross(a, b, c, d)
    ]


def cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def lies_inside(point: Point, code: str) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in edges(code):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
