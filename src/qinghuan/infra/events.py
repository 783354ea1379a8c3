"""What just happened, told to open pages: announced in the transaction, heard when it commits.

A notice carries ids, never contents: a page that hears it asks again in its own scope. One
connection listens for the whole process; each subscriber gets what his scope sees, merged so
that no topic comes more often than twice a second.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import ClassVar

import psycopg
import structlog
from sqlalchemy import text

from qinghuan.core.errors import Invalid
from qinghuan.infra import metrics
from qinghuan.infra.database import Scope, Session
from qinghuan.infra.errors import InfraError
from qinghuan.infra.postgres.external import plain_url

CHANNEL = "qinghuan"

RESYNC = "resync"
"""Topic that tells a page to load everything again: notices may have been missed."""

MIN_INTERVAL_S = 0.5
"""Twice a second is as often as a person can follow a page."""

MAX_SUBJECTS = 32
"""Beyond so many, a page does better to load its whole list."""

MAX_TOPICS = 64
"""What one subscriber may have waiting; a slower one gets a resync."""

_MAX_NOTICE_BYTES = 7900
"""PostgreSQL refuses notices of 8000 bytes."""

_MAX_PAUSE_S = 10.0

_log = structlog.get_logger(__name__)


class NoticeTooLong(InfraError, Invalid):
    """A notice holds more than ids."""

    code: ClassVar[str] = "infra.notice-too-long"
    zh: ClassVar[str] = "通知内容过长"

    def __init__(self, size_bytes: int) -> None:
        """Keep the size."""
        super().__init__(f"notice of {size_bytes} bytes: announce ids only")
        self.size_bytes = size_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that happened, as it travels through the database."""

    topic: str
    subject: str = ""
    area_code: str | None = None
    mark: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a subscriber hears: one topic's notices since the last time."""

    topic: str
    subjects: tuple[str, ...]
    """Distinct subjects in the order heard, at most `MAX_SUBJECTS`."""
    area_codes: tuple[str, ...]
    """Distinct areas, at most `MAX_SUBJECTS`."""
    count: int
    is_partial: bool
    """More subjects or areas happened than are listed."""


def announce(
    session: Session, topic: str, *, subject: str = "", area_code: str | None = None, mark: int = 0
) -> None:
    """Tell open pages that something happened, once the caller's transaction commits.

    Args:
        session: The caller's transaction.
        topic: What kind of thing, such as `case` or `observation`.
        subject: Which one, such as `case/<uuid>`.
        area_code: Where; only subscribers whose scope reaches it hear it. None: the platform.
        mark: Security mark of the row it is about.

    Raises:
        NoticeTooLong: It holds more than ids.
    """
    words = json.dumps(
        {"t": topic, "s": subject, "a": area_code, "m": mark}, ensure_ascii=False, sort_keys=True
    )
    if (size_bytes := len(words.encode())) > _MAX_NOTICE_BYTES:
        raise NoticeTooLong(size_bytes)
    session.execute(
        text("SELECT pg_notify(:channel, :words)"), {"channel": CHANNEL, "words": words}
    )


@dataclass(slots=True)
class _Gathering:
    """One topic's notices that a subscriber has not been given yet."""

    subjects: dict[str, None] = field(default_factory=dict)
    area_codes: dict[str, None] = field(default_factory=dict)
    count: int = 0
    is_partial: bool = False

    def add(self, notice: Notice) -> None:
        """Merge one more."""
        self.count += 1
        for value, into in ((notice.subject, self.subjects), (notice.area_code, self.area_codes)):
            if not value or value in into:
                continue
            if len(into) < MAX_SUBJECTS:
                into[value] = None
            else:
                self.is_partial = True

    def event(self, topic: str) -> Event:
        """What the subscriber is told."""
        return Event(
            topic=topic,
            subjects=tuple(self.subjects),
            area_codes=tuple(self.area_codes),
            count=self.count,
            is_partial=self.is_partial,
        )


class Subscription:
    """One open page's share of the notices; its memory is bounded, however slow it reads."""

    def __init__(self, scope: Scope, topics: frozenset[str] | None) -> None:
        """Hear what a scope sees of some topics, or of all."""
        self._scope = scope
        self._topics = topics
        self._waiting: dict[str, _Gathering] = {}
        self._given_at_s: dict[str, float] = {}
        self._woken = asyncio.Event()

    async def next(self, within_s: float) -> Event | None:
        """Give the next event.

        Args:
            within_s: How long to wait at most. [s]

        Returns:
            The event, or None when nothing came: time for the stream's heartbeat.
        """
        deadline_s = time.monotonic() + within_s
        while True:
            now_s = time.monotonic()
            topic, due_at_s = self._soonest()
            if topic is not None and due_at_s <= now_s:
                return self._give(topic, now_s)
            if now_s >= deadline_s:
                return None
            self._woken.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self._woken.wait(), max(0.0, min(due_at_s, deadline_s) - now_s)
                )

    def offer(self, notice: Notice) -> None:
        """Take a notice if the scope sees it and the topic is wanted."""
        if notice.topic != RESYNC:
            if self._topics is not None and notice.topic not in self._topics:
                return
            if not self._scope.sees(notice.area_code, notice.mark):
                return
            if notice.topic not in self._waiting and len(self._waiting) >= MAX_TOPICS:
                self._waiting.clear()
                notice = Notice(topic=RESYNC)
        self._waiting.setdefault(notice.topic, _Gathering()).add(notice)
        self._woken.set()

    def _soonest(self) -> tuple[str | None, float]:
        """The waiting topic that may be given first, and when."""
        soonest: tuple[str | None, float] = (None, float("inf"))
        for topic in self._waiting:
            due_at_s = self._given_at_s.get(topic, -MIN_INTERVAL_S) + MIN_INTERVAL_S
            if due_at_s < soonest[1]:
                soonest = (topic, due_at_s)
        return soonest

    def _give(self, topic: str, now_s: float) -> Event:
        """Hand one topic over."""
        if len(self._given_at_s) > MAX_TOPICS:
            self._given_at_s.clear()
        self._given_at_s[topic] = now_s
        return self._waiting.pop(topic).event(topic)


class EventBroker:
    """Listens on one connection and shares what it hears among the subscribers."""

    def __init__(self, url: str) -> None:
        """Name the database; `run` connects.

        Args:
            url: Address of the database.
        """
        self._address = plain_url(url)
        self._subscriptions: set[Subscription] = set()
        self.listening = asyncio.Event()
        """Set while the connection stands."""

    @contextmanager
    def subscribe(
        self, scope: Scope, topics: frozenset[str] | None = None
    ) -> Iterator[Subscription]:
        """Hear events while the block runs; call in the broker's event loop.

        Args:
            scope: Whose eyes decide what is heard.
            topics: Wanted topics; all by default.
        """
        subscription = Subscription(scope, topics)
        self._subscriptions.add(subscription)
        metrics.EVENT_SUBSCRIBERS.set(len(self._subscriptions))
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            metrics.EVENT_SUBSCRIBERS.set(len(self._subscriptions))

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made again and told as a resync."""
        pause_s, is_first = 0.1, True
        while True:
            try:
                async for notice in self._heard(is_first=is_first):
                    pause_s, is_first = 0.1, False
                    self._share(notice)
            except psycopg.Error as error:
                _log.warning("events.connection-lost", reason=str(error))
            finally:
                self.listening.clear()
            is_first = False
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _MAX_PAUSE_S)

    async def _heard(self, *, is_first: bool) -> AsyncIterator[Notice]:
        """Notices of one connection; a second connection begins with a resync."""
        connection = await psycopg.AsyncConnection.connect(
            self._address,
            autocommit=True,
            keepalives_idle=20,
            keepalives_interval=5,
            keepalives_count=3,
        )
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}".encode())
            self.listening.set()
            if not is_first:
                yield Notice(topic=RESYNC)
            async for heard in connection.notifies():
                if (notice := _parse(heard.payload)) is not None:
                    metrics.EVENT_NOTICES.labels(notice.topic).inc()
                    yield notice

    def _share(self, notice: Notice) -> None:
        """Offer a notice to everyone."""
        for subscription in self._subscriptions:
            subscription.offer(notice)


def _parse(words: str) -> Notice | None:
    """Read a notice; what is no notice of ours is left out."""
    try:
        parts = json.loads(words)
        return Notice(
            topic=str(parts["t"]),
            subject=str(parts["s"]),
            area_code=None if parts["a"] is None else str(parts["a"]),
            mark=int(parts["m"]),
        )
    except (ValueError, KeyError, TypeError):
        _log.warning("events.notice-unreadable", size=len(words))
        return None
