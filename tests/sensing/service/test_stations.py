from dataclasses import replace
from datetime import UTC, datetime

import pytest
from factories.sensing import receive, station_form, upload

from qinghuan.infra.database import Database, Scope, Session
from qinghuan.sensing.errors import StationInvalid, StationTaken, StationUnknown
from qinghuan.sensing.model import StationFilter
from qinghuan.sensing.repository.intake import members_since
from qinghuan.sensing.roster import Member, Roster
from qinghuan.sensing.service.stations import (
    change_password,
    change_station,
    datastreams_of,
    list_stations,
    register_station,
    station_by_mn,
    station_of,
)
from qinghuan.trace.service.reading import records_of

pytestmark = pytest.mark.db

NOW = datetime(2026, 2, 1, 4, tzinfo=UTC)
HOUR = datetime(2026, 2, 1, 3, tzinfo=UTC)


def members(session: Session) -> list[Member]:
    return members_since(session, None)


def test_a_registered_station_is_found_and_in_the_log(session: Session) -> None:
    station = register_station(session, station_form(), "123456", actor="person/1", at=NOW)

    assert station_of(session, station.id) == station
    assert station_by_mn(session, station.mn) == station
    (record,) = records_of(session, f"station/{station.mn}")
    assert (record.kind, record.actor) == ("station.registered", "person/1")


def test_the_password_is_not_kept_in_clear_text(session: Session) -> None:
    register_station(session, station_form(), "s3cret", actor="person/1", at=NOW)

    (member,) = members(session)
    assert b"s3cret" not in member.password_hash
    assert "s3cret" not in repr(member)


def test_a_device_number_is_given_once(session: Session) -> None:
    register_station(session, station_form(), "123456", actor="person/1", at=NOW)

    with pytest.raises(StationTaken) as caught:
        register_station(session, station_form(), "654321", actor="person/1", at=NOW)
    assert "QH0000000001" in caught.value.message_zh()


def test_a_device_number_taken_out_of_reach_is_taken_too(database: Database) -> None:
    with database.transaction(Scope(area_prefixes=("990101",), mark=3)) as session:
        register_station(session, station_form(), "123456", actor="person/1", at=NOW)
    form = station_form(area_code="990102")
    with database.transaction(Scope(area_prefixes=("990102",), mark=3)) as session:  # noqa: SIM117  one statement may raise
        with pytest.raises(StationTaken):
            register_station(session, form, "123456", actor="person/2", at=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"mn": ""},
        {"mn": "A;B"},
        {"mn": "A" * 65},
        {"name": " "},
        {"name": "x" * 101},
        {"st": "99"},
        {"area_code": ""},
        {"mark": 4},
        {"longitude_deg": 181.0},
        {"latitude_deg": float("nan")},
        {"area_class": 6},
        {"cadence_s": 0},
    ],
)
def test_particulars_that_break_a_rule_are_refused_in_chinese(
    session: Session, changes: dict[str, object]
) -> None:
    with pytest.raises(StationInvalid) as caught:
        register_station(session, station_form(**changes), "123456", actor="p", at=NOW)  # type: ignore[arg-type]  # any field

    assert caught.value.message_zh().startswith("站点信息有误：")


@pytest.mark.parametrize("password", ["", "12;456", "密码", "a b", "x" * 65])
def test_a_password_no_frame_can_carry_is_refused(session: Session, password: str) -> None:
    with pytest.raises(StationInvalid):
        register_station(session, station_form(), password, actor="p", at=NOW)


def test_a_password_is_changed_without_being_recorded(session: Session) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)
    change_password(session, station.id, "n3wpass", actor="p", at=NOW)
    roster = Roster()
    roster.update(members(session))

    records = records_of(session, f"station/{station.mn}")
    assert [record.kind for record in records] == ["station.registered", "station.password-changed"]
    assert all(b"n3wpass" not in record.body for record in records)
    with pytest.raises(AssertionError):
        receive(session, upload({"a34004": "1"}, at=NOW), at=NOW)
    receive(session, upload({"a34004": "1"}, at=NOW, pw="n3wpass"), at=NOW)


def test_a_change_of_place_moves_the_datastreams_and_what_they_are_watched_for(
    session: Session,
) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)
    receive(session, upload({"a05024": "1"}, at=HOUR, cn="2061", kind="Avg"), at=NOW)
    (before,) = datastreams_of(session, station.id)
    form = station_form(area_code="990102", mark=2, area_class=0)
    changed = change_station(session, station.id, form, actor="p", at=NOW)

    (after,) = datastreams_of(session, station.id)
    assert (before.is_watched, before.area_code) == (True, "990101")
    assert (after.is_watched, after.area_code, after.mark) == (False, "990102", 2)
    assert changed.area_code == "990102"


def test_a_device_number_does_not_change(session: Session) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)

    with pytest.raises(StationInvalid):
        change_station(session, station.id, station_form("OTHER"), actor="p", at=NOW)


def test_stations_are_listed_by_page_and_filter(session: Session) -> None:
    for number in range(5):
        form = station_form(f"A{number}", name=f"站 {number}", st="22" if number % 2 else "21")
        register_station(session, form, "123456", actor="p", at=NOW)
    page = list_stations(session, StationFilter(), limit=2, offset=2)

    assert ([s.mn for s in page.stations], page.total) == (["A2", "A3"], 5)
    assert list_stations(session, StationFilter(st="21")).total == 3
    assert list_stations(session, StationFilter(words="站 4")).total == 1
    assert list_stations(session, StationFilter(words="a3")).total == 1
    assert list_stations(session, StationFilter(words="%")).total == 0
    assert list_stations(session, StationFilter(area_prefix="9902")).total == 0
    assert list_stations(session, StationFilter(is_silent=True)).total == 0
    assert list_stations(session, StationFilter(is_heard=False)).total == 5


def test_a_retired_station_is_listed_when_asked_for(session: Session) -> None:
    station = register_station(session, station_form(), "123456", actor="p", at=NOW)
    form = replace(station_form(), is_active=False)
    change_station(session, station.id, form, actor="p", at=NOW)

    assert list_stations(session, StationFilter()).total == 0
    assert list_stations(session, StationFilter(is_active=None)).total == 1


def test_stations_of_other_areas_and_higher_marks_are_not_seen(database: Database) -> None:
    with database.transaction(Scope(is_system=True)) as session:
        near = register_station(session, station_form("NEAR"), "1", actor="p", at=NOW)
        register_station(session, station_form("FAR", area_code="990201"), "1", actor="p", at=NOW)
        register_station(session, station_form("SECRET", mark=3), "1", actor="p", at=NOW)
        far = station_by_mn(session, "FAR")
        receive(
            session,
            upload({"a34004": "1"}, at=NOW, mn="NEAR", pw="1"),
            upload({"a34004": "2"}, at=NOW, mn="FAR", pw="1"),
            at=NOW,
        )
    with database.transaction(Scope(area_prefixes=("9901",), mark=1)) as session:
        assert [s.mn for s in list_stations(session, StationFilter()).stations] == ["NEAR"]
        assert len(datastreams_of(session, near.id)) == 1
        assert datastreams_of(session, far.id) == []
        with pytest.raises(StationUnknown):
            station_of(session, far.id)
        with pytest.raises(StationUnknown):
            station_by_mn(session, "SECRET")
