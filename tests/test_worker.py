"""Ticks: one duty each, tried again whatever it raises."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import text

from qinghuan.infra.database import Database, Session
from qinghuan.worker import Tick, Worker

pytestmark = pytest.mark.db


def runs_until(
    database: Database,
    act: Callable[[Session, datetime], bool],
    *,
    times: int,
    every_s: float = 0.01,
) -> int:
    """Run a tick until it was called so often, or five seconds long; return how often it was."""
    called = 0
    enough = threading.Event()

    def counted(session: Session, at: datetime) -> bool:
        nonlocal called
        called += 1
        if called >= times:
            enough.set()
        return act(session, at)

    worker = Worker(database, [Tick(name="t", every_s=every_s, act=counted)], job_concurrency=1)
    worker.start()
    enough.wait(5)
    worker.stop()
    return called


def test_a_tick_that_fails_is_tried_again(database: Database) -> None:
    def fail(_session: Session, _at: datetime) -> bool:
        raise RuntimeError("not now")

    assert runs_until(database, fail, times=3) >= 3


def test_a_tick_with_more_to_do_is_called_again_at_once(database: Database) -> None:
    def act(_session: Session, _at: datetime) -> bool:
        return True

    assert runs_until(database, act, times=50, every_s=60) >= 50


def test_what_a_tick_wrote_before_it_failed_is_undone(database: Database) -> None:
    def write_and_fail(session: Session, _at: datetime) -> bool:
        session.execute(text("INSERT INTO infra_job_done VALUES (1, now())"))
        raise RuntimeError("half way")

    runs_until(database, write_and_fail, times=2)

    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM infra_job_done")).scalar_one() == 0
