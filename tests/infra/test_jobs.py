"""Jobs exist only if their transaction commits, run at least once and write exactly once."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import procrastinate
import psycopg
import pytest
from pydantic import JsonValue
from sqlalchemy import func, select, text

from qinghuan.core.errors import Invalid
from qinghuan.core.identity import new_id
from qinghuan.infra.database import NOBODY, SYSTEM, Database, Session
from qinghuan.infra.job_runner import JobRunner, clear_books, rescue_abandoned
from qinghuan.infra.jobs import (
    Job,
    JobNameInvalid,
    NoSuchFailedJob,
    count_by_status,
    enqueue,
    failed_jobs,
    job,
    oldest_due_at,
    pause_before,
    registered,
    retry_failed,
)
from qinghuan.infra.schema import blob, job_done

pytestmark = pytest.mark.db


def book(name: str, handler: Callable[..., None], attempts: int = 3) -> dict[str, Job]:
    return {name: Job(name=name, handler=handler, attempts=attempts)}


def note(session: Session, payload: Mapping[str, JsonValue]) -> None:
    session.execute(
        blob.insert().values(
            id=new_id(),
            sha256="0" * 64,
            stored_sha256="0" * 64,
            size_bytes=1,
            media_type=payload["note"],
            mark=0,
            stored_at=func.clock_timestamp(),
        )
    )


def notes(database: Database) -> list[str]:
    with database.transaction(SYSTEM) as session:
        return list(session.scalars(text("SELECT media_type FROM infra_blob ORDER BY stored_at")))


def counts(database: Database) -> dict[str, int]:
    with database.transaction(SYSTEM) as session:
        return count_by_status(session)


def eventually(claim: Callable[[], bool], within_s: float = 20.0) -> bool:
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        if claim():
            return True
        time.sleep(0.05)
    return False


def test_a_job_of_a_transaction_that_rolls_back_never_existed(database: Database) -> None:
    with database.transaction(NOBODY) as session:
        enqueue(session, "room.note", {"note": "lost"}, key="k")
        session.rollback()

    assert counts(database) == {}


def test_a_job_of_a_committed_transaction_runs_with_its_payload(database: Database) -> None:
    with database.transaction(NOBODY) as session:
        enqueue(session, "room.note", {"note": "青"})

    JobRunner(database, jobs=book("room.note", note)).drain()

    assert notes(database) == ["青"]
    assert counts(database) == {"succeeded": 1}


def test_the_same_key_means_the_same_job_even_after_it_ran(database: Database) -> None:
    ids = []
    for _ in range(2):
        with database.transaction(SYSTEM) as session:
            ids.append(enqueue(session, "room.note", {"note": "once"}, key="case/1"))
            ids.append(enqueue(session, "room.note", {"note": "once"}, key="case/1"))
        JobRunner(database, jobs=book("room.note", note)).drain()

    assert len(set(ids)) == 1
    assert notes(database) == ["once"]


def test_two_transactions_with_one_key_at_the_same_time_make_one_job(database: Database) -> None:
    with database.transaction(SYSTEM) as first:
        kept = enqueue(first, "room.note", {"note": "first"}, key="k")
        with database.transaction(SYSTEM) as second:
            second.execute(text("SET LOCAL lock_timeout = '200ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                enqueue(second, "room.note", {"note": "second"}, key="k")
            second.rollback()
    with database.transaction(SYSTEM) as third:
        assert enqueue(third, "room.note", {"note": "third"}, key="k") == kept


def test_a_job_for_later_waits(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        enqueue(session, "room.note", {"note": "x"}, run_at=datetime.now(UTC) + timedelta(hours=1))
        assert oldest_due_at(session) is None

    JobRunner(database, jobs=book("room.note", note)).drain()

    assert counts(database) == {"todo": 1}


def test_the_oldest_due_job_tells_how_long_the_queue_has_waited(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        enqueue(session, "room.note", {"note": "x"})
    with database.transaction(SYSTEM) as session:
        since = oldest_due_at(session)

    assert since is not None
    assert timedelta(0) <= datetime.now(UTC) - since < timedelta(minutes=1)


def test_a_job_that_stumbles_is_tried_again_later_and_keeps_its_reason(database: Database) -> None:
    def stumble(_session: Session, _payload: Mapping[str, JsonValue]) -> None:
        raise OSError("password=hunter2 was not taken")

    with database.transaction(SYSTEM) as session:
        number = enqueue(session, "room.stumble", {})
    JobRunner(database, jobs=book("room.stumble", stumble, attempts=2)).drain()
    assert counts(database) == {"todo": 1}
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")

    JobRunner(database, jobs=book("room.stumble", stumble, attempts=2)).drain()

    with database.transaction(SYSTEM) as session:
        (failed,) = failed_jobs(session)
    assert (failed.job_id, failed.name, failed.attempts) == (number, "room.stumble", 2)
    assert failed.reason.startswith("OSError: password=")
    assert "hunter2" not in failed.reason


def test_what_a_failing_job_wrote_is_undone(database: Database) -> None:
    def write_and_fall(session: Session, payload: Mapping[str, JsonValue]) -> None:
        note(session, payload)
        raise OSError

    with database.transaction(SYSTEM) as session:
        enqueue(session, "room.fall", {"note": "half"})
    JobRunner(database, jobs=book("room.fall", write_and_fall)).drain()

    assert notes(database) == []


def test_a_broken_rule_is_not_tried_again(database: Database) -> None:
    def refuse(_session: Session, _payload: Mapping[str, JsonValue]) -> None:
        raise Invalid("no such limit")

    with database.transaction(SYSTEM) as session:
        enqueue(session, "room.refuse", {})
    JobRunner(database, jobs=book("room.refuse", refuse)).drain()

    assert counts(database) == {"failed": 1}


def test_a_job_nobody_knows_fails_visibly(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        enqueue(session, "room.unknown", {})
    JobRunner(database, jobs={}).drain()

    assert counts(database) == {"failed": 1}


def test_a_failed_job_can_be_put_back(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        number = enqueue(session, "room.note", {"note": "late"})
    JobRunner(database, jobs={}).drain()
    with database.transaction(SYSTEM) as session:
        retry_failed(session, number)

    JobRunner(database, jobs=book("room.note", note)).drain()

    assert notes(database) == ["late"]
    with database.transaction(SYSTEM) as session, pytest.raises(NoSuchFailedJob):
        retry_failed(session, number)


def test_a_running_worker_takes_jobs_within_a_moment_and_stops_when_told(
    database: Database,
) -> None:
    runner = JobRunner(database, jobs=book("room.note", note))
    runner.start()
    try:
        time.sleep(0.3)
        with database.transaction(SYSTEM) as session:
            enqueue(session, "room.note", {"note": "soon"})
        assert eventually(lambda: notes(database) == ["soon"], within_s=4)
    finally:
        runner.stop()

    assert not runner.is_alive


def test_a_worker_outlives_the_loss_of_its_connections(
    database: Database, postgres_url: str
) -> None:
    runner = JobRunner(database, jobs=book("room.note", note))
    runner.start()
    try:
        time.sleep(0.3)
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [database.engine.url.database],
            )
        with database.transaction(SYSTEM) as session:
            enqueue(session, "room.note", {"note": "after"})
        assert eventually(lambda: notes(database) == ["after"])
    finally:
        runner.stop()


KILLED = textwrap.dedent(
    """
    import sys, time
    from qinghuan.infra.database import Database
    from qinghuan.infra.job_runner import JobRunner
    from qinghuan.infra.jobs import Job

    def hang(session, payload):
        print("begun", flush=True)
        time.sleep(600)

    JobRunner(
        Database(sys.argv[1]),
        jobs={"room.note": Job(name="room.note", handler=hang, attempts=3)},
    ).drain()
    """
)


def test_a_job_of_a_killed_worker_is_taken_over(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        enqueue(session, "room.note", {"note": "rescued"})
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, database.url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "begun\n"
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    assert counts(database) == {"doing": 1}

    async def rescue() -> int:
        connector = procrastinate.PsycopgConnector(conninfo=database.url)
        async with procrastinate.App(connector=connector).open_async() as app:
            return await rescue_abandoned(app, silent_s=0)

    assert asyncio.run(rescue()) == 1
    JobRunner(database, jobs=book("room.note", note)).drain()
    assert notes(database) == ["rescued"]


def test_a_job_that_was_done_but_not_ticked_off_does_nothing_again(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        enqueue(session, "room.note", {"note": "single"})
    JobRunner(database, jobs=book("room.note", note)).drain()
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'todo'")

    JobRunner(database, jobs=book("room.note", note)).drain()

    assert notes(database) == ["single"]


def test_the_books_forget_jobs_that_are_gone_and_no_others(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        enqueue(session, "room.note", {"note": "kept"})
    JobRunner(database, jobs=book("room.note", note)).drain()
    with database.transaction(SYSTEM) as session:
        session.execute(job_done.insert().values(job_id=999_999, done_at=func.now()))

    clear_books(database)

    with database.transaction(SYSTEM) as session:
        left = session.scalars(select(job_done.c.job_id)).all()
    assert len(left) == 1
    assert 999_999 not in left


def test_jobs_with_one_lock_run_in_the_order_asked_for(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        for number in range(5):
            enqueue(session, "room.note", {"note": str(number)}, lock="station/1")

    JobRunner(database, jobs=book("room.note", note), concurrency=4).drain()
    assert eventually(lambda: len(notes(database)) == 5)

    assert notes(database) == list("01234")


@pytest.mark.parametrize("name", ["", "note", "Room.note", "room.", "room.note;drop", "room note"])
def test_a_name_that_hides_its_room_is_refused(session: Session, name: str) -> None:
    with pytest.raises(JobNameInvalid):
        enqueue(session, name, {})


def test_the_decorator_registers_a_handler_under_its_name() -> None:
    job("test.registered", attempts=2)(note)

    assert registered()["test.registered"].attempts == 2


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_before(attempt) for attempt in (1, 2, 3, 20)] == [5, 10, 20, 3600]
