from datetime import UTC, date, datetime
from uuid import UUID

from factories.sensing import upload
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.hj212.frame import Frame
from qinghuan.sensing.hj212.parse import parse
from qinghuan.sensing.intake import Books, Stored, Stream, identify, month_of

NOW = datetime(2026, 5, 1, 12, 30, 15, 250_000, tzinfo=UTC)
STREAM = Stream(UUID(int=1), UUID(int=1).hex, is_watched=False)


def test_the_same_bytes_have_the_same_id_whenever_they_come() -> None:
    raw = upload({"a34004": "1"}, at=NOW)
    frame = parse(raw[6:-6])

    assert identify(frame, raw, NOW) == identify(frame, raw, NOW.replace(hour=13))


def test_other_bytes_have_another_id_though_the_qn_is_the_same() -> None:
    first, second = (upload({"a34004": value}, at=NOW) for value in "12")

    assert identify(parse(first[6:-6]), first, NOW) != identify(parse(second[6:-6]), second, NOW)


def test_a_frame_without_a_time_is_identified_by_its_reception() -> None:
    frame = Frame(st="22", cn="9015", mn="A1")

    assert identify(frame, b"x", NOW) != identify(frame, b"x", NOW.replace(hour=13))


@given(st.integers(946_684_800, 4_070_908_800))
def test_ids_lie_in_the_month_of_their_frame(unix_s: int) -> None:
    at = datetime.fromtimestamp(unix_s, UTC)
    raw = upload({"a34004": "1"}, at=at)
    frame_id, _ = identify(parse(raw[6:-6]), raw, NOW)
    sent_at = datetime.fromtimestamp((frame_id.int >> 80) / 1000, UTC)

    assert sent_at == at
    assert month_of(sent_at) == date(at.year, at.month, 1)


def test_books_learn_what_was_committed() -> None:
    books = Books()
    station = UUID(int=9)
    stored = Stored(
        streams={station: {("a34004", "hour", "Avg"): STREAM}},
        months=frozenset({date(2026, 5, 1)}),
        heard_at={station: NOW},
    )
    books.learn(stored)
    books.learn_streams({station: {("a34002", "hour", "Avg"): STREAM}})

    assert len(books.streams[station]) == 2
    assert (books.months, books.heard_at) == ({date(2026, 5, 1)}, {station: NOW})
