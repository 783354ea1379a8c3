from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from factories.sensing import receive, station_form, upload

from qinghuan.infra.database import SYSTEM, Database, Session
from qinghuan.sensing.errors import EpisodeUnknown
from qinghuan.sensing.model import EpisodeChange, EpisodeFilter, OwnLimit, Station
from qinghuan.sensing.service.episodes import episode_of, evaluate, list_episodes
from qinghuan.sensing.service.evidence import origin_of
from qinghuan.sensing.service.limits import set_limit
from qinghuan.sensing.service.stations import datastreams_of, register_station
from qinghuan.trace.service.reading import record_by_id, used_by

pytestmark = pytest.mark.db

START = datetime(2026, 5, 1, tzinfo=UTC)
NOW = START + timedelta(days=2)
LIMIT = OwnLimit(
    upper=Decimal(100), source="许可", raise_after=2, clear_after=2, clear_ratio=Decimal("0.9")
)


@pytest.fixture
def station(session: Session) -> Station:
    return watched_station(session)


def watched_station(session: Session, limit: OwnLimit = LIMIT) -> Station:
    """A station whose hourly COD has a limit; its first value came before the limit was set."""
    station = register_station(session, station_form(st="32"), "123456", actor="p", at=START)
    send(session, {-1: 10})
    (stream,) = datastreams_of(session, station.id)
    set_limit(session, stream.id, limit, actor="p", at=START)
    return station


def send(session: Session, values: dict[int, int], *, flag: str = "N", again_s: int = 0) -> None:
    """Values by hour."""
    frames = [
        upload(
            {"w01018": str(value)},
            at=START + timedelta(hours=hour),
            cn="2061",
            st="32",
            kind="Avg",
            flags={"w01018": flag},
            sent_at=START + timedelta(hours=hour + 1, seconds=again_s),
        )
        for hour, value in values.items()
    ]
    receive(session, *frames, at=NOW)


def told(changes: Iterable[EpisodeChange]) -> list[str]:
    return [change.step for change in changes]


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def test_values_over_the_limit_raise_one_episode(session: Session, station: Station) -> None:
    send(session, {0: 120, 1: 130, 2: 110})
    (change,) = evaluate(session, NOW)

    assert change.step == "raised"
    assert (change.station.id, change.episode.area_code) == (station.id, "990101")
    assert (change.episode.started_at, change.episode.last_at) == (hour(0), hour(2))
    assert (change.episode.peak, change.episode.value_count) == (Decimal(130), 3)
    assert (change.episode.limit_upper, change.episode.limit_source) == (Decimal(100), "许可")
    assert change.datastream is not None
    assert change.datastream.code == "w01018"


def test_each_value_is_judged_once(session: Session, station: Station) -> None:
    assert station.is_active
    send(session, {0: 120, 1: 130})

    assert told(evaluate(session, NOW)) == ["raised"]
    assert told(evaluate(session, NOW)) == []


def test_an_episode_goes_on_and_ends_over_several_calls(session: Session, station: Station) -> None:
    steps = []
    for number, value in enumerate((120, 130, 140, 95, 80, 80, 80)):
        send(session, {number: value})
        steps += told(evaluate(session, NOW))

    assert steps == ["raised", "continued", "ended"]
    (episode,) = list_episodes(session, EpisodeFilter(station_id=station.id)).episodes
    assert (episode.peak, episode.peak_at, episode.ended_at) == (Decimal(140), hour(2), hour(4))


def test_an_episode_that_ends_in_one_call_is_told_as_raised_and_ended(
    session: Session, station: Station
) -> None:
    assert station.is_active
    send(session, {0: 120, 1: 130, 2: 80, 3: 80})
    raised, ended = evaluate(session, NOW)

    assert (raised.step, ended.step) == ("raised", "ended")
    assert raised.episode.id == ended.episode.id


def test_values_under_maintenance_raise_nothing(session: Session, station: Station) -> None:
    assert station.is_active
    send(session, {0: 500, 1: 500}, flag="M")

    assert evaluate(session, NOW) == []


def test_a_datastream_without_a_limit_is_not_queued(session: Session) -> None:
    register_station(session, station_form(st="32"), "123456", actor="p", at=START)
    send(session, {0: 500, 1: 500})

    assert evaluate(session, NOW) == []


def test_a_backfilled_stretch_raises_its_episode_though_newer_values_were_judged(
    session: Session, station: Station
) -> None:
    assert station.is_active
    send(session, {0: 50, 9: 50, 10: 50})
    evaluate(session, NOW)
    send(session, {3: 120, 4: 130, 5: 50, 6: 50})
    raised, ended = evaluate(session, NOW)

    assert (raised.step, ended.step) == ("raised", "ended")
    assert (ended.episode.started_at, ended.episode.ended_at) == (hour(3), hour(5))


def test_a_late_value_widens_the_open_episode(session: Session, station: Station) -> None:
    assert station.is_active
    send(session, {2: 120, 3: 130})
    (raised,) = evaluate(session, NOW)
    send(session, {1: 150})
    (widened,) = evaluate(session, NOW)

    assert (widened.step, widened.episode.id) == ("continued", raised.episode.id)
    assert (widened.episode.started_at, widened.episode.peak) == (hour(1), Decimal(150))
    send(session, {4: 80, 5: 80})
    assert told(evaluate(session, NOW)) == ["ended"]


def test_a_value_corrected_downwards_does_not_take_the_episode_back(
    session: Session, station: Station
) -> None:
    send(session, {0: 120, 1: 130})
    (raised,) = evaluate(session, NOW)
    send(session, {0: 20, 1: 20}, again_s=30)
    (ended,) = evaluate(session, NOW)

    assert (ended.step, ended.episode.id) == ("ended", raised.episode.id)
    assert ended.episode.peak == 130
    (stream,) = datastreams_of(session, station.id)
    assert len(origin_of(session, stream.id, hour(1)).changes) == 1
    send(session, {2: 50, 3: 50})
    assert evaluate(session, NOW) == []


def test_a_value_corrected_upwards_raises_an_episode(session: Session, station: Station) -> None:
    assert station.is_active
    send(session, {0: 20, 1: 120, 2: 20})
    evaluate(session, NOW)
    send(session, {0: 110}, again_s=30)

    assert told(evaluate(session, NOW)) == ["raised"]


def test_a_late_value_between_two_episodes_does_not_tell_them_again(
    session: Session, station: Station
) -> None:
    send(session, {0: 120, 1: 130, 3: 50, 4: 50, 6: 120, 7: 130, 8: 50, 9: 50})
    evaluate(session, NOW)
    send(session, {2: 50, 5: 50})

    assert evaluate(session, NOW) == []
    assert list_episodes(session, EpisodeFilter(station_id=station.id)).total == 2


def test_a_station_of_ambient_air_is_judged_by_the_standard_of_the_day(session: Session) -> None:
    register_station(session, station_form(), "123456", actor="p", at=START)
    for at in (datetime(2026, 2, 28, 15, tzinfo=UTC), datetime(2026, 2, 28, 16, tzinfo=UTC)):
        receive(session, upload({"a05024": "201"}, at=at, cn="2061", kind="Avg"), at=NOW)
    (change,) = evaluate(session, NOW)

    assert change.episode.started_at == datetime(2026, 2, 28, 15, tzinfo=UTC)
    assert change.episode.limit_source.startswith("GB 3095-2012")


def test_an_episode_is_in_the_log_with_the_frames_that_show_it(
    session: Session, station: Station
) -> None:
    send(session, {0: 120, 1: 130})
    (change,) = evaluate(session, NOW)

    assert change.record_id is not None
    record = record_by_id(session, change.record_id)
    assert (record.kind, record.subject) == ("episode.raised", f"station/{station.mn}")
    (stream,) = datastreams_of(session, station.id)
    frame = origin_of(session, stream.id, hour(1)).frame
    assert [edge.used_id for edge in used_by(session, change.record_id)] == [frame.record_id]


def test_episodes_are_listed_by_filter(session: Session, station: Station) -> None:
    send(session, {0: 120, 1: 130})
    (change,) = evaluate(session, NOW)

    assert episode_of(session, change.episode.id) == change.episode
    for wanted, total in (
        (EpisodeFilter(), 1),
        (EpisodeFilter(kind="silence"), 0),
        (EpisodeFilter(is_open=True, area_prefix="9901"), 1),
        (EpisodeFilter(is_open=False), 0),
        (EpisodeFilter(area_prefix="9902"), 0),
        (EpisodeFilter(station_id=station.id), 1),
    ):
        assert list_episodes(session, wanted).total == total
    with pytest.raises(EpisodeUnknown):
        episode_of(session, UUID(int=1))


def test_two_callers_do_not_judge_at_the_same_time(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        watched_station(session)
        send(session, {0: 120, 1: 130})
    with database.transaction(SYSTEM) as first, database.transaction(SYSTEM) as second:
        assert told(evaluate(first, NOW)) == ["raised"]
        assert evaluate(second, NOW) == []


def test_a_rollback_leaves_the_values_to_be_judged(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        watched_station(session)
        send(session, {0: 120, 1: 130})
    with suppress(_Undone), database.transaction(SYSTEM) as session:
        evaluate(session, NOW)
        raise _Undone
    with database.transaction(SYSTEM) as session:
        assert told(evaluate(session, NOW)) == ["raised"]


class _Undone(Exception):
    """Rolls a transaction back."""
