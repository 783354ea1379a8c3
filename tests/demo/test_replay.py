"""The player over real links: it waits for answers, sends again, and stops when told."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from socketserver import BaseRequestHandler, ThreadingTCPServer
from time import monotonic, sleep

from typing_extensions import override

from qinghuan.core.clock import SystemClock
from qinghuan.demo.hours.stations import STATIONS
from qinghuan.demo.replay import Replay
from qinghuan.demo.schedule import Pace
from qinghuan.sensing.hj212.build import data_answer
from qinghuan.sensing.hj212.frame import Frame, Verdict
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse

EPOCH = datetime(2026, 11, 25, 2, tzinfo=UTC)
QUICK = Pace(backlog_hours=5, shown_hours=2, hour_s=0.05, beat_s=0.1)


class Host:
    """A gateway of the test's own: keeps frames and answers them, or not."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.refused = 0
        self.ignore_first = 0
        self.lock = threading.Lock()

    def take(self, link: socket.socket, raw: bytes, framer: Framer) -> None:
        """Keep what came and answer it."""
        for packet in framer.feed(raw):
            if packet.verdict is not Verdict.OK:
                self.refused += 1
                continue
            frame = parse(packet.segment)
            with self.lock:
                self.frames.append(frame)
                ignored = self.ignore_first > 0
                self.ignore_first -= ignored
            if ignored:
                link.close()
                return
            link.sendall(data_answer(frame))


@contextmanager
def listening(host: Host) -> Iterator[tuple[str, int]]:
    class Handler(BaseRequestHandler):
        @override
        def handle(self) -> None:
            framer = Framer()
            try:
                while raw := self.request.recv(4096):
                    host.take(self.request, raw, framer)
            except OSError:
                return

    ThreadingTCPServer.daemon_threads = True
    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield ("127.0.0.1", server.server_address[1])
        server.shutdown()
        thread.join()


def wait_for(done: Callable[[], bool]) -> None:
    end = monotonic() + 20
    while not done() and monotonic() < end:
        sleep(0.02)
    assert done()


def test_stations_send_their_hours_then_live_frames_and_every_one_is_answered() -> None:
    host = Host()
    with listening(host) as address:
        replay = Replay(address, SystemClock(), EPOCH, QUICK)
        replay.start(STATIONS[:2])
        assert replay.wait_rushed()
        assert len(host.frames) == 6
        replay.walk()
        wait_for(lambda: sum(frame.cn == "2011" for frame in host.frames) >= 4)
        replay.stop()

    hours = [frame.data_time for frame in host.frames if frame.cn == "2061"]
    counts = replay.counts()
    assert len(hours) == 10
    assert counts["answered"] >= 14
    assert counts["sent"] - counts["answered"] <= 2
    assert len({(frame.mn, frame.qn) for frame in host.frames}) == len(host.frames)


def test_a_frame_whose_answer_is_lost_is_sent_again_unchanged() -> None:
    host = Host()
    host.ignore_first = 1
    with listening(host) as address:
        replay = Replay(address, SystemClock(), EPOCH, QUICK)
        replay.start(STATIONS[:1])
        assert replay.wait_rushed()
        replay.stop()

    assert host.frames[0] == host.frames[1]
    assert replay.counts().get("unanswered", 0) == 0


def test_a_replay_without_a_gateway_stops_when_told() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    replay = Replay(("127.0.0.1", port), SystemClock(), EPOCH, QUICK)
    replay.start(STATIONS[:1])
    sleep(0.2)
    replay.stop()

    assert not replay.wait_rushed()
    assert replay.counts().get("answered", 0) == 0
