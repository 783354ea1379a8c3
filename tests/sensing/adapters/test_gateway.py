import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from uuid import UUID

import pytest
from factories.sensing import upload

from qinghuan.infra import metrics
from qinghuan.sensing.adapters.gateway import Gateway
from qinghuan.sensing.credentials import SALT_BYTES, hash_password
from qinghuan.sensing.errors import PortTaken, StoreUnavailable
from qinghuan.sensing.hj212.build import build
from qinghuan.sensing.hj212.frame import Frame
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse
from qinghuan.sensing.intake import Arrival, Batch
from qinghuan.sensing.roster import Member, Roster
from qinghuan.sensing.settings import SensingSettings

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SALT = bytes(SALT_BYTES)


class StoppedClock:
    """Always the same time."""

    def now(self) -> datetime:
        """Tell it."""
        return NOW


@dataclass
class MemoryStore:
    """Keeps batches in memory; can be away, held up, or refuse a value."""

    batches: list[Batch] = field(default_factory=list)
    outages: int = 0
    poison: str = ""
    is_open: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        """Let batches in."""
        self.is_open.set()

    def __call__(self, batch: Batch) -> None:
        """Store a batch."""
        self.is_open.wait(10)
        if self.outages:
            self.outages -= 1
            raise StoreUnavailable("away")
        if self.poison and any(self.poison.encode() in one.raw for one in batch.arrivals):
            raise ValueError(self.poison)
        self.batches.append(batch)

    @property
    def arrivals(self) -> list[Arrival]:
        """Everything stored."""
        return [one for batch in self.batches for one in batch.arrivals]

    def refused(self) -> dict[str, int]:
        """Refusals counted, by verdict."""
        counts: dict[str, int] = {}
        for batch in self.batches:
            for (_, verdict, _, _), number in batch.refused.items():
                counts[verdict] = counts.get(verdict, 0) + number
        return counts


class Caller:
    """A station's end of a link."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold both ways."""
        self.reader, self.writer = reader, writer
        self._framer = Framer()

    async def ask(self, *raws: bytes, within_s: float = 5.0) -> list[Frame]:
        """Send frames and wait for as many answers."""
        self.writer.write(b"".join(raws))
        return await self.answers(len(raws), within_s)

    async def answers(self, count: int, within_s: float = 5.0) -> list[Frame]:
        """Wait for answers; fewer come if the time runs out or the link closes."""
        found: list[Frame] = []
        try:
            async with asyncio.timeout(within_s):
                while len(found) < count and (data := await self.reader.read(65_536)):
                    found += [parse(packet.segment) for packet in self._framer.feed(data)]
        except (TimeoutError, ConnectionResetError):
            pass
        return found


Story = Callable[[Callable[[], Awaitable[Caller]]], Awaitable[None]]


def play(story: Story, store: MemoryStore, **changes: float) -> None:
    """Run a gateway, tell the story on it, and stop it."""
    settings = SensingSettings.model_validate({"gateway_port": 0, "batch_ms": 1} | changes)
    asyncio.run(_play(story, store, settings))


async def _play(story: Story, store: MemoryStore, settings: SensingSettings) -> None:
    roster = Roster()
    roster.update([member()])
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    gateway = Gateway(settings, roster, store, StoppedClock())
    serving = asyncio.create_task(gateway.serve(port.set_result, stop))
    callers: list[Caller] = []

    async def call() -> Caller:
        caller = Caller(*await asyncio.open_connection("127.0.0.1", await port))
        callers.append(caller)
        return caller

    try:
        await story(call)
    finally:
        store.is_open.set()
        stop.set()
        await asyncio.wait_for(serving, 20)
        for caller in callers:
            caller.writer.close()


def member() -> Member:
    return Member(
        station_id=UUID(int=1),
        mn="QH0000000001",
        st="22",
        area_code="990101",
        mark=1,
        area_class=2,
        is_active=True,
        salt=SALT,
        password_hash=hash_password("123456", SALT),
    )


def raw(second: int = 0, *, value: str = "1", flag: int = 5, **changes: str) -> bytes:
    at = NOW + timedelta(seconds=second)
    return upload({"a34004": value}, at=at, flag=flag, **changes)  # type: ignore[arg-type]  # texts


def test_a_frame_is_stored_and_answered_with_its_own_qn() -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        (answer,) = await (await call()).ask(raw())
        assert (answer.st, answer.cn, answer.flag) == ("91", "9014", 4)
        assert answer.qn == store.arrivals[0].frame.qn

    play(story, store)
    assert store.arrivals[0].received_at == NOW
    assert store.arrivals[0].peer.startswith("127.0.0.1:")


def test_nothing_is_answered_before_it_is_stored() -> None:
    store = MemoryStore()
    store.is_open.clear()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        caller = await call()
        assert await caller.ask(raw(), within_s=0.3) == []
        store.is_open.set()
        assert len(await caller.answers(1)) == 1

    play(story, store)


def test_a_frame_that_asks_for_no_answer_gets_none() -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        assert await (await call()).ask(raw(flag=4), within_s=0.2) == []

    play(story, store)
    assert len(store.arrivals) == 1


def test_notices_are_answered_as_notices_and_answers_not_at_all() -> None:
    store = MemoryStore()
    head = {"qn": "20260501080000000", "pw": "123456", "mn": "QH0000000001", "flag": 5}
    notice = build(Frame(st="22", cn="1013", **head))  # type: ignore[arg-type]  # by name
    result = build(Frame(st="91", cn="9012", **head))  # type: ignore[arg-type]  # by name

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        answers = await (await call()).ask(result, notice, within_s=0.3)
        assert [answer.cn for answer in answers] == ["9013"]

    play(story, store)
    assert len(store.arrivals) == 2


@pytest.mark.parametrize(
    ("bad", "verdict"),
    [
        (raw(mn="NOBODY"), "station"),
        (raw(pw="654321"), "password"),
        (raw()[:-6] + b"0000\r\n", "crc"),
        (b"##0010" + raw()[6:], "length"),
        (b"hello\r\n", "garbage"),
        (build(Frame(st="2", cn="2011", mn="QH0000000001", flag=5)), "grammar"),
        (raw(7 * 86_400), "time"),
    ],
)
def test_what_is_refused_is_counted_kept_and_not_answered(bad: bytes, verdict: str) -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        (answer,) = await (await call()).ask(bad, raw(5), within_s=1.0)
        assert answer.cn == "9014"

    play(story, store)
    assert store.refused() == {verdict: 1}
    assert len(store.arrivals) == 1
    (refusal,) = [one for batch in store.batches for one in batch.refusals]
    assert (refusal.verdict.value, refusal.received_at) == (verdict, NOW)


def test_names_nobody_registered_are_not_counted_apart() -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        await (await call()).ask(*(raw(mn=f"X{n}") for n in range(50)), within_s=0.3)

    play(story, store)
    assert store.refused() == {"station": 50}
    assert {mn for batch in store.batches for (_, _, mn, _) in batch.refused} == {""}


def test_bytes_may_come_one_by_one() -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        caller = await call()
        for byte in raw():
            caller.writer.write(bytes([byte]))
            await asyncio.sleep(0)
        assert len(await caller.answers(1)) == 1

    play(story, store)


def test_an_outage_of_the_database_delays_the_answer() -> None:
    store = MemoryStore(outages=2)

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        assert len(await (await call()).ask(raw())) == 1

    play(story, store)
    assert store.outages == 0


def test_a_frame_the_database_refuses_does_not_stop_the_others() -> None:
    store = MemoryStore(poison="666.6")

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        frames = [raw(n, value="666.6" if n == 11 else "1") for n in range(20)]
        assert len(await (await call()).ask(b"garbage\r\n", *frames, within_s=1.0)) == 19

    play(story, store)
    assert store.refused() == {"grammar": 1, "garbage": 1}
    assert len(store.arrivals) == 19


def frames_taken() -> float:
    return metrics.registry.get_sample_value("qinghuan_frames_total", {"verdict": "ok"}) or 0


def test_a_full_queue_stops_the_reading_and_loses_nothing() -> None:
    store = MemoryStore()
    store.is_open.clear()
    before = frames_taken()
    count = 20_000

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        caller = await call()
        answering = asyncio.create_task(caller.answers(count, 60))
        caller.writer.write(b"".join(raw(n % 80_000, value=str(n)) for n in range(count)))
        await asyncio.sleep(1)
        assert 100 <= frames_taken() - before < count / 2
        store.is_open.set()
        assert len(await answering) == count

    play(story, store, queue_frames=100, batch_frames=1000)
    assert len(store.arrivals) == count


def test_a_station_that_never_takes_its_answers_is_not_read_on() -> None:
    store = MemoryStore()
    before = frames_taken()
    count = 60_000

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        caller = await call()
        burst = raw()
        for _ in range(count // 100):
            caller.writer.write(burst * 100)
            await asyncio.sleep(0)
        await asyncio.sleep(4)
        stalled_at = frames_taken() - before
        await asyncio.sleep(0.5)
        assert frames_taken() - before == stalled_at < count
        answers = await caller.answers(count, 60)
        assert len(answers) == count

    play(story, store)


def test_links_beyond_the_most_are_closed_at_once() -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        first, second = await call(), await call()
        assert len(await first.ask(raw())) == 1
        assert await second.answers(1) == []
        assert second.reader.at_eof()
        assert len(await first.ask(raw(1))) == 1

    play(story, store, max_links=1)


def test_an_idle_link_is_closed() -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        caller = await call()
        assert len(await caller.ask(raw())) == 1
        assert await asyncio.wait_for(caller.reader.read(), 3) == b""

    play(story, store, idle_s=0.3)


def test_a_link_with_nothing_but_refusals_is_closed_and_few_bytes_are_kept() -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        caller = await call()
        caller.writer.write(b"x\r\n" * 60)
        assert await asyncio.wait_for(caller.reader.read(), 3) == b""

    play(story, store, refusals_per_link=50, kept_rejects_per_minute=7)
    assert store.refused()["garbage"] >= 50
    assert sum(len(batch.refusals) for batch in store.batches) == 7


def test_stopping_stores_what_was_taken() -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        before = frames_taken()
        (await call()).writer.write(b"".join(raw(n) for n in range(200)))
        for _ in range(500):
            if frames_taken() - before < 200:
                await asyncio.sleep(0.01)

    play(story, store, batch_ms=1000)
    assert len(store.arrivals) == 200


def test_half_a_frame_on_a_closing_link_is_refused() -> None:
    store = MemoryStore()

    async def story(call: Callable[[], Awaitable[Caller]]) -> None:
        caller = await call()
        caller.writer.write(raw()[:50])
        await caller.writer.drain()
        caller.writer.close()
        await asyncio.sleep(0.2)

    play(story, store)
    assert store.refused() == {"tail": 1}


def test_a_port_in_use_is_told_in_the_fields_words() -> None:
    async def twice() -> None:
        server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        settings = SensingSettings(gateway_port=port)
        gateway = Gateway(settings, Roster(), MemoryStore(), StoppedClock())
        with pytest.raises(PortTaken) as caught:
            await gateway.serve(lambda _port: None, asyncio.Event())
        server.close()
        assert str(port) in caught.value.message_zh()

    asyncio.run(twice())
