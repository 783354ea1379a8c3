from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.trace.body import bind, read_body, write_body
from qinghuan.trace.errors import LineageUnbalanced, NotCanonical
from qinghuan.trace.lineage import check_sum, read_decimal, residual, value_of
from qinghuan.trace.merkle import hash_leaf
from qinghuan.trace.model import Edge, Entry, JsonValue, Record, Used

AT = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
decimals = st.decimals(
    min_value=-(10**12), max_value=10**12, places=6, allow_nan=False, allow_infinity=False
)


def record(number: int, data: dict[str, JsonValue], used: tuple[Used, ...] = ()) -> Record:
    entry = Entry(kind="calc", subject="x/1", at=AT, actor="system", data=data, used=used)
    record_id = UUID(int=number)
    hashes = {edge.record_id: hash_of(edge) for edge in used}
    body = write_body(entry, record_id, bind(entry, record_id, hashes))
    return Record(
        id=record_id, body=body, leaf_hash=hash_leaf(body), leaf_index=None, kind=entry.kind,
        subject=entry.subject, actor=entry.actor, at=AT, recorded_at=AT,
    )  # fmt: skip


SOURCES = {
    UUID(int=1): record(1, {"value": "100.10"}),
    UUID(int=2): record(2, {"value": "0.30"}),
    UUID(int=3): record(3, {"factor": "2.16"}),
}


def hash_of(used: Used) -> bytes:
    return SOURCES[used.record_id].leaf_hash


def total(value: str) -> tuple[Record, tuple[Edge, ...]]:
    used = (
        Used(record_id=UUID(int=1), weight=Decimal("1.5")),
        Used(record_id=UUID(int=2), weight=Decimal("0.1")),
        Used(record_id=UUID(int=3), role="factor"),
    )
    made = record(9, {"value": value}, used)
    return made, read_body(made.body)[2]


def test_a_total_that_adds_up_by_hand_leaves_nothing() -> None:
    check_sum(*total("150.18"), SOURCES)  # 1.5 x 100.10 + 0.1 x 0.30


def test_a_total_off_in_the_last_digit_shows_its_residual() -> None:
    with pytest.raises(LineageUnbalanced) as caught:
        check_sum(*total("150.19"), SOURCES)

    assert caught.value.residual == "0.010"


def test_an_edge_to_an_edited_record_does_not_add_up() -> None:
    edited = SOURCES | {UUID(int=3): record(3, {"factor": "2.17"})}

    with pytest.raises(LineageUnbalanced):
        check_sum(*total("150.18"), edited)


@given(st.lists(st.tuples(decimals, decimals), max_size=20), decimals)
def test_the_residual_is_exact(parts: list[tuple[Decimal, Decimal]], total: Decimal) -> None:
    expected = Fraction(total) - sum(Fraction(w) * Fraction(value) for w, value in parts)

    assert Fraction(residual(total, parts)) == expected


@pytest.mark.parametrize(
    "text", ["", "1e3", "NaN", "Infinity", " 1", "1.", ".5", "+1", "٣", "1" * 31]
)
def test_only_plain_decimals_are_figures(text: str) -> None:
    with pytest.raises(NotCanonical):
        read_decimal(text)


@pytest.mark.parametrize("data", [{}, {"value": 3}, {"value": None}, {"value": "x"}])
def test_a_record_without_a_figure_cannot_be_summed(data: dict[str, JsonValue]) -> None:
    with pytest.raises(NotCanonical):
        value_of(record(4, data))
