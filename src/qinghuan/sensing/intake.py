"""What the gateway hands to the store: batches of frames let in and of bytes refused."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from qinghuan.core.identity import uuid7
from qinghuan.sensing.hj212.frame import Frame, Verdict
from qinghuan.sensing.roster import Member

SEEN_STEP = timedelta(seconds=5)
"""How exactly it is kept when a station was last heard."""

MAX_STREAMS = 2_000
"""Datastreams a station may open by sending; a broken one cannot fill the database with names."""


class Arrival(NamedTuple):
    """A frame that was let in. A tuple for its speed, like the frame itself."""

    frame: Frame
    raw: bytes
    member: Member
    received_at: datetime
    peer: str


class Refusal(NamedTuple):
    """Bytes that were refused."""

    verdict: Verdict
    reason: str
    mn: str
    raw: bytes
    size_bytes: int
    area_code: str | None
    received_at: datetime
    peer: str


RefusalCount = Counter[tuple[date, str, str, str | None]]
"""Refusals by day, verdict, device number and its area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one transaction stores."""

    arrivals: tuple[Arrival, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    """Those whose bytes are kept."""
    refused: RefusalCount = field(default_factory=Counter)
    """All of them, counted."""


class Stream(NamedTuple):
    """A datastream as the store needs it."""

    id: UUID
    text: str
    """The id as it is written to the staging table."""
    is_watched: bool


StreamKey = tuple[str, str, str]
"""Factor code, period and kind."""

Streams = dict[UUID, dict[StreamKey, Stream]]
"""Datastreams by station: one look-up of the station for all values of a frame."""


@dataclass(slots=True)
class Books:
    """What the store remembers between batches; only what a commit made true."""

    streams: Streams = field(default_factory=dict)
    months: set[date] = field(default_factory=set)
    """First days of months that have a partition."""
    heard_at: dict[UUID, datetime] = field(default_factory=dict)
    """When a station's last frame was kept, as stored."""

    def learn_streams(self, streams: Streams) -> None:
        """Take in datastreams that are new or changed."""
        for station_id, found in streams.items():
            self.streams.setdefault(station_id, {}).update(found)

    def learn(self, stored: "Stored") -> None:
        """Take in what a committed batch made true."""
        self.learn_streams(stored.streams)
        self.months |= stored.months
        self.heard_at |= stored.heard_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a batch became; to be learnt once it is committed."""

    streams: Streams = field(default_factory=dict)
    months: frozenset[date] = frozenset()
    heard_at: dict[UUID, datetime] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    """`kept`, `repeated` frames; `stored`, `changed`, `same`, `dropped` values."""


def identify(frame: Frame, raw: bytes, received_at: datetime) -> tuple[UUID, bytes]:
    """Id and hash of a frame.

    The id is made of the frame's own time and its hash: a frame sent again has the same one,
    whichever gateway takes it, and ids lie in the months of what they tell. A frame without
    any time of its own is taken at the time it was received.

    Args:
        frame: What it says.
        raw: Its bytes as received.
        received_at: When.
    """
    digest = sha256(raw).digest()
    sent_at = frame.sent_at or received_at
    return uuid7(round(sent_at.timestamp() * 1000), digest), digest


def month_of(at: datetime) -> date:
    """First day of a time's month in UTC."""
    return date(at.year, at.month, 1)
