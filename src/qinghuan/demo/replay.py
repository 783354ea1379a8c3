"""Plays the demo's stations against a real gateway, over real links.

One thread and one TCP link a station, as one logger each would have. A frame that wants an
answer is sent again after ten seconds, three times, and then over a new link.
"""

import socket
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from qinghuan.core.clock import Clock
from qinghuan.demo.hours.stations import STATIONS, DemoStation
from qinghuan.demo.schedule import Pace, Sending, frame_of, rush, walk

ANSWER_WITHIN_S = 10.0
"""Default time-out of a mobile link (HJ 212-2017, exchange rules). [s]"""

RESENDS = 3
_RECONNECT_AFTER_S = 2.0


class Replay:
    """All stations of the demo, sending until stopped."""

    def __init__(
        self, address: tuple[str, int], clock: Clock, epoch_at: datetime, pace: Pace | None = None
    ) -> None:
        """Prepare the links.

        Args:
            address: Host and port of the gateway.
            clock: The time, for QN.
            epoch_at: Hour of the demo's first start, on which the simulated stories hang.
            pace: How fast the demo catches up.
        """
        self._address = address
        self._clock = clock
        self._epoch_at = epoch_at
        self._pace = pace or Pace()
        self._stop = Event()
        self._may_walk = Event()
        self._walk_at = epoch_at
        self._lock = Lock()
        self._counts: Counter[str] = Counter()
        self._threads: list[Thread] = []

    def start(self, stations: Iterable[DemoStation] = STATIONS) -> None:
        """Open one link a station and send the rush; then wait for `walk`."""
        started_at = self._clock.now()
        for place, station in enumerate(stations):
            link = Link(self, station)
            thread = Thread(
                target=link.run,
                args=(place, started_at, self._pace),
                name=f"demo-{place}",
                daemon=True,
            )
            self._threads.append(thread)
            thread.start()

    def wait_rushed(self) -> bool:
        """Wait until every link has sent its rush; False if the replay was stopped first."""
        while self.counts().get("rushed", 0) < len(self._threads):
            if not self.pause(0.05):
                return False
        return True

    def walk(self) -> None:
        """Let the last day go by, and go live after it."""
        self._walk_at = self._clock.now()
        self._may_walk.set()

    def walk_started_at(self) -> datetime | None:
        """Wait until the walk may begin and say when it did; None if stopped first."""
        while not self._may_walk.wait(0.05):
            if self._stop.is_set():
                return None
        return self._walk_at

    def stop(self) -> None:
        """Stop sending and close the links."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=ANSWER_WITHIN_S)

    def counts(self) -> dict[str, int]:
        """How many frames were sent, answered, unanswered, and sent badly on purpose."""
        with self._lock:
            return dict(self._counts)

    def count(self, name: str) -> None:
        """Add one to a count."""
        with self._lock:
            self._counts[name] += 1

    def wait_until(self, at: datetime) -> bool:
        """Sleep until a time; False if the replay was stopped meanwhile."""
        seconds = (at - self._clock.now()).total_seconds()
        return not self._stop.wait(max(0.0, seconds))

    def pause(self, seconds: float) -> bool:
        """Sleep a while; False if the replay was stopped meanwhile."""
        return not self._stop.wait(seconds)

    def now(self) -> datetime:
        """The time."""
        return self._clock.now()

    def connect(self) -> socket.socket:
        """Open a link to the gateway."""
        return socket.create_connection(self._address, timeout=ANSWER_WITHIN_S)

    def frame(self, sending: Sending, station: DemoStation, sent_at: datetime) -> bytes:
        """The bytes of a sending."""
        return frame_of(sending, station, sent_at, self._epoch_at)


class Link:
    """One station's link."""

    def __init__(self, replay: Replay, station: DemoStation) -> None:
        """Start unconnected."""
        self._replay = replay
        self._station = station
        self._socket: socket.socket | None = None
        self._heard = b""
        self._last_sent_at: datetime | None = None

    def run(self, place: int, started_at: datetime, pace: Pace) -> None:
        """Send the rush, then the walk and what comes after it, each in its time."""
        try:
            if not self._follow(rush(started_at, pace), started_at):
                return
            self._replay.count("rushed")
            walk_at = self._replay.walk_started_at()
            if walk_at is not None:
                self._follow(walk(self._station, place, walk_at, pace), walk_at)
        finally:
            self._hang_up()

    def _follow(self, plan: Iterable[Sending], base_at: datetime) -> bool:
        """Send everything of a plan; False if the replay was stopped meanwhile."""
        for sending in plan:
            due_at = base_at + timedelta(seconds=sending.due_s)
            if not self._replay.wait_until(due_at) or not self._deliver(sending):
                return False
        return True

    def _deliver(self, sending: Sending) -> bool:
        """Send until answered; False if the replay was stopped meanwhile."""
        frame = self._replay.frame(sending, self._station, self._stamp())
        if not sending.wants_answer:
            self._replay.count("bad")
            self._once(frame, b"")
            return self._replay.pause(0)
        qn = frame[frame.index(b"QN=") : frame.index(b";")]
        while True:
            self._replay.count("sent")
            for _ in range(1 + RESENDS):
                if self._once(frame, qn):
                    self._replay.count("answered")
                    return True
                if not self._replay.pause(0):
                    return False
            self._replay.count("unanswered")
            self._hang_up()
            if not self._replay.pause(_RECONNECT_AFTER_S):
                return False

    def _once(self, frame: bytes, qn: bytes) -> bool:
        """Send a frame and, if a QN is given, wait for the answer that carries it."""
        try:
            if self._socket is None:
                self._socket, self._heard = self._replay.connect(), b""
            self._socket.sendall(frame)
            return not qn or self._hears(self._socket, qn)
        except OSError:
            self._hang_up()
            self._replay.pause(_RECONNECT_AFTER_S)
            return False

    def _hears(self, link: socket.socket, qn: bytes) -> bool:
        """Read until the answer with a QN comes; False if the gateway hung up."""
        while qn not in self._heard or b"CN=9014" not in self._heard.split(qn, 1)[1]:
            more = link.recv(4096)
            if not more:
                self._hang_up()
                return False
            self._heard += more
        self._heard = self._heard.split(qn, 1)[1].partition(b"\r\n")[2]
        return True

    def _stamp(self) -> datetime:
        """Now, but later than the last stamp by a millisecond: a QN is never used twice."""
        now = self._replay.now()
        if self._last_sent_at is not None:
            now = max(now, self._last_sent_at + timedelta(milliseconds=1))
        self._last_sent_at = now
        return now

    def _hang_up(self) -> None:
        """Close the link."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
            self._socket = None
