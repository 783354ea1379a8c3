"""The gateway on a real database: end to end, and killed at random moments."""

import asyncio
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from factories.sensing import station_form, upload
from sqlalchemy import text

from qinghuan.core.clock import SystemClock
from qinghuan.infra.database import SYSTEM, Database
from qinghuan.sensing import gateway
from qinghuan.sensing.adapters.send import play
from qinghuan.sensing.errors import StoreUnavailable
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse
from qinghuan.sensing.intake import Batch, identify
from qinghuan.sensing.model import StationFilter
from qinghuan.sensing.service.rejects import list_rejects, reject_counts
from qinghuan.sensing.service.stations import list_stations, register_station
from qinghuan.sensing.settings import SensingSettings

pytestmark = pytest.mark.db

SCRIPT = Path(__file__).parents[1] / "factories" / "gateway_process.py"
BEGIN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=2)


@contextmanager
def serving(database: Database) -> Iterator[int]:
    """A gateway in a thread of this process; gives its port."""
    stop, port = asyncio.Event(), list[int]()
    loop = asyncio.new_event_loop()
    settings = SensingSettings(gateway_port=0)
    task = gateway.serve(database, settings, SystemClock(), stop=stop, ready=port.append)
    thread = Thread(target=loop.run_until_complete, args=(task,))
    thread.start()
    wait_for(lambda: bool(port))
    try:
        yield port[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


def wait_for(claim: Callable[[], bool], within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def register(database: Database, mn: str = "QH0000000001") -> None:
    with database.transaction(SYSTEM) as session:
        register_station(session, station_form(mn), "123456", actor="p", at=BEGIN)


def frame(number: int, **changes: str) -> bytes:
    at = BEGIN + timedelta(seconds=number)
    return upload({"a34004": str(number), "a34002": "7"}, at=at, **changes)  # type: ignore[arg-type]  # texts


def test_frames_over_tcp_are_stored_and_refusals_are_kept(database: Database) -> None:
    register(database)
    with serving(database) as port:
        report = play(
            frame(1) + frame(2) + frame(3, pw="wrong1"),
            "127.0.0.1",
            port,
            answer_within_s=1,
        )

    assert (report.sent, report.answered) == (3, 2)
    with database.transaction(SYSTEM) as session:
        (station,) = list_stations(session, StationFilter()).stations
        (reject,) = list_rejects(session).rejects
        (count,) = reject_counts(session, datetime.now(UTC).date() - timedelta(days=1))
        values = session.execute(text("SELECT count(*) FROM sensing_observation")).scalar_one()
    assert station.last_frame_at is not None
    assert (reject.verdict, reject.mn) == ("password", station.mn)
    assert b"wrong1" not in reject.raw
    assert (count.verdict, count.refused, values) == ("password", 1, 4)


def test_a_station_registered_while_the_gateway_runs_is_let_in_soon(database: Database) -> None:
    with serving(database) as port:
        before = play(frame(1), "127.0.0.1", port, answer_within_s=0.3)
        register(database)
        wait_for(lambda: play(frame(1), "127.0.0.1", port, answer_within_s=0.3).is_complete)

    assert before.answered == 0


def test_a_database_that_is_away_is_told_apart_from_a_bad_batch(database: Database) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none", pool_size=1)
    writer = gateway.Writer(away, SystemClock())

    with pytest.raises(StoreUnavailable) as caught:
        writer.store(Batch())
    assert "数据库" in caught.value.message_zh()
    with pytest.raises(StoreUnavailable):
        writer.refresh()
    away.close()
    assert database.url


class Sender:
    """A station that sends without end and remembers what was answered."""

    def __init__(self) -> None:
        """Start with nothing sent."""
        self.sent: dict[str, bytes] = {}
        self.answered: set[str] = set()
        self._number = 0

    def run(self, port: int, until: Callable[[], bool]) -> None:
        """Send again what was not answered, then new frames, until told to stop."""
        framer = Framer()
        with socket.create_connection(("127.0.0.1", port), timeout=5) as link:
            link.settimeout(0.02)
            backlog = [raw for qn, raw in self.sent.items() if qn not in self.answered]
            try:
                link.sendall(b"".join(backlog))
                while not until():
                    if len(self.sent) - len(self.answered) < 50:
                        self._send(link)
                    self._listen(link, framer)
            except OSError:
                return

    def _send(self, link: socket.socket) -> None:
        burst = b""
        for _ in range(20):
            raw = frame(self._number)
            self._number += 1
            self.sent[parse(raw[6:-6]).qn] = raw
            burst += raw
        link.sendall(burst)

    def _listen(self, link: socket.socket, framer: Framer) -> None:
        try:
            data = link.recv(65_536)
        except TimeoutError:
            return
        if not data:
            raise ConnectionResetError
        for packet in framer.feed(data):
            self.answered.add(parse(packet.segment).qn)


def kill_and_count(database: Database, kills: int, seed: int) -> None:
    """Kill a gateway at random moments while a station sends; then count."""
    chance = random.Random(seed)  # noqa: S311  repeatable moments, no secret
    sender = Sender()
    for kill in range(kills + 1):
        with subprocess.Popen(
            [sys.executable, str(SCRIPT), database.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            if kill == kills:
                sender.run(port, until=lambda: len(sender.answered) == len(sender.sent) > 0)
                process.communicate("", timeout=20)
                break
            end = time.monotonic() + chance.uniform(0.05, 0.6)
            thread = Thread(target=sender.run, args=(port, lambda: False))
            thread.start()
            time.sleep(max(0, end - time.monotonic()))
            process.kill()
            thread.join(10)
            stored = ids(database)
            for qn in sender.answered:
                assert stored[qn] == 1, f"kill {kill}: {qn} was answered"
    stored = ids(database)
    assert stored == dict.fromkeys(sender.sent, 1)
    with database.transaction(SYSTEM) as session:
        values = session.execute(text("SELECT count(*) FROM sensing_observation")).scalar_one()
        kept = set(session.execute(text("SELECT id FROM sensing_frame")).scalars())
    assert values == 2 * len(sender.sent)
    assert kept == {identify(parse(raw[6:-6]), raw, BEGIN)[0] for raw in sender.sent.values()}


def ids(database: Database) -> dict[str, int]:
    """How many frames are kept under each QN."""
    with database.transaction(SYSTEM) as session:
        rows = session.execute(text("SELECT qn, count(*) FROM sensing_frame GROUP BY qn"))
        return {row[0]: row[1] for row in rows}


def test_every_answered_frame_survives_two_kills(database: Database) -> None:
    register(database)
    kill_and_count(database, kills=2, seed=1)


@pytest.mark.slow
def test_every_answered_frame_survives_twenty_kills(database: Database) -> None:
    register(database)
    kill_and_count(database, kills=20, seed=2)
