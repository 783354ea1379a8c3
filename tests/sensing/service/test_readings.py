from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from factories.sensing import receive, station_form, upload

from qinghuan.infra.database import Session
from qinghuan.sensing.errors import FrameUnknown, ObservationUnknown, StationUnknown
from qinghuan.sensing.model import OwnLimit
from qinghuan.sensing.service import readings
from qinghuan.sensing.service.evidence import frame_of, origin_of
from qinghuan.sensing.service.limits import set_limit, set_unit
from qinghuan.sensing.service.readings import series_of, station_now, stations_now, transmission
from qinghuan.sensing.service.stations import datastreams_of, register_station

pytestmark = pytest.mark.db

NOW = datetime(2026, 5, 1, 4, 20, tzinfo=UTC)
HOUR = datetime(2026, 5, 1, 3, tzinfo=UTC)
MEANS = {
    "a34004": "75",
    "a34002": "80",
    "a21026": "9",
    "a21004": "35",
    "a21005": "0.8",
    "a05024": "60",
}


def hourly(
    session: Session,
    values: dict[str, str],
    *,
    at: datetime = HOUR,
    flag: str = "N",
    st: str = "22",
) -> None:
    flags = dict.fromkeys(values, flag)
    raw = upload(values, at=at, cn="2061", kind="Avg", flags=flags, st=st, sent_at=at)
    receive(session, raw, at=NOW)


def test_an_air_station_has_the_index_of_its_latest_hour(session: Session) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)
    hourly(session, MEANS | {"a34004": "10"}, at=HOUR - timedelta(hours=1))
    hourly(session, MEANS)
    now = station_now(session, station.id, NOW)

    assert now.air is not None
    assert (now.air.value, now.air.primary, now.air.standard) == (114, ("a34004",), "HJ 633-2026")
    assert (now.hour_at, len(now.latest)) == (HOUR, 6)


def test_flagged_values_and_old_hours_give_no_index(session: Session) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)
    hourly(session, MEANS, flag="M")
    now = station_now(session, station.id, NOW)

    assert now.air is not None
    assert now.air.value is None
    assert station_now(session, station.id, NOW + timedelta(hours=4)).air is None


def test_a_datastream_in_another_unit_counts_in_the_indexes(session: Session) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)
    hourly(session, MEANS)
    for stream in datastreams_of(session, station.id):
        if stream.code == "a34004":
            set_unit(session, stream.id, "mg/m3", actor="p", at=NOW)
        if stream.code == "a34002":
            set_unit(session, stream.id, "ppb", actor="p", at=NOW)
    now = station_now(session, station.id, NOW)

    assert now.air is not None
    assert (now.air.value, now.air.missing) == (500, ("a34002",))


def test_a_water_station_has_the_class_of_its_worst_factor(session: Session) -> None:
    form = station_form(st="21", area_class=3)
    station = register_station(session, form, "123456", actor="p", at=NOW)
    hourly(session, {"w01009": "8", "w01018": "18", "w21003": "1.6"}, st="21")
    now = station_now(session, station.id, NOW)

    assert now.water is not None
    assert (now.water.value, now.water.worst) == (5, ("w21003",))
    assert station_now(session, station.id, NOW + timedelta(days=2)).water is None


def test_other_stations_have_values_only(session: Session) -> None:
    station = register_station(session, station_form(st="31"), "123456", actor="p", at=NOW)
    hourly(session, {"a34013": "5"}, st="31")
    now = station_now(session, station.id, NOW)

    assert (now.air, now.water, now.hour_at) == (None, None, None)
    assert [str(value.value) for value in now.latest] == ["5"]


def test_many_stations_are_read_at_once(session: Session) -> None:
    stations = [
        register_station(session, station_form(mn), "123456", actor="p", at=NOW) for mn in "AB"
    ]
    receive(session, upload({"a34004": "1"}, at=HOUR, mn="A"), at=NOW)
    found = stations_now(session, stations, NOW)

    assert [len(found[station.id].latest) for station in stations] == [1, 0]
    assert stations_now(session, [], NOW) == {}
    with pytest.raises(StationUnknown):
        station_now(session, UUID(int=1), NOW)


def test_a_series_comes_with_its_limit_flags_and_changes(session: Session) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)
    for number in range(5):
        hourly(session, {"a34004": str(number)}, at=HOUR - timedelta(hours=number))
    receive(
        session,
        upload({"a34004": "99"}, at=HOUR, cn="2061", kind="Avg", sent_at=NOW),
        at=NOW,
    )
    (stream,) = datastreams_of(session, station.id)
    limit = OwnLimit(upper=Decimal(75), source="预警值")
    set_limit(session, stream.id, limit, actor="p", at=NOW)
    series = series_of(session, stream.id, HOUR - timedelta(hours=2), HOUR + timedelta(hours=1))

    assert [int(one.value) for one in series.observations] == [2, 1, 99]
    assert [int(change.old_value) for change in series.changes] == [0]
    assert series.judging is not None
    assert (series.judging.rule.upper, series.is_cut) == (Decimal(75), False)
    assert series.station.id == station.id


def test_a_series_too_long_is_cut_to_its_latest_values(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)
    for number in range(4):
        hourly(session, {"a34004": str(number)}, at=HOUR - timedelta(hours=number))
    (stream,) = datastreams_of(session, station.id)
    monkeypatch.setattr(readings, "MOST_POINTS", 2)
    series = series_of(session, stream.id, HOUR - timedelta(days=1), NOW)

    assert [int(one.value) for one in series.observations] == [1, 0]
    assert series.is_cut


def test_transmission_counts_hours_received_of_those_expected(session: Session) -> None:
    begun = HOUR - timedelta(hours=10)
    old = register_station(session, station_form(), "123456", actor="p", at=begun)
    new = register_station(
        session, station_form("B"), "123456", actor="p", at=HOUR - timedelta(hours=1)
    )
    for number in range(1, 5):
        hourly(session, {"a34004": "1"}, at=HOUR - timedelta(hours=number))
    counted = transmission(session, [old, new], NOW, hours=8)

    assert (counted.received_hours, counted.expected_hours) == (4, 8 + 2)
    assert counted.by_station == {old.id: 4}
    assert counted.ratio == pytest.approx(0.4)
    assert transmission(session, [], NOW).ratio is None


def test_what_is_not_there_is_unknown(session: Session) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)
    hourly(session, {"a34004": "1"})
    (stream,) = datastreams_of(session, station.id)

    with pytest.raises(ObservationUnknown):
        origin_of(session, stream.id, NOW)
    with pytest.raises(FrameUnknown):
        frame_of(session, UUID(int=1))
