"""The map's features as they cross the wire."""

from dataclasses import replace

from factories.web import CENTRE, SampleCockpit

from qinghuan.infra.database import NOBODY, Session
from qinghuan.web.cockpit.schemas import NOWHERE, bounds_of, features_of
from qinghuan.web.overview import Hillshade, MapStation, MapView
from qinghuan.web.style.samples import AT

VIEW = SampleCockpit().map(Session(), NOBODY, AT)


def test_the_bounds_hold_the_own_areas_only() -> None:
    west, south, east, north = bounds_of(VIEW)

    assert west < CENTRE[0] < east
    assert south < CENTRE[1] < north
    assert east - west < 0.25


def test_without_outlines_the_marks_give_the_bounds() -> None:
    marks = replace(VIEW, areas=())
    west, _, east, _ = bounds_of(marks)

    assert west == min(one.longitude_deg for one in VIEW.stations)
    assert east == max(one.longitude_deg for one in VIEW.stations)


def test_one_lone_mark_has_room_around_it() -> None:
    station = MapStation(
        id="a", name="a", kind="air", longitude_deg=120.0, latitude_deg=30.0, text="1"
    )

    assert bounds_of(MapView(stations=(station,))) == (119.95, 29.95, 120.05, 30.05)


def test_a_map_of_nothing_shows_the_whole_country() -> None:
    assert bounds_of(MapView()) == NOWHERE


def test_features_carry_what_the_browser_reads() -> None:
    features = features_of(VIEW)

    assert {each.properties["kind"] for each in features.stations.features} == {"air", "water"}
    assert features.cases.features[0].properties["state"] == "run"
    assert features.areas.features[0].properties["is_own"] is True
    assert features.hillshade is None


def test_the_shade_begins_in_the_north_west_and_goes_clockwise() -> None:
    shade = Hillshade(url="/s.webp", west_deg=1, south_deg=2, east_deg=3, north_deg=4)
    drawn = features_of(replace(VIEW, hillshade=shade)).hillshade

    assert drawn is not None
    assert drawn.corners == [(1, 4), (3, 4), (3, 2), (1, 2)]
