import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.trace import canonical
from qinghuan.trace.body import MAX_EDGES, bind, read_body
from qinghuan.trace.body import write_body as write_bound
from qinghuan.trace.errors import EntryRefused, NotCanonical
from qinghuan.trace.model import Entry, Used

ID = UUID("0192e1b0-0000-7000-8000-000000000001")
OTHER = UUID("0192e1b0-0000-7000-8000-000000000002")
HASHES = {OTHER: bytes(range(32))}


def write_body(written: Entry, record_id: UUID, used_hashes: dict[UUID, bytes]) -> bytes:
    return write_bound(written, record_id, bind(written, record_id, used_hashes))


def entry(**changed: object) -> Entry:
    facts: dict[str, Any] = {
        "kind": "case.opened",
        "subject": "case/17",
        "at": datetime(2026, 11, 1, 9, 0, tzinfo=timezone(timedelta(hours=8))),
        "actor": "system",
        "data": {"note": "冒烟"},
        "used": (Used(record_id=OTHER, weight=Decimal("1E+2"), role="reading"),),
    }
    return Entry(**facts | changed)


def test_a_body_worked_by_hand() -> None:
    assert write_body(entry(), ID, HASHES).decode() == (
        '{"actor":"system","at":"2026-11-01T01:00:00.000000Z","data":{"note":"冒烟"},'
        '"id":"0192e1b0-0000-7000-8000-000000000001","kind":"case.opened","subject":"case/17",'
        f'"used":[{{"hash":"{bytes(range(32)).hex()}","id":"{OTHER}","role":"reading",'
        '"weight":"100"}]}'
    )


@given(
    at=st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - zone drawn apart
    weight=st.none() | st.decimals(-9999, 9999, places=4),
    data=st.dictionaries(st.text("abc"), st.integers(-9, 9) | st.text("xyz") | st.none()),
)
def test_a_body_reads_back(at: datetime, weight: Decimal | None, data: dict[str, Any]) -> None:
    written = entry(at=at, data=data, used=(Used(record_id=OTHER, weight=weight, role="r"),))
    record_id, read, edges = read_body(write_body(written, ID, HASHES))

    assert (record_id, read) == (ID, written)
    assert [(edge.used_id, edge.used_hash, edge.weight) for edge in edges] == [
        (OTHER, HASHES[OTHER], weight)
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": ""}, {"kind": "Case"}, {"kind": "a..b"}, {"kind": "a" * 101}, {"subject": ""},
        {"subject": "case 17"}, {"subject": "x" * 201}, {"actor": "a\x00b"}, {"actor": "王 某"},
        {"at": datetime(2026, 11, 1)},  # noqa: DTZ001 - a time without a zone is the point
        {"used": (Used(record_id=OTHER, weight=Decimal("NaN")),)},
        {"used": (Used(record_id=OTHER, weight=Decimal("1E+40")),)},
        {"used": (Used(record_id=OTHER, role="a\nb"),)},
        {"used": (Used(record_id=OTHER),) * (MAX_EDGES + 1)},
    ],
)  # fmt: skip
def test_an_entry_that_may_not_stand_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(EntryRefused):
        write_body(entry(**changed), ID, HASHES)


def test_a_float_in_the_data_is_refused() -> None:
    with pytest.raises(NotCanonical):
        write_body(entry(data={"x": 1.5}), ID, HASHES)


def test_as_many_edges_as_allowed_fit() -> None:
    full = entry(used=(Used(record_id=OTHER, weight=Decimal("0.123456789")),) * MAX_EDGES)

    assert len(write_body(full, ID, HASHES)) <= canonical.MAX_BYTES


@pytest.mark.parametrize("key", ["actor", "at", "data", "id", "kind", "subject", "used"])
def test_bytes_that_are_no_body_are_refused(key: str) -> None:
    whole = json.loads(write_body(entry(), ID, HASHES))
    without = {name: value for name, value in whole.items() if name != key}
    for bent in (without, whole | {"more": 1}, [1], whole | {"used": [1]}, whole | {"id": "x"}):
        with pytest.raises(NotCanonical):
            read_body(canonical.encode(bent))
