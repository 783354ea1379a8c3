from datetime import UTC, datetime, timedelta

import pytest
from factories.sensing import receive, station_form, upload

from qinghuan.infra.database import Session
from qinghuan.sensing.model import EpisodeKind, Station, StationFilter
from qinghuan.sensing.service.silences import find_silent
from qinghuan.sensing.service.stations import change_station, list_stations, register_station

pytestmark = pytest.mark.db

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def station(session: Session, cadence_s: int | None) -> Station:
    return register_station(
        session, station_form(cadence_s=cadence_s), "123456", actor="p", at=NOON
    )


def send(session: Session, at: datetime) -> None:
    receive(session, upload({"a34004": "1"}, at=at), at=at)


def test_a_station_is_told_silent_once_and_heard_again(session: Session) -> None:
    sender = station(session, 3600)
    send(session, NOON)

    assert find_silent(session, NOON + hours(2.9)) == []
    (raised,) = find_silent(session, NOON + hours(3))
    assert (raised.step, raised.episode.kind) == ("raised", EpisodeKind.SILENCE)
    assert (raised.station.id, raised.episode.started_at) == (sender.id, NOON)
    assert raised.datastream is None
    assert find_silent(session, NOON + hours(9)) == []
    assert list_stations(session, StationFilter(is_silent=True)).total == 1

    send(session, NOON + hours(10))
    (ended,) = find_silent(session, NOON + hours(10))
    assert (ended.step, ended.episode.id) == ("ended", raised.episode.id)
    assert ended.episode.ended_at == NOON + hours(10)
    assert list_stations(session, StationFilter(is_silent=True)).total == 0


def test_a_station_falls_silent_a_second_time(session: Session) -> None:
    station(session, 600)
    send(session, NOON)
    find_silent(session, NOON + hours(1))
    send(session, NOON + hours(2))
    find_silent(session, NOON + hours(2))

    assert [change.step for change in find_silent(session, NOON + hours(3))] == ["raised"]


def test_a_station_without_a_stated_beat_is_judged_by_its_own(session: Session) -> None:
    station(session, None)
    for minute in range(0, 60, 5):
        send(session, NOON + timedelta(minutes=minute))

    assert find_silent(session, NOON + timedelta(minutes=69)) == []
    assert len(find_silent(session, NOON + timedelta(minutes=70))) == 1


def test_a_station_that_showed_no_beat_yet_is_given_the_usual_one(session: Session) -> None:
    station(session, None)
    send(session, NOON)

    assert find_silent(session, NOON + hours(2.9)) == []
    assert find_silent(session, NOON + hours(2), default_cadence_s=3600, silence_factor=3) == []
    assert len(find_silent(session, NOON + hours(2), default_cadence_s=600)) == 1


def test_stations_never_heard_or_retired_are_not_told(session: Session) -> None:
    station(session, 60)
    assert find_silent(session, NOON + hours(99)) == []

    other = register_station(session, station_form("B"), "123456", actor="p", at=NOON)
    receive(session, upload({"a34004": "1"}, at=NOON, mn="B"), at=NOON)
    form = station_form("B", is_active=False)
    change_station(session, other.id, form, actor="p", at=NOON)
    assert find_silent(session, NOON + hours(99)) == []
