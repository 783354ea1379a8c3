"""The whole stage on a real gateway and database: frames in, limits set, episodes found."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from factories.people import cheap_gate

from qinghuan.core.clock import SystemClock
from qinghuan.demo.hours.stations import STATIONS
from qinghuan.demo.schedule import Pace
from qinghuan.demo.stage import BASE_MAP, Performance, epoch_of, prepare, set_limits
from qinghuan.infra.database import SYSTEM, Database
from qinghuan.sensing import gateway
from qinghuan.sensing.model import Episode, EpisodeFilter
from qinghuan.sensing.service.episodes import evaluate, list_episodes
from qinghuan.sensing.service.limits import datastream_of
from qinghuan.sensing.settings import SensingSettings

AT = datetime(2026, 11, 25, 2, 17, tzinfo=UTC)
QUICK = Pace(hour_s=0.05, beat_s=2.0)


@contextmanager
def listening(database: Database) -> Iterator[int]:
    """A gateway on a free port, in a thread of its own."""
    ports: list[int] = []
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    serving = gateway.serve(
        database, SensingSettings(gateway_port=0), SystemClock(), stop=stop, ready=ports.append
    )
    thread = threading.Thread(target=loop.run_until_complete, args=(serving,))
    thread.start()
    try:
        while not ports:
            sleep(0.02)
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@contextmanager
def playing(database: Database, port: int, epoch_at: datetime) -> Iterator[Performance]:
    show = Performance(database, SystemClock(), ("127.0.0.1", port), epoch_at, QUICK)
    show.start()
    try:
        yield show
    finally:
        show.stop()


def told_by_code(database: Database) -> dict[str, Episode]:
    """Judge what came, and every episode so far by the factor it is about."""
    with database.transaction(SYSTEM) as session:
        evaluate(session, SystemClock().now())
        return {
            datastream_of(session, episode.datastream_id).code: episode
            for episode in list_episodes(session, EpisodeFilter()).episodes
            if episode.datastream_id is not None
        }


@pytest.mark.db
def test_frames_pass_limits_and_the_outfalls_episode_ends(
    database: Database, tmp_path: Path
) -> None:
    epoch_at = prepare(database, cheap_gate(), tmp_path, SystemClock().now())
    wanted = {"w01018", "a05024", "w21003"}
    with listening(database) as port, playing(database, port, epoch_at) as show:
        end = monotonic() + 60
        while not wanted <= set(told := told_by_code(database)) and monotonic() < end:
            sleep(0.3)
        while told["w01018"].ended_at is None and monotonic() < end:
            told = told_by_code(database)

    assert told["w01018"].started_at == epoch_at - timedelta(hours=10)
    assert told["w01018"].ended_at == epoch_at - timedelta(hours=4)
    assert told["w01018"].peak is not None
    assert 70 < told["w01018"].peak < 100
    assert told["w21003"].ended_at is None
    assert told["a05024"].limit_upper == 200
    assert show.replay.counts()["bad"] == 4
    assert show.replay.counts().get("unanswered", 0) == 0
    assert (tmp_path / BASE_MAP / "areas.geojson").exists()


@pytest.mark.db
def test_limits_wait_for_datastreams_and_are_set_once(database: Database, tmp_path: Path) -> None:
    prepare(database, cheap_gate(), tmp_path, AT)

    assert set_limits(database, AT) == 0


def test_the_epoch_is_the_hour_of_the_first_start_and_stays(tmp_path: Path) -> None:
    first = epoch_of(tmp_path, AT)
    second = epoch_of(tmp_path, AT + timedelta(days=2))

    assert first == second == datetime(2026, 11, 25, 2, tzinfo=UTC)


def test_every_station_of_the_stage_is_known_by_its_number() -> None:
    assert len({station.mn for station in STATIONS}) == 10
