"""Plays frames to a gateway, as a station's logger would, and reports what was answered.

For demos and for vendors' acceptance: the frames are sent as they are in the file, right or
wrong, so that the report shows what a real gateway makes of them.
"""

import contextlib
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from qinghuan.sensing.errors import BadGrammar, GatewayUnreachable
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse

ANSWER_WITHIN_S = 10.0
"""Default time-out of a mobile link (HJ 212-2017, exchange rules). [s]"""

WANTS_ANSWER = 1
"""Bit A of Flag (HJ 212-2017, Table 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayReport:
    """What became of the frames that were sent."""

    sent: int
    expected: int
    """Frames that asked for an answer."""
    answered: int
    unanswered: tuple[str, ...]
    """QN of each frame that asked for an answer and got none in time."""
    answers: dict[str, int] = field(default_factory=dict)
    """How many answers came, by CN."""
    slowest_ms: float = 0.0
    seconds: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Whether every frame that asked was answered."""
        return not self.unanswered

    def to_json(self) -> dict[str, object]:
        """The report by name, ready for `json.dumps`."""
        return {
            "sent": self.sent,
            "expected": self.expected,
            "answered": self.answered,
            "unanswered": list(self.unanswered),
            "answers": self.answers,
            "slowest_ms": round(self.slowest_ms, 1),
            "seconds": round(self.seconds, 3),
        }


def play(
    content: bytes,
    host: str,
    port: int,
    *,
    frames_per_s: float = 0.0,
    answer_within_s: float = ANSWER_WITHIN_S,
) -> PlayReport:
    """Send every frame of a file over one link and wait for the answers.

    Args:
        content: Frames, one a line; lines that begin with a single `#` are comments.
        host: Of the gateway.
        port: Of the gateway.
        frames_per_s: How fast; 0 sends without a pause. [1/s]
        answer_within_s: How long after the last frame answers are waited for. [s]

    Raises:
        GatewayUnreachable: Nothing listens there.
    """
    started_s = time.monotonic()
    try:
        link = socket.create_connection((host, port), timeout=answer_within_s)
    except OSError as error:
        raise GatewayUnreachable(host, port) from error
    with link:
        player = _Player(link)
        for number, line in enumerate(_lines(content)):
            player.send(line)
            due_s = started_s + (number + 1) / frames_per_s if frames_per_s > 0 else 0.0
            player.listen(max(0.0, due_s - time.monotonic()))
        deadline_s = time.monotonic() + answer_within_s
        while player.waiting and not player.is_closed and time.monotonic() < deadline_s:
            player.listen(min(0.2, max(0.0, deadline_s - time.monotonic())))
    return player.report(time.monotonic() - started_s)


class _Player:
    """One link: what was sent, what is waited for."""

    def __init__(self, link: socket.socket) -> None:
        self.waiting: dict[str, list[float]] = defaultdict(list)
        """When each frame that asked was sent, by QN; a file may hold the same QN twice."""
        self.is_closed = False
        self._link = link
        self._framer = Framer()
        self._answers: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._slowest_s = 0.0

    def send(self, line: bytes) -> None:
        """Send one frame as it is."""
        if (qn := _asks(line)) is not None:
            self.waiting[qn].append(time.monotonic())
            self._counts["expected"] += 1
        try:
            self._link.sendall(line)
            self._counts["sent"] += 1
        except OSError:
            self.is_closed = True

    def listen(self, within_s: float) -> None:
        """Take in what comes within a time."""
        self._link.settimeout(max(within_s, 0.001))
        try:
            data = self._link.recv(65_536)
        except TimeoutError:
            return
        except OSError:
            data = b""
        if not data:
            self.is_closed = True
            return
        for packet in self._framer.feed(data):
            with contextlib.suppress(BadGrammar):
                answer = parse(packet.segment)
                self._answers[answer.cn] += 1
                self._settle(answer.qn)

    def _settle(self, qn: str) -> None:
        """One answer settles the oldest frame of its QN."""
        if not (sent := self.waiting.get(qn)):
            return
        self._counts["answered"] += 1
        self._slowest_s = max(self._slowest_s, time.monotonic() - sent.pop(0))
        if not sent:
            del self.waiting[qn]

    def report(self, seconds: float) -> PlayReport:
        """What became of everything."""
        return PlayReport(
            sent=self._counts["sent"],
            expected=self._counts["expected"],
            answered=self._counts["answered"],
            unanswered=tuple(qn for qn, sent in self.waiting.items() for _ in sent),
            answers=dict(self._answers),
            slowest_ms=1000 * self._slowest_s,
            seconds=seconds,
        )


def _lines(content: bytes) -> Iterator[bytes]:
    for line in content.splitlines():
        if line.strip() and (line.startswith(b"##") or not line.startswith(b"#")):
            yield line.rstrip(b"\r\n") + b"\r\n"


def _asks(line: bytes) -> str | None:
    """QN of a frame that asks for an answer; None for one that does not or cannot be read."""
    packets = Framer().feed(line)
    try:
        frame = parse(packets[0].segment) if packets else None
    except BadGrammar:
        return None
    if frame is None or not frame.qn or not (frame.flag or 0) & WANTS_ANSWER:
        return None
    return frame.qn
