"""Frames stored durably and answered per second: stations over TCP to PostgreSQL and back.

Run: uv run python bench/ingest.py [--links 200] [--rate 3300] [--seconds 20]

Three processes on this machine: an embedded PostgreSQL with its durable settings (fsync on), the
gateway, and the stations. Every station has its own link and sends 2051 frames of eleven values
(as long as the published 411-byte sample), each with its own time, and asks for the 9014. First
all stations together keep a given rate; then each keeps a few frames unanswered, which shows the
most the gateway can do. A frame's latency runs from its last byte written to its 9014 read.
At the end the frames and values in the database are counted against the answers.
"""

import argparse
import asyncio
import json
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import text
from typing_extensions import override

from qinghuan.core.clock import SystemClock
from qinghuan.infra.database import SYSTEM, Database
from qinghuan.infra.migrations.runner import migrate
from qinghuan.infra.postgres.server import running
from qinghuan.sensing import gateway
from qinghuan.sensing.hj212.build import wrap
from qinghuan.sensing.model import StationForm
from qinghuan.sensing.service.stations import register_station
from qinghuan.sensing.settings import SensingSettings

CODES = (
    *("a21004", "a05024", "a21026", "a21005", "a34004", "a34002"),
    *("a01007", "a01008", "a01001", "a01002", "a01006"),
)
WINDOW = 8
"""Unanswered frames a station keeps in the second part."""


def station_mn(number: int) -> str:
    """Device number as long as the sample's."""
    return f"BENCH_{number:04}_AIR0001"


def frame(number: int, minute: int, at: datetime) -> tuple[bytes, bytes]:
    """One station's frame of one minute, with its QN."""
    stamp = (at + timedelta(minutes=minute)).strftime("%Y%m%d%H%M")
    qn = f"{stamp}05{number % 1000:03}"
    values = ";".join(
        f"{code}-Avg={(number * 7 + minute * 3 + place) % 97},{code}-Flag=N"
        for place, code in enumerate(CODES)
    )
    text_ = (
        f"QN={qn};ST=22;CN=2051;PW=123456;MN={station_mn(number)};Flag=5;"
        f"CP=&&DataTime={stamp}00;{values}&&"
    )
    return wrap(text_.encode()), qn.encode()


class Station(asyncio.Protocol):
    """One link: sends what it is given and times the answers."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.sent: dict[bytes, float] = {}
        self.latencies_s: list[float] = []
        self.answered = asyncio.Event()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        """Time the answers."""
        now = time.perf_counter()
        for part in data.split(b"QN=")[1:]:
            sent = self.sent.pop(part[:17], None)
            if sent is not None:
                self.latencies_s.append(now - sent)
        self.answered.set()

    def send(self, raw: bytes, qn: bytes) -> None:
        """Send a frame."""
        assert self.transport is not None
        self.sent[qn] = time.perf_counter()
        self.transport.write(raw)


async def paced(
    stations: list[Station], frames: list[list[tuple[bytes, bytes]]], rate: float
) -> float:
    """All stations together keep a rate; return the seconds it took."""
    gap_s = len(stations) / rate

    async def one(station: Station, own: list[tuple[bytes, bytes]], offset_s: float) -> None:
        due = time.perf_counter() + offset_s
        for raw, qn in own:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            station.send(raw, qn)
            due += gap_s
        while station.sent:
            station.answered.clear()
            await asyncio.wait_for(station.answered.wait(), 30)

    start = time.perf_counter()
    await asyncio.gather(
        *(
            one(station, own, gap_s * place / len(stations))
            for place, (station, own) in enumerate(zip(stations, frames, strict=True))
        )
    )
    return time.perf_counter() - start


async def greedy(stations: list[Station], frames: list[list[tuple[bytes, bytes]]]) -> float:
    """Every station keeps a window of unanswered frames; return the seconds it took."""

    async def one(station: Station, own: list[tuple[bytes, bytes]]) -> None:
        for raw, qn in own:
            while len(station.sent) >= WINDOW:
                station.answered.clear()
                await asyncio.wait_for(station.answered.wait(), 30)
            station.send(raw, qn)
        while station.sent:
            station.answered.clear()
            await asyncio.wait_for(station.answered.wait(), 30)

    start = time.perf_counter()
    await asyncio.gather(*(one(s, own) for s, own in zip(stations, frames, strict=True)))
    return time.perf_counter() - start


async def load(port: int, links: int, rate: float, seconds: float) -> dict[str, object]:
    """Be the stations; return what was seen."""
    loop = asyncio.get_running_loop()
    stations = [(await loop.create_connection(Station, "127.0.0.1", port))[1] for _ in range(links)]
    begin = datetime.now(UTC).replace(day=1, hour=0, minute=0) + timedelta(hours=8)
    each = max(1, int(rate * seconds / links))
    parts: dict[str, object] = {}
    minute = 0
    for name in ("warm", "paced", "greedy"):
        count = each if name != "warm" else max(1, each // 10)
        frames = [
            [frame(number, minute + n, begin - timedelta(days=40)) for n in range(count)]
            for number in range(links)
        ]
        minute += count
        for station in stations:
            station.latencies_s.clear()
        took_s = await (
            greedy(stations, frames) if name == "greedy" else paced(stations, frames, rate)
        )
        latencies = sorted(s for station in stations for s in station.latencies_s)
        parts[name] = {
            "answered": len(latencies),
            "frames_per_s": round(len(latencies) / took_s),
            "p50_ms": round(statistics.median(latencies) * 1000, 1),
            "p99_ms": round(latencies[int(len(latencies) * 0.99)] * 1000, 1),
            "max_ms": round(latencies[-1] * 1000, 1),
        }
    for station in stations:
        assert station.transport is not None
        station.transport.close()
    return parts


def run_gateway(url: str) -> None:
    """Be the gateway until standard input closes."""
    logging.disable()
    structlog.configure(processors=[lambda *_: (_ for _ in ()).throw(structlog.DropEvent)])

    async def main() -> None:
        stop = asyncio.Event()
        database = Database(url)
        serving = asyncio.create_task(
            gateway.serve(
                database,
                SensingSettings(gateway_port=0),
                SystemClock(),
                stop=stop,
                ready=lambda port: print(port, flush=True),
            )
        )
        await asyncio.to_thread(sys.stdin.read)
        stop.set()
        await serving

    asyncio.run(main())


def register(database: Database, links: int) -> None:
    """Register the stations."""
    with database.transaction(SYSTEM) as session:
        for number in range(links):
            form = StationForm(
                mn=station_mn(number),
                name=f"bench {number}",
                st="22",
                area_code="990101",
                longitude_deg=110.0,
                latitude_deg=21.0,
                is_simulated=True,
            )
            register_station(session, form, "123456", actor="bench", at=datetime.now(UTC))


def counted(database: Database) -> tuple[int, int]:
    """Frames and values in the database."""
    with database.transaction(SYSTEM) as session:
        frames = session.execute(text("SELECT count(*) FROM sensing_frame")).scalar_one()
        values = session.execute(text("SELECT count(*) FROM sensing_observation")).scalar_one()
    return frames, values


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=200)
    parser.add_argument("--rate", type=float, default=3300.0, help="frames/s of all stations")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of the paced part")
    parser.add_argument("--gateway", help=argparse.SUPPRESS)
    parser.add_argument("--load", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.gateway:
        run_gateway(asked.gateway)
        return
    if asked.load:
        print(json.dumps(asyncio.run(load(asked.load, asked.links, asked.rate, asked.seconds))))
        return
    folder = Path(tempfile.mkdtemp(prefix="qinghuan-bench-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        with running(folder) as url:
            migrate(url)
            measure(url, asked)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(url: str, asked: argparse.Namespace) -> None:
    """Start gateway and stations, and print what they saw."""
    database = Database(url, pool_size=1)
    register(database, asked.links)
    me = [sys.executable, os.path.abspath(__file__)]  # noqa: PTH100  as it was started
    keeper = subprocess.Popen(  # noqa: S603  this file
        [*me, "--gateway", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert keeper.stdout is not None
    port = keeper.stdout.readline().strip()
    options = ["--links", str(asked.links), "--rate", str(asked.rate)]
    options += ["--seconds", str(asked.seconds)]
    seen = subprocess.run(  # noqa: S603  this file
        [*me, "--load", port, *options], check=True, capture_output=True, text=True
    )
    keeper.communicate("", timeout=60)
    parts = json.loads(seen.stdout)
    print(f"{asked.links} links, 411-byte frames of 11 values, 2051, 9014 after commit (fsync on)")
    for name in ("paced", "greedy"):
        print(f"{name:<7}", " ".join(f"{key}={value}" for key, value in parts[name].items()))
    answered = sum(part["answered"] for part in parts.values())
    frames, values = counted(database)
    print(f"answered {answered}, frames stored {frames}, values stored {values}")
    assert (frames, values) == (answered, answered * len(CODES))
    database.close()


if __name__ == "__main__":
    main()
