import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.core.geo import Place, distance_m, to_gcj02
from qinghuan.people.errors import CoordinatesUndeclared, OutlinesUnreadable, OutlineWrong
from qinghuan.people.outline import (
    CoordinateSystem,
    Outline,
    looks_gcj02,
    outline_of,
    read_outlines,
)

SQUARE = [[110.0, 21.0], [110.2, 21.0], [110.2, 21.2], [110.0, 21.2], [110.0, 21.0]]
numbers = st.one_of(st.floats(), st.integers(), st.booleans(), st.none(), st.text(max_size=3))
shapes = st.recursive(numbers, lambda inner: st.lists(inner, max_size=5), max_leaves=30)


def feature(ring: list[list[float]] | None = None, **properties: object) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"adcode": 990101, "name": "青环区"} | properties,
        "geometry": {"type": "Polygon", "coordinates": [ring or SQUARE]},
    }


def collection(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | more).encode()


def shifted(ring: list[list[float]]) -> list[list[float]]:
    places = [to_gcj02(Place(longitude_deg=x, latitude_deg=y)) for x, y in ring]
    return [[place.longitude_deg, place.latitude_deg] for place in places]


def test_a_declared_square_is_read_with_its_code_name_and_centre() -> None:
    (read,), refused = read_outlines(collection(feature()), CoordinateSystem.CGCS2000)

    assert refused == ()
    assert (read.area_code, read.name) == ("990101", "青环区")
    assert read.outline.centre() == Place(longitude_deg=110.1, latitude_deg=21.1)
    assert read.outline.geometry()["coordinates"] == [[SQUARE]]


def test_without_a_declared_system_nothing_is_read() -> None:
    with pytest.raises(CoordinatesUndeclared):
        read_outlines(collection(feature()), None)


def test_a_gcj02_square_comes_back_to_wgs84() -> None:
    (read,), _ = read_outlines(collection(feature(shifted(SQUARE))), CoordinateSystem.GCJ02)

    for found, (x, y) in zip(read.outline.polygons[0][0], SQUARE, strict=True):
        assert distance_m(found, Place(longitude_deg=x, latitude_deg=y)) < 0.05


def test_a_gcj02_square_declared_as_wgs84_is_pointed_out_where_the_place_is_known() -> None:
    known = outline_of({"type": "Polygon", "coordinates": [SQUARE]})
    mistaken = outline_of({"type": "Polygon", "coordinates": [shifted(SQUARE)]})

    assert looks_gcj02(mistaken, known)
    assert not looks_gcj02(known, known)
    assert not looks_gcj02(known, mistaken)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (feature(adcode=None), "区划代码"),
        (feature(adcode="12"), None),
        (feature(adcode="abc"), "不正确"),
        (feature(SQUARE[:-1]), "闭合"),
        (feature([[110.0, 21.0]] * 5), "面积"),
        (feature([[y, x] for x, y in SQUARE]), "颠倒"),
        (feature([[x * 111_000, y] for x, y in SQUARE]), "经纬度"),
        (feature([[10**400, y] for _, y in SQUARE]), "数字"),
        ({"type": "Feature", "properties": {"code": "990101"}, "geometry": None}, "几何"),
        (feature() | {"geometry": {"type": "Point", "coordinates": [1, 2]}}, "Polygon"),
        ("text", "Feature"),
    ],
)
def test_each_area_is_judged_alone_and_refused_in_words(wrong: object, says: str | None) -> None:
    read, refused = read_outlines(collection(feature(), wrong), CoordinateSystem.WGS84)

    if says is None:
        assert len(read) == 2
        return
    assert len(read) == 1
    assert refused[0].number == 2
    assert says in refused[0].why_zh


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"features": 3}',
        b"[" * 100_000,
        b'{"features": [NaN]}',
        collection(feature(), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}),
    ],
)
def test_what_is_no_geojson_in_degrees_is_refused(document: bytes) -> None:
    with pytest.raises(OutlinesUnreadable):
        read_outlines(document, CoordinateSystem.WGS84)


def test_rings_are_turned_the_right_way() -> None:
    hole = [[110.05, 21.05], [110.15, 21.05], [110.15, 21.15], [110.05, 21.15], [110.05, 21.05]]
    read = outline_of({"type": "Polygon", "coordinates": [SQUARE[::-1], hole]})

    assert read.geometry()["coordinates"] == [[SQUARE, hole[::-1]]]


@given(coordinates=shapes, kind=st.sampled_from(["Polygon", "MultiPolygon"]))
def test_no_shape_of_lists_breaks_the_reader(coordinates: object, kind: str) -> None:
    try:
        outline = outline_of({"type": kind, "coordinates": coordinates})
    except OutlineWrong:
        return
    assert isinstance(outline, Outline)


@given(document=st.binary(max_size=200))
def test_no_bytes_break_the_reader(document: bytes) -> None:
    try:
        read_outlines(document, CoordinateSystem.WGS84)
    except OutlinesUnreadable:
        return
