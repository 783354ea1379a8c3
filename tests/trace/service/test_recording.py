from contextlib import suppress
from decimal import Decimal
from uuid import UUID

import pytest
from factories.trace import AT, act_as, entry
from sqlalchemy.exc import DBAPIError, IntegrityError

from qinghuan.infra.database import NOBODY, SYSTEM, Database, Session
from qinghuan.trace.body import read_body
from qinghuan.trace.errors import EntryRefused, NotCanonical, RecordUnknown
from qinghuan.trace.merkle import hash_leaf
from qinghuan.trace.model import Used
from qinghuan.trace.service.reading import record_by_id, records_of, used_by, uses_of
from qinghuan.trace.service.recording import record, record_all

pytestmark = pytest.mark.db

PLACED_ALREADY = """
    INSERT INTO trace_record (id, leaf_index, leaf_hash, body, kind, subject, actor, at)
    VALUES (gen_random_uuid(), 7, sha256('\\x007b7d'), '\\x7b7d', 'a', 'a', 'a', now())
"""


def test_a_record_keeps_the_bytes_that_were_hashed(session: Session) -> None:
    record_id = record(session, entry(7))
    kept = record_by_id(session, record_id)

    assert kept.leaf_hash == hash_leaf(kept.body)
    assert kept.leaf_index is None
    assert (kept.kind, kept.subject, kept.actor, kept.at) == ("case.noted", "case/1", "system", AT)
    assert read_body(kept.body)[:2] == (record_id, entry(7))


def test_a_record_exists_exactly_if_its_transaction_commits(database: Database) -> None:
    with suppress(ZeroDivisionError), database.transaction(SYSTEM) as session:
        lost = record(session, entry())
        raise ZeroDivisionError
    with database.transaction(SYSTEM) as session:
        with pytest.raises(RecordUnknown):
            record_by_id(session, lost)
        assert records_of(session, "case/1") == []


def test_equal_entries_are_two_records(session: Session) -> None:
    first, second = record_all(session, [entry(), entry()])
    hashes = {record_by_id(session, record_id).leaf_hash for record_id in (first, second)}

    assert len(hashes) == 2


def test_a_record_binds_the_hash_of_one_of_the_same_transaction(session: Session) -> None:
    source = record(session, entry(data={"value": "2.50"}))
    total = record(
        session, entry(used=(Used(record_id=source, weight=Decimal("1.50"), role="reading"),))
    )
    edges = used_by(session, total)

    assert edges == list(read_body(record_by_id(session, total).body)[2])
    assert [(edge.used_id, edge.used_hash, str(edge.weight)) for edge in edges] == [
        (source, record_by_id(session, source).leaf_hash, "1.50")
    ]
    assert uses_of(session, source) == edges
    assert uses_of(session, total) == []


def test_an_edge_to_nowhere_is_refused(session: Session) -> None:
    with pytest.raises(RecordUnknown):
        record(session, entry(used=(Used(record_id=UUID(int=1)),)))


def test_one_bad_entry_keeps_the_whole_call_out(session: Session) -> None:
    with pytest.raises(EntryRefused):
        record_all(session, [entry(), entry(subject="two words")])
    with pytest.raises(NotCanonical):
        record(session, entry(data={"x": 0.1}))  # type: ignore[dict-item]  # a float is the point
    assert records_of(session, "case/1") == []
    assert record_all(session, []) == []


def test_a_subjects_records_come_oldest_first(session: Session) -> None:
    ids = record_all(session, [entry(number) for number in range(5)])
    record(session, entry(subject="case/2"))

    assert [item.id for item in records_of(session, "case/1")] == ids


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trace_record SET body = body",
        "UPDATE trace_record SET kind = 'other'",
        "UPDATE trace_record SET recorded_at = now()",
        "DELETE FROM trace_record",
        "TRUNCATE trace_record CASCADE",
        "DELETE FROM trace_edge",
        "UPDATE trace_edge SET role = 'other'",
        PLACED_ALREADY,
    ],
)
def test_neither_the_app_nor_the_owner_can_rewrite_records(
    database: Database, statement: str
) -> None:
    with database.transaction(SYSTEM) as session:
        source = record(session, entry())
        record(session, entry(used=(Used(record_id=source),)))
    for role in ("qinghuan_app", "none"):
        if role == "none" and statement is PLACED_ALREADY:
            continue
        with pytest.raises(DBAPIError, match=r"refused|permission denied"):
            act_as(database, role, statement)


def test_a_record_with_another_hash_is_refused_by_the_database(database: Database) -> None:
    statement = """
        INSERT INTO trace_record (id, leaf_hash, body, kind, subject, actor, at)
        VALUES (gen_random_uuid(), sha256('x'), '\\x7b7d', 'a', 'a', 'a', now())
    """
    with pytest.raises(IntegrityError, match="ck_trace_record_leaf_hash"):
        act_as(database, "qinghuan_app", statement)


def test_anybody_signed_in_can_leave_a_record(database: Database) -> None:
    with database.transaction(NOBODY) as session:
        record_id = record(session, entry())
    with database.transaction(SYSTEM) as session:
        assert record_by_id(session, record_id).subject == "case/1"
