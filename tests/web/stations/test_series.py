"""The chart's points and a frame's bytes: pure, without a database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.model import SYSTEMS_ZH
from qinghuan.web.language import Language
from qinghuan.web.states import State
from qinghuan.web.stations.batch import batch_place
from qinghuan.web.stations.raw_frame import item_of, printable, read_raw
from qinghuan.web.stations.series import Reading, beat_of, points_of, thinned
from qinghuan.web.stations.span import LENGTHS, SpanAsked, around
from qinghuan.web.stations.words import KINDS

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def reading(hour: int, value: int = 10, **facts: bool | str) -> Reading:
    known = {"flag": "N", "is_over": False, "is_changed": False, **facts}
    return Reading(at=NOON + hour * HOUR, value=Decimal(value), **known)  # type: ignore[arg-type]  # a builder


def test_every_kind_of_station_has_a_word() -> None:
    assert KINDS.keys() == SYSTEMS_ZH.keys()


def test_a_missing_hour_leaves_one_empty_point_where_it_should_be() -> None:
    points = points_of([reading(0), reading(1), reading(4)], HOUR, Language.ZH)

    assert [point.value for point in points] == [10, 10, None, 10]
    assert points[2].at == NOON + 2 * HOUR


def test_the_beat_is_the_usual_gap_and_not_the_longest() -> None:
    assert beat_of([reading(0), reading(1), reading(2), reading(9)], "hour") == HOUR
    assert beat_of([reading(0)], "day") == timedelta(days=1)


def test_over_stands_before_changed_and_changed_before_flagged() -> None:
    assert reading(0, is_over=True, is_changed=True).state is State.BAD
    assert reading(0, is_changed=True, flag="D").state is State.WARN
    assert reading(0, flag="D").state is State.BAD
    assert reading(0).state is State.IDLE


@given(
    st.lists(st.tuples(st.integers(-99, 99), st.booleans()), min_size=1, max_size=400),
    st.integers(2, 60),
)
def test_thinning_keeps_the_extremes_every_marked_value_and_the_order(
    drawn: list[tuple[int, bool]], most: int
) -> None:
    readings = [reading(n, value, is_over=is_over) for n, (value, is_over) in enumerate(drawn)]
    few = thinned(readings, most)
    marked = [one for one in readings if one.is_marked]

    assert [one for one in few if one.is_marked] == marked
    assert few == sorted(few, key=lambda one: one.at)
    assert {min(drawn)[0], max(drawn)[0]} <= {int(one.value) for one in few}
    assert len(few) <= most + len(marked)


@given(hours=st.integers(0, 20 * 24), ago=st.integers(0, 40 * 24), is_open=st.booleans())
def test_the_span_around_an_episode_shows_its_end(*, hours: int, ago: int, is_open: bool) -> None:
    end = NOON - ago * HOUR
    asked = around(end - hours * HOUR, None if is_open else end, NOON)
    since, until = asked.span(NOON)

    assert asked.length in LENGTHS
    assert since <= (NOON if is_open else end) <= until


def test_a_span_up_to_now_begins_on_a_full_hour() -> None:
    at = NOON + timedelta(minutes=17)
    since, until = SpanAsked(datastream_id=None, length="24h", until=None).span(at)

    assert (since, until > at) == (NOON - 24 * HOUR, True)


def test_a_frames_head_check_and_values_are_read_from_its_masked_bytes() -> None:
    raw = read_raw(
        b"##0101QN=20260302120000000;ST=32;CN=2061;PW=******;MN=A1;Flag=5;"
        b"CP=&&DataTime=20260302110000;w01018-Avg=78.6,w01018-Flag=N&&1c80\r\n"
    )

    assert (raw.length_declared, raw.crc) == ("0101", "1C80")
    assert raw.frame is not None
    assert [str(each.value) for each in raw.frame.readings] == ["78.6"]
    assert item_of(raw.text, "w01018", "Avg") == "w01018-Avg=78.6"
    assert item_of(raw.text, "01018", "Avg") == ""


@given(st.binary(max_size=300))
def test_any_bytes_are_shown_and_never_fail(raw: bytes) -> None:
    assert printable(raw).isprintable() or any(ord(sign) > 127 for sign in printable(raw))
    read_raw(raw)


def test_a_frame_is_found_in_its_batch_or_said_to_be_missing() -> None:
    body = b'{"data":{"sha256":["AA==","AQ=="]}}'

    assert batch_place(body, b"\x01") == (2, 2)
    assert batch_place(body, b"\x02") is None
