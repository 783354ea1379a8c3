"""Pages hear what committed, what their scope sees, and no more than they can follow."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from qinghuan.infra.database import NOBODY, SYSTEM, Database, Scope, Session
from qinghuan.infra.events import (
    MAX_SUBJECTS,
    MAX_TOPICS,
    RESYNC,
    Event,
    EventBroker,
    Notice,
    NoticeTooLong,
    Subscription,
    announce,
)


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[EventBroker]:
    broker = EventBroker(database.url)
    task = asyncio.create_task(broker.run())
    await broker.listening.wait()
    try:
        yield broker
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 30))


async def all_within(subscription: Subscription, within_s: float) -> list[Event]:
    heard = []
    deadline_s = time.monotonic() + within_s
    while (left_s := deadline_s - time.monotonic()) > 0:
        if (event := await subscription.next(left_s)) is not None:
            heard.append(event)
    return heard


@pytest.mark.db
def test_a_committed_notice_is_heard_and_a_rolled_back_one_is_not(database: Database) -> None:
    async def story() -> None:
        async with listening(database) as broker:
            with broker.subscribe(SYSTEM) as page:
                with database.transaction(SYSTEM) as session:
                    announce(session, "case", subject="case/1", area_code="9901")
                    session.rollback()
                with database.transaction(SYSTEM) as session:
                    announce(session, "case", subject="case/2", area_code="9901")
                event = await page.next(5)

        assert event is not None
        assert (event.topic, event.subjects, event.area_codes) == ("case", ("case/2",), ("9901",))

    run(story)


@pytest.mark.db
def test_a_lost_connection_is_made_again_and_told_as_a_resync(database: Database) -> None:
    async def story() -> None:
        async with listening(database) as broker:
            with broker.subscribe(NOBODY) as page:
                with psycopg.connect(database.url, autocommit=True) as killer:
                    killer.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE query LIKE 'LISTEN%'"
                    )
                event = await page.next(10)
                assert event is not None
                assert event.topic == RESYNC
                with database.transaction(SYSTEM) as session:
                    announce(session, "case", area_code="9901")
                assert await page.next(1) is None

    run(story)


@pytest.mark.db
def test_words_of_strangers_on_the_channel_do_no_harm(database: Database) -> None:
    async def story() -> None:
        async with listening(database) as broker:
            with broker.subscribe(SYSTEM) as page:
                with psycopg.connect(database.url, autocommit=True) as stranger:
                    for words in (
                        "",
                        "{",
                        "[]",
                        "null",
                        '{"t": 1}',
                        '{"t":"x","s":"","a":1,"m":"y"}',
                    ):
                        stranger.execute("SELECT pg_notify('qinghuan', %s)", [words])
                with database.transaction(SYSTEM) as session:
                    announce(session, "after")
                event = await page.next(5)
                assert event is not None
                assert event.topic == "after"

    run(story)


@pytest.mark.db
def test_a_notice_with_more_than_ids_is_refused(session: Session) -> None:
    with pytest.raises(NoticeTooLong):
        announce(session, "case", subject="青" * 3000)


def test_a_burst_is_told_at_once_and_then_merged_twice_a_second() -> None:
    async def story() -> None:
        page = Subscription(SYSTEM, None)

        async def burst() -> None:
            for number in range(100):
                page.offer(Notice(topic="observation", subject=f"station/{number % 10}"))
                await asyncio.sleep(0.01)

        task = asyncio.create_task(burst())
        heard = await all_within(page, 1.8)
        await task

        assert 3 <= len(heard) <= 4
        assert sum(event.count for event in heard) == 100
        assert len(heard[1].subjects) == 10
        assert not heard[1].is_partial

    run(story)


def test_topics_do_not_wait_for_each_other() -> None:
    async def story() -> None:
        page = Subscription(SYSTEM, None)
        for topic in ("case", "signal", "case"):
            page.offer(Notice(topic=topic))

        heard = await all_within(page, 0.2)

        assert [(event.topic, event.count) for event in heard] == [("case", 2), ("signal", 1)]

    run(story)


@pytest.mark.parametrize(
    ("scope", "is_heard"),
    [
        (SYSTEM, True),
        (Scope(area_prefixes=("9901",), mark=2), True),
        (Scope(area_prefixes=("9901",), mark=1), False),
        (Scope(area_prefixes=("9902",), mark=3), False),
        (NOBODY, False),
    ],
)
def test_only_scopes_that_reach_the_row_hear_of_it(scope: Scope, *, is_heard: bool) -> None:
    async def story() -> None:
        page = Subscription(scope, None)
        page.offer(Notice(topic="case", area_code="990101", mark=2))

        assert (await page.next(0.05) is not None) == is_heard

    run(story)


def test_only_wanted_topics_are_heard() -> None:
    async def story() -> None:
        page = Subscription(SYSTEM, frozenset({"case"}))
        page.offer(Notice(topic="signal"))
        assert await page.next(0.05) is None
        page.offer(Notice(topic="case"))
        assert await page.next(0.05) is not None

    run(story)


def test_a_slow_page_holds_a_bounded_number_of_subjects() -> None:
    async def story() -> None:
        page = Subscription(SYSTEM, None)
        for number in range(10_000):
            page.offer(Notice(topic="case", subject=str(number), area_code=str(number)))
        event = await page.next(1)

        assert event is not None
        assert len(event.subjects) == len(event.area_codes) == MAX_SUBJECTS
        assert event.is_partial
        assert event.count == 10_000

    run(story)


def test_a_page_with_too_many_topics_waiting_is_told_to_load_again() -> None:
    async def story() -> None:
        page = Subscription(SYSTEM, None)
        for number in range(MAX_TOPICS + 1):
            page.offer(Notice(topic=str(number)))

        assert [event.topic for event in await all_within(page, 0.1)] == [RESYNC]

    run(story)


@pytest.mark.db
@pytest.mark.parametrize("prefixes", [(), ("99",), ("9901", "9802"), ("990101",), ("a_",), ("9",)])
def test_the_scope_and_the_database_agree_on_what_is_seen(
    session: Session, prefixes: tuple[str, ...]
) -> None:
    if any(not prefix.isalnum() for prefix in prefixes):
        with pytest.raises(ValueError, match="no area code"):
            Scope(area_prefixes=prefixes)
        return
    for highest in range(4):
        scope = Scope(area_prefixes=prefixes, mark=highest)
        for name, value in scope.settings().items():
            session.execute(text("SELECT set_config(:n, :v, true)"), {"n": name, "v": value})
        for area_code in (None, "", "99", "990101", "9802", "9", "98"):
            for mark in range(4):
                answer = session.execute(
                    text("SELECT COALESCE(qinghuan_sees(:a, CAST(:m AS smallint)), false)"),
                    {"a": area_code, "m": mark},
                ).scalar_one()
                assert answer == scope.sees(area_code, mark), (area_code, mark, scope)


@given(prefix=st.text(min_size=1))
def test_a_scope_cannot_be_widened_through_its_prefixes(prefix: str) -> None:
    try:
        settings = Scope(area_prefixes=(prefix,)).settings()
    except ValueError:
        return

    assert settings["qinghuan.areas"] == prefix
    assert not set(prefix) & set(",* %")
