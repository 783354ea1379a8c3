"""The HJ 212 gateway: many links, one writer, and no answer before the data are durable.

Links hand their packets to the gateway, which judges them at once and queues what is let in.
One writer takes the queue in batches and stores each in one transaction, in a thread of its
own; only when that is committed are the batch's frames answered. When the queue is full every
link stops reading until it has drained. What is refused is counted, kept up to a cap, and never
answered, so that the station sends it again or its people look after it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain, repeat
from typing import NamedTuple

import structlog
from typing_extensions import override

from qinghuan.core.clock import Clock
from qinghuan.core.errors import Unavailable
from qinghuan.infra import metrics
from qinghuan.sensing.adapters.link import Desk, Link
from qinghuan.sensing.adapters.tray import RefusalTray
from qinghuan.sensing.errors import BadGrammar, PortTaken
from qinghuan.sensing.hj212.build import data_answer, notice_answer
from qinghuan.sensing.hj212.frame import Frame, Packet, Verdict
from qinghuan.sensing.hj212.framer import KEPT_BYTES
from qinghuan.sensing.hj212.parse import parse
from qinghuan.sensing.intake import Arrival, Batch, Refusal, RefusalCount
from qinghuan.sensing.roster import Refused, Roster
from qinghuan.sensing.settings import SensingSettings

NOTICES = frozenset({"1013"})
"""Commands answered by 9013 instead of 9014 (HJ 212-2017, Table 9)."""

ANSWERS = frozenset({"9011", "9012", "9013", "9014"})
"""Commands that are answers themselves and get none."""

RETRY_S = (0.5, 1.0, 2.0, 5.0)
"""Pauses while the database does not answer; the last one is repeated."""

SWEEP_S = 5.0
"""How often links are looked over for idleness."""

Store = Callable[[Batch], None]
"""Stores a batch durably or raises; runs in the writer's thread.

Raises:
    Unavailable: The database does not answer; the batch may be tried again.
"""

_TAKEN = metrics.FRAMES.labels("ok")

_log = structlog.get_logger(__name__)


class _Waiting(NamedTuple):
    """A frame on its way to the store, and where its answer goes."""

    arrival: Arrival
    link: Link
    taken_s: float


class Gateway(Desk):
    """Listens for stations until it is stopped."""

    def __init__(
        self, settings: SensingSettings, roster: Roster, store: Store, clock: Clock
    ) -> None:
        """Know who may send and where it goes.

        Args:
            settings: Ports, limits and times.
            roster: Stations; brought up to date by whoever owns it.
            store: Stores a batch durably.
            clock: Tells the time of reception.
        """
        self._settings = settings
        self._roster = roster
        self._store = store
        self._clock = clock
        self._links: set[Link] = set()
        self._queue: deque[_Waiting] = deque()
        self._tray = RefusalTray(settings.kept_rejects_per_minute)
        self._work = asyncio.Event()
        self._is_stopping = False
        self._is_full = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gateway-writer")

    async def serve(self, ready: Callable[[int], None], stop: asyncio.Event) -> None:
        """Listen until told to stop; then store what was taken and answer it.

        Args:
            ready: Told the port once it is open.
            stop: Set to end.

        Raises:
            PortTaken: The port cannot be opened.
        """
        server = await self._listen()
        writer = asyncio.create_task(self._write())
        sweeper = asyncio.create_task(self._sweep())
        try:
            port = server.sockets[0].getsockname()[1]
            _log.info("gateway open", port=port)
            ready(port)
            await stop.wait()
        finally:
            server.close()
            for link in self._links:
                link.pause()
            self._is_stopping = True
            self._work.set()
            await writer
            sweeper.cancel()
            for link in list(self._links):
                link.close()
            await asyncio.sleep(0.05)
            self._thread.shutdown()
            _log.info("gateway closed")

    @override
    def now_s(self) -> float:
        """Seconds of the loop's clock."""
        return asyncio.get_running_loop().time()

    @override
    def opened(self, link: Link) -> bool:
        """Take a link, unless there are too many."""
        if self._is_stopping or len(self._links) >= self._settings.max_links:
            _log.warning("link refused", peer=link.peer, links=len(self._links))
            return False
        self._links.add(link)
        metrics.STATION_LINKS.set(len(self._links))
        if self._is_full:
            link.pause()
        return True

    @override
    def closed(self, link: Link) -> None:
        """Forget a link."""
        self._links.discard(link)
        metrics.STATION_LINKS.set(len(self._links))

    @override
    def take(self, link: Link, packet: Packet) -> None:
        """Judge a packet; queue what is let in, note what is refused."""
        received_at = self._clock.now()
        admitted = self._admit(packet, received_at, link.peer)
        self._work.set()
        if isinstance(admitted, Refusal):
            self._tray.add(admitted)
            link.refusals += 1
            if link.refusals >= self._settings.refusals_per_link:
                _log.warning("link closed: nothing but refusals", peer=link.peer)
                link.close()
            return
        link.refusals = 0
        _TAKEN.inc()
        self._queue.append(_Waiting(admitted, link, self.now_s()))
        if len(self._queue) >= self._settings.queue_frames and not self._is_full:
            self._is_full = True
            for other in self._links:
                other.pause()

    def _admit(self, packet: Packet, received_at: datetime, peer: str) -> Arrival | Refusal:
        """Judge a packet's envelope, grammar, sender and times."""
        frame: Frame | None = None
        verdict, reason, area_code = packet.verdict, packet.reason, None
        if verdict is Verdict.OK:
            try:
                frame = parse(packet.segment)
            except BadGrammar as error:
                verdict, reason = Verdict.GRAMMAR, error.detail
        if frame is not None:
            member = self._roster.admit(frame, received_at)
            if not isinstance(member, Refused):
                return Arrival(frame, packet.raw, member, received_at, peer)
            verdict, reason = member.verdict, member.reason
            area_code = member.member.area_code if member.member else None
        mn = frame.mn if frame else ""
        raw = packet.raw[:KEPT_BYTES]
        return Refusal(verdict, reason, mn, raw, packet.size_bytes, area_code, received_at, peer)

    async def _listen(self) -> asyncio.Server:
        """Open the port."""
        host, port = self._settings.gateway_host, self._settings.gateway_port
        try:
            return await asyncio.get_running_loop().create_server(
                lambda: Link(self), host, port, backlog=1024
            )
        except OSError as error:
            raise PortTaken(host, port, error.strerror or str(error)) from error

    async def _write(self) -> None:
        """Store batch after batch until there is nothing more to come."""
        while not (self._is_stopping and not self._queue and not self._tray):
            await self._work.wait()
            if len(self._queue) < self._settings.batch_frames and not self._is_stopping:
                await asyncio.sleep(self._settings.batch_ms / 1000)
            size = min(len(self._queue), self._settings.batch_frames)
            taken = [self._queue.popleft() for _ in range(size)]
            if not self._queue and not self._is_stopping:
                self._work.clear()
            kept, counts = self._tray.empty()
            if taken or counts:
                await self._store_durably(taken, kept, counts)
            if self._is_full and len(self._queue) < self._settings.queue_frames // 2:
                self._is_full = False
                for link in self._links:
                    link.resume()

    async def _store_durably(
        self, taken: list[_Waiting], kept: tuple[Refusal, ...], counts: RefusalCount
    ) -> None:
        """Store a batch, however long the database is away, and answer it.

        A batch that the database refuses is halved until the frame at fault is alone; that one
        is refused itself.
        """
        batch = Batch(arrivals=tuple(one.arrival for one in taken), refusals=kept, refused=counts)
        for pause_s in chain(RETRY_S, repeat(RETRY_S[-1])):
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._store, batch)
            except Unavailable as error:
                _log.warning("store unavailable", error=str(error), frames=len(taken))
                if self._is_stopping:
                    return
                await asyncio.sleep(pause_s)
            except Exception as error:  # noqa: BLE001  the border: one bad frame must not stop the others
                first_line = str(error).partition("\n")[0][:200]
                kind = type(error).__name__
                _log.error("store refused", kind=kind, error=first_line, frames=len(taken))
                await self._store_parts(taken, kept, counts)
                return
            else:
                self._answer(taken)
                return

    async def _store_parts(
        self, taken: list[_Waiting], kept: tuple[Refusal, ...], counts: RefusalCount
    ) -> None:
        """Store refusals and the halves of a batch by themselves; refuse the frame at fault."""
        if taken and counts:
            await self._store_durably([], kept, counts)
        if len(taken) > 1:
            middle = len(taken) // 2
            for half in (taken[:middle], taken[middle:]):
                await self._store_durably(half, (), RefusalCount())
        for one in taken if len(taken) == 1 else ():
            arrival = one.arrival
            self._tray.add(
                Refusal(
                    Verdict.GRAMMAR,
                    "cannot be stored",
                    arrival.frame.mn,
                    arrival.raw[:KEPT_BYTES],
                    len(arrival.raw),
                    arrival.member.area_code,
                    arrival.received_at,
                    arrival.peer,
                )
            )

    def _answer(self, taken: list[_Waiting]) -> None:
        """Answer the frames of a batch that ask for it, link by link."""
        now_s = self.now_s()
        for one in taken:
            frame = one.arrival.frame
            if frame.wants_answer and frame.cn not in ANSWERS:
                answer = notice_answer if frame.cn in NOTICES else data_answer
                one.link.answer(answer(frame))
                metrics.FRAME_ANSWER_SECONDS.observe(now_s - one.taken_s)

    async def _sweep(self) -> None:
        """Close links that are idle."""
        while True:
            await asyncio.sleep(min(SWEEP_S, self._settings.idle_s / 2))
            limit_s = self.now_s() - self._settings.idle_s
            for link in [link for link in self._links if link.heard_s < limit_s]:
                link.close()
