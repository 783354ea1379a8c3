from uuid import UUID

import pytest
from factories.trace import LOG, drain, entry, fill

from qinghuan.infra.database import Session
from qinghuan.trace.errors import CheckpointUnknown, RecordUnknown
from qinghuan.trace.model import RecordsAsked
from qinghuan.trace.service.reading import (
    browse,
    checkpoint_at,
    latest_checkpoint,
    record_by_id,
    records_by,
    records_of,
)
from qinghuan.trace.service.recording import record_all

pytestmark = pytest.mark.db


def test_what_an_actor_did_comes_newest_first_and_in_pages(session: Session) -> None:
    ids = record_all(session, [entry(number, actor="person/1") for number in range(7)])
    fill(session, 2)
    first = records_by(session, "person/1", at_most=3)
    second = records_by(session, "person/1", at_most=9, before=first[-1].id)

    assert [item.id for item in (*first, *second)] == ids[::-1]
    assert records_by(session, "person/2") == []


def test_records_are_leafed_through_by_what_is_asked_newest_first(session: Session) -> None:
    ids = record_all(session, [entry(number, subject=f"case/{number % 2}") for number in range(6)])

    found, total = browse(session, RecordsAsked(kind="case", subject="case/1"), at_most=2)
    rest, _ = browse(session, RecordsAsked(kind="case", subject="case/1"), offset=2, at_most=2)

    assert total == 3
    assert [item.id for item in (*found, *rest)] == [ids[5], ids[3], ids[1]]
    assert browse(session, RecordsAsked(kind="case.noted"))[1] == 6
    assert browse(session, RecordsAsked(kind="cas")) == ([], 0)
    assert browse(session, RecordsAsked(actor="person/9")) == ([], 0)


def test_what_is_not_there_is_unknown(session: Session) -> None:
    assert records_of(session, "case/none") == []
    assert latest_checkpoint(session) is None
    with pytest.raises(RecordUnknown) as caught:
        record_by_id(session, UUID(int=1))
    assert str(UUID(int=1)) in caught.value.message_zh()
    with pytest.raises(CheckpointUnknown):
        checkpoint_at(session, 1)


def test_a_checkpoint_knows_its_origin(session: Session) -> None:
    fill(session, 1)
    drain(session)

    assert checkpoint_at(session, 1).origin == LOG.name
