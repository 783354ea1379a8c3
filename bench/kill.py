"""Kills the whole platform at random moments under ingest and counts what was lost.

One process (database, gateway, worker and pages: `qinghuan serve`) is killed with SIGKILL again
and again while stations send. Then every frame that got its 9014 must be there exactly once,
the log must verify, and every case must fold from its events with its clocks.

Run: uv run python bench/kill.py [ROUNDS]      (20 rounds take about three minutes)
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg

from qinghuan.app import RoomSettings, signer_of
from qinghuan.casework.service.reconciling import verify_case
from qinghuan.core.clock import BEIJING
from qinghuan.infra.database import SYSTEM
from qinghuan.infra.foundation import Foundation, foundation
from qinghuan.infra.postgres.external import plain_url
from qinghuan.infra.settings import InfraSettings, default_data_dir
from qinghuan.people.service.places import found_area
from qinghuan.sensing.hj212.build import wrap
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse
from qinghuan.sensing.model import OwnLimit, StationForm
from qinghuan.sensing.service.limits import set_limit
from qinghuan.sensing.service.stations import datastreams_of, register_station, station_by_mn
from qinghuan.trace.service.auditing import verify_log

STATIONS = 20
PASSWORD = "123456"  # noqa: S105  the password of HJ 212's own examples
FACTOR = "w01018"


def main(rounds: int) -> int:
    """Kill, restart, count; return an exit code."""
    data_dir = default_data_dir().with_name("qinghuan-kill-bench")
    shutil.rmtree(data_dir, ignore_errors=True)
    infra = InfraSettings(data_dir=data_dir)
    ports = _free_port(), _free_port()
    with foundation(infra) as opened:
        _register(opened)
    senders = [Sender(number=number, port=ports[0]) for number in range(STATIONS)]
    random.seed(212)
    started_s = time.monotonic()
    for number in range(rounds):
        _one_round(data_dir, ports, senders)
        if number == 0:
            with foundation(infra) as opened:
                _limit(opened)
        answered = sum(len(sender.answered) for sender in senders)
        print(f"round {number + 1}/{rounds}: {answered} frames answered so far", flush=True)
    with foundation(infra) as opened:
        faults = _count(opened, senders)
    seconds = time.monotonic() - started_s
    print(f"{rounds} kills in {seconds:.0f} s: {faults or 'no fault'}")
    shutil.rmtree(data_dir, ignore_errors=True)
    return 1 if faults else 0


@dataclass(slots=True)
class Sender:
    """One station: sends frames over a link until the link breaks."""

    number: int
    port: int
    answered: set[str] = field(default_factory=set)
    sent: int = 0

    @property
    def mn(self) -> str:
        """Its device number."""
        return f"QHKILL{self.number:018d}"

    def live(self, stop: threading.Event) -> None:
        """Send and take answers until stopped or cut off."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as link:
                link.settimeout(0.05)
                framer = Framer()
                while not stop.is_set():
                    link.sendall(self._frame())
                    self._take(link, framer)
        except OSError:
            return

    def _take(self, link: socket.socket, framer: Framer) -> None:
        try:
            data = link.recv(65_536)
        except TimeoutError:
            return
        if not data:
            raise ConnectionResetError
        for packet in framer.feed(data):
            answer = parse(packet.segment)
            if answer.cn == "9014":
                self.answered.add(answer.qn)

    def _frame(self) -> bytes:
        """An hour's mean over the limit; each frame is another hour, long past."""
        self.sent += 1
        qn = f"{datetime.now(BEIJING):%Y%m%d%H%M%S}{self.sent % 1000:03d}"
        hour = datetime(2024, 1, 1, tzinfo=BEIJING) + timedelta(hours=self.sent)
        values = f"{FACTOR}-Avg={80 + self.sent % 10},{FACTOR}-Flag=N"
        segment = (
            f"QN={qn};ST=32;CN=2061;PW={PASSWORD};MN={self.mn};Flag=5;CP=&&"
            f"DataTime={hour:%Y%m%d%H%M%S};{values}&&"
        )
        return wrap(segment.encode())


def _one_round(data_dir: Path, ports: tuple[int, int], senders: list[Sender]) -> None:
    """Start the platform, let it work a while, and kill it."""
    environment = {
        **os.environ,
        "QINGHUAN_DATA_DIR": str(data_dir),
        "QINGHUAN_SENSING_GATEWAY_PORT": str(ports[0]),
        "QINGHUAN_WEB_PORT": str(ports[1]),
    }
    command = [sys.executable, "-m", "qinghuan", "serve"]
    server = subprocess.Popen(  # noqa: S603  our own command
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _wait_open(ports[0], server)
    stop = threading.Event()
    threads = [threading.Thread(target=one.live, args=(stop,), daemon=True) for one in senders]
    for thread in threads:
        thread.start()
    time.sleep(random.uniform(0.3, 3.0))  # noqa: S311  a moment nobody chose
    server.send_signal(signal.SIGKILL)
    server.wait()
    stop.set()
    for thread in threads:
        thread.join(5)


def _register(opened: Foundation) -> None:
    at = datetime.now(UTC)
    with opened.database.transaction(SYSTEM) as session:
        found_area(session, "990101", at)
    for number in range(STATIONS):
        form = StationForm(
            mn=Sender(number=number, port=0).mn,
            name=f"kill {number}",
            st="32",
            area_code="990101",
            longitude_deg=-123.0,
            latitude_deg=0.5,
            is_simulated=True,
        )
        with opened.database.transaction(SYSTEM) as session:
            register_station(session, form, PASSWORD, actor="bench", at=at)


def _limit(opened: Foundation) -> None:
    """Watch each station's values, so that cases open while the platform dies."""
    own = OwnLimit(upper=Decimal(50), source="bench")
    at = datetime.now(UTC)
    with opened.database.transaction(SYSTEM) as session:
        for number in range(STATIONS):
            station = station_by_mn(session, Sender(number=number, port=0).mn)
            for stream in datastreams_of(session, station.id):
                set_limit(session, stream.id, own, actor="bench", at=at)


def _count(opened: Foundation, senders: list[Sender]) -> list[str]:
    """What is wrong after all; empty if nothing is."""
    faults = []
    with psycopg.connect(plain_url(opened.database.url)) as connection:
        for sender in senders:
            rows = connection.execute(
                "SELECT f.qn, count(*) FROM sensing_frame f JOIN sensing_station s"
                " ON s.id = f.station_id WHERE s.mn = %s GROUP BY f.qn",
                [sender.mn],
            ).fetchall()
            kept = {qn: int(number) for qn, number in rows}
            lost = sender.answered - kept.keys()
            doubled = [qn for qn in sender.answered if kept.get(qn, 0) > 1]
            if lost or doubled:
                faults.append(f"{sender.mn}: {len(lost)} lost, {len(doubled)} doubled")
        cases = [row[0] for row in connection.execute("SELECT id FROM casework_case").fetchall()]
    vkey = signer_of(opened, RoomSettings().trace).verifier.vkey()
    with opened.database.transaction(SYSTEM) as session:
        report = verify_log(session, vkey)
        faults += [f"log: {finding.where} {finding.says}" for finding in report.findings]
        faults += [
            f"case {case_id}: {finding}"
            for case_id in cases
            for finding in verify_case(session, case_id)
        ]
    answered = sum(len(sender.answered) for sender in senders)
    print(f"{answered} frames answered, {len(cases)} cases, {report.size} records in the log")
    return faults


def _wait_open(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"the platform did not open its gateway (exit code {server.poll()})")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
