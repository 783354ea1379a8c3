import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest
from factories.trace import AT, LOG, act_as, damage, drain, entry, fill, grow
from sqlalchemy.exc import DBAPIError, IntegrityError

from qinghuan.infra.database import SYSTEM, Database, Session
from qinghuan.trace import repository
from qinghuan.trace.checkpoint import open_checkpoint, sign_checkpoint
from qinghuan.trace.errors import LogDamaged, LogStopped
from qinghuan.trace.merkle import root_of
from qinghuan.trace.model import Used
from qinghuan.trace.note import Ed25519Signer
from qinghuan.trace.service.auditing import verify_log
from qinghuan.trace.service.reading import (
    checkpoint_at,
    latest_checkpoint,
    record_by_id,
    records_of,
)
from qinghuan.trace.service.recording import record
from qinghuan.trace.service.sequencing import CHANNEL, assert_alive, sequence, sequencer_lag

pytestmark = pytest.mark.db


def now() -> datetime:
    return datetime.now(UTC)


def test_records_get_dense_places_in_the_order_they_were_written(session: Session) -> None:
    ids = fill(session, 5)
    signed = sequence(session, LOG, AT)
    records = records_of(session, "case/1")

    assert signed is not None
    assert [item.id for item in records] == ids
    assert [item.leaf_index for item in records] == [0, 1, 2, 3, 4]
    assert signed.root == root_of([item.leaf_hash for item in records])
    assert latest_checkpoint(session) == signed
    opened = open_checkpoint(signed.note, [LOG.verifier])
    assert (opened.origin, opened.size, opened.root) == ("log.example/test", 5, signed.root)
    assert checkpoint_at(session, 5).signed_at == AT


def test_with_nothing_waiting_nothing_is_signed(session: Session) -> None:
    assert sequence(session, LOG, AT) is None
    fill(session, 1)
    assert sequence(session, LOG, AT) is not None
    assert sequence(session, LOG, AT) is None


def test_the_log_grows_through_every_kind_of_edge(database: Database) -> None:
    grow(database, 1, 254, 1, 1, 255, 700, 1)
    with database.transaction(SYSTEM) as session:
        leaves = [item.leaf_hash for item in records_of(session, "case/1")]
        report = verify_log(session, LOG.verifier.vkey())

    assert report.is_sound
    assert (report.size, report.root, report.checkpoints) == (1213, root_of(leaves), 7)


def test_a_record_never_comes_before_what_it_used(session: Session) -> None:
    ids = [record(session, entry())]
    for number in range(20):
        ids.append(record(session, entry(number, used=(Used(record_id=ids[-1]),))))
    drain(session)
    places = [record_by_id(session, record_id).leaf_index for record_id in ids]

    assert places == list(range(21))


def test_writers_and_two_sequencers_at_once_leave_one_dense_log(database: Database) -> None:
    writers, each = 6, 40
    done = threading.Event()

    def write(number: int) -> None:
        for _ in range(each):
            with database.transaction(SYSTEM) as session:
                record(session, entry(number))

    def run_sequencer() -> int:
        made = 0
        while True:
            is_last = done.is_set()
            with database.transaction(SYSTEM) as session:
                made += sequence(session, LOG, now()) is not None
            if is_last:
                return made

    with ThreadPoolExecutor(writers + 2) as pool:
        sequencers = [pool.submit(run_sequencer) for _ in range(2)]
        for result in [pool.submit(write, number) for number in range(writers)]:
            result.result()
        done.set()
        made = sum(result.result() for result in sequencers)
    with database.transaction(SYSTEM) as session:
        drain(session)
        places = sorted(item.leaf_index or 0 for item in records_of(session, "case/1"))
        report = verify_log(session, LOG.verifier.vkey())

    assert made >= 1
    assert places == list(range(writers * each))
    assert report.is_sound
    assert report.size == writers * each


def test_while_one_sequencer_works_another_stands_aside(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        fill(session, 3)
    with database.transaction(SYSTEM) as first, database.transaction(SYSTEM) as second:
        assert sequence(first, LOG, AT) is not None
        assert sequence(second, LOG, AT) is None


def test_a_sequencer_that_dies_leaves_nothing_behind(database: Database) -> None:
    grow(database, 3)
    with database.transaction(SYSTEM) as session:
        fill(session, 300)
    with suppress(ZeroDivisionError), database.transaction(SYSTEM) as session:
        assert sequence(session, LOG, AT) is not None
        raise ZeroDivisionError
    with database.transaction(SYSTEM) as session:
        assert sequencer_lag(session).pending == 300
        assert drain(session) is not None
        assert verify_log(session, LOG.verifier.vkey()).is_sound


def test_waiting_records_wake_whoever_listens(database: Database, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        with database.transaction(SYSTEM) as session:
            fill(session, 3)
            record(session, entry())
        heard = [notice.channel for notice in listener.notifies(timeout=5, stop_after=1)]

    assert heard == [CHANNEL]


def test_lag_tells_how_many_wait_and_how_long(session: Session) -> None:
    assert sequencer_lag(session).waiting_s(now()) == 0
    fill(session, 4)
    lag = sequencer_lag(session)

    assert lag.pending == 4
    assert 9 < lag.waiting_s(now() + timedelta(seconds=10)) < 12


def test_privileged_acts_stop_when_the_log_stops_and_go_on_when_it_does(session: Session) -> None:
    assert_alive(session, now() + timedelta(days=1), 5)
    fill(session, 1)
    assert_alive(session, now(), 5)
    with pytest.raises(LogStopped) as caught:
        assert_alive(session, now() + timedelta(seconds=60), 5)
    assert 55 < caught.value.waiting_s < 65
    assert "特权操作暂停" in caught.value.message_zh()
    drain(session)
    assert_alive(session, now() + timedelta(days=1), 5)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trace_tile SET content = overlay(content placing '\\x00'::bytea from 40)",
        "UPDATE trace_tile SET content = substring(content from 1 for 32) WHERE level = 0",
        "UPDATE trace_tile SET content = content || sha256('x') WHERE level = 0",
        "DELETE FROM trace_tile",
        "UPDATE trace_checkpoint SET root = sha256('x')",
        "UPDATE trace_checkpoint SET note = replace(note, E'\\n3\\n', E'\\n2\\n')",
        "UPDATE trace_checkpoint SET note = 'nothing'",
        "UPDATE trace_checkpoint SET size = 2",
    ],
)
def test_nothing_is_signed_on_top_of_damage(database: Database, statement: str) -> None:
    grow(database, 3)
    damage(database, statement)
    with database.transaction(SYSTEM) as session:
        fill(session, 1)
        with pytest.raises(LogDamaged):
            sequence(session, LOG, AT)


def test_another_key_does_not_take_the_log_over_unless_told_of_the_old(database: Database) -> None:
    grow(database, 3)
    new = Ed25519Signer("log.example/test", bytes(32))
    with database.transaction(SYSTEM) as session:
        fill(session, 1)
        with pytest.raises(LogDamaged):
            sequence(session, new, AT)
        assert sequence(session, new, AT, trusted=[LOG.verifier]) is not None


def test_a_checkpoint_of_the_same_size_cannot_be_signed_twice(database: Database) -> None:
    grow(database, 2)
    with (
        pytest.raises(IntegrityError, match=r"pkey|pk_trace_checkpoint"),
        database.transaction(SYSTEM) as session,
    ):
        repository.put_checkpoint(session, sign_checkpoint(2, bytes(32), LOG, at=AT))


def test_checkpoints_only_ever_grow(database: Database) -> None:
    grow(database, 2, 3, 4)
    with database.transaction(SYSTEM) as session:
        sizes = [checkpoint_at(session, size).size for size in (2, 5, 9)]

    assert all(first < second for first, second in pairwise(sizes))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trace_tile SET content = substring(content from 1 for 32)",
        "UPDATE trace_tile SET content = overlay(content placing '\\x00'::bytea from 3)",
        "UPDATE trace_tile SET tile_index = 9",
        "DELETE FROM trace_tile",
        "UPDATE trace_checkpoint SET note = 'x'",
        "DELETE FROM trace_checkpoint",
        "TRUNCATE trace_checkpoint",
        "UPDATE trace_record SET leaf_index = 9",
        "UPDATE trace_record SET leaf_index = NULL",
    ],
)
def test_the_owner_of_the_tables_cannot_rewrite_the_log_by_mistake(
    database: Database, statement: str
) -> None:
    grow(database, 3)
    for role in ("qinghuan_app", "none"):
        with pytest.raises(DBAPIError, match=r"refused|permission denied"):
            act_as(database, role, statement)
