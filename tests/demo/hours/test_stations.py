"""The demo's stations: well numbered, in the area they name, each with something to send."""

import json
from datetime import UTC, datetime
from itertools import pairwise

from qinghuan.demo.geography import atlas
from qinghuan.demo.hours.beijing import air_hour
from qinghuan.demo.hours.stations import STATIONS, DemoStation


def test_device_numbers_are_twenty_four_hexadecimal_digits_and_unlike() -> None:
    numbers = [station.mn for station in STATIONS]

    assert all(len(mn) == 24 and set(mn) <= set("0123456789ABCDEF") for mn in numbers)
    assert len(set(numbers)) == len(numbers)


def test_every_station_stands_in_the_area_it_names() -> None:
    for station in STATIONS:
        assert stands_in(station), station.name


def test_air_replays_and_water_is_simulated_and_one_station_falls_silent() -> None:
    assert all(bool(station.source) != bool(station.tides) for station in STATIONS)
    assert sum(station.falls_silent for station in STATIONS) == 1


def test_limits_are_set_for_what_the_station_measures_and_say_who_set_them() -> None:
    for station in STATIONS:
        hour_at = datetime(2026, 11, 25, 5, tzinfo=UTC)
        measured = station.tides or air_hour(station.source, hour_at).values
        for limit in station.limits:
            assert limit.code in measured
            assert limit.source


def stands_in(station: DemoStation) -> bool:
    x, y = station.place.longitude_deg, station.place.latitude_deg
    (shape,) = (
        feature["geometry"]["coordinates"]
        for feature in json.loads(atlas.document("areas"))["features"]
        if feature["properties"]["area_code"] == station.area_code
    )
    inside = False
    for polygon in shape:
        for ring in polygon:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    inside = not inside
    return inside
