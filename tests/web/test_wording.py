"""Figures, times and durations as the screens write them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.web import wording
from qinghuan.web.language import Language

AT = datetime(2026, 11, 19, 6, 32, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("total_s", "zh", "en"),
    [
        (0, "0 秒", "0 s"),
        (129, "2 分 9 秒", "2 min 9 s"),
        (1_500, "25 分", "25 min"),
        (11_400, "3 时 10 分", "3 h 10 min"),
        (93_600, "1 日 2 时", "1 d 2 h"),
        (-11_400, "3 时 10 分", "3 h 10 min"),
        (86_400, "1 日", "1 d"),
        (3_605, "1 时", "1 h"),
    ],
)
def test_a_duration_shows_its_two_largest_units(total_s: float, zh: str, en: str) -> None:
    assert wording.duration(total_s, Language.ZH).replace("\u00a0", " ") == zh
    assert wording.duration(total_s, Language.EN).replace("\u00a0", " ") == en


def test_a_working_day_has_eight_hours() -> None:
    left_s = 2 * 28_800 + 3_600 * 3

    assert wording.duration(left_s, Language.ZH, is_working=True).replace("\u00a0", " ") == (
        "2 工作日 3 工作时"
    )


@given(st.integers(min_value=0, max_value=10**9), st.booleans())
def test_a_duration_is_never_empty_and_has_at_most_two_units(total_s: int, working: bool) -> None:  # noqa: FBT001  given by hypothesis
    words = wording.duration(total_s, Language.ZH, is_working=working)

    assert 1 <= len(words.split(" ")) <= 2


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (1860, None, "1\u00a0860"),
        (Decimal("98.70"), None, "98.70"),
        ("1234567.5", None, "1\u00a0234\u00a0567.5"),
        (-3, None, "−3"),
        (2.5, 0, "2"),
        (None, None, ""),
    ],
)
def test_a_figure_keeps_its_places_and_parts_its_thousands(
    value: float | None, places: int | None, shown: str
) -> None:
    assert wording.number(value, places) == shown


def test_times_are_shown_in_beijing() -> None:
    assert wording.hour_and_minute(AT) == "14:32"
    assert wording.month_and_day(AT) == "11-19"
    assert wording.moment(AT) == "11-19 14:32"
    assert wording.full_moment(AT, Language.ZH) == "2026-11-19 周四 14:32:07"
    assert wording.full_moment(AT, Language.EN) == "2026-11-19 Thu 14:32:07"
    assert wording.day_and_weekday(AT + timedelta(hours=10), Language.ZH) == "11-20 周五 00:32"
