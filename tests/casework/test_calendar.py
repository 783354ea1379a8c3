import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.casework.adapters.shelf import calendar, parse_calendar
from qinghuan.casework.calendar import (
    Basis,
    Duration,
    MonthRule,
    Unit,
    WorkingCalendar,
)
from qinghuan.casework.errors import (
    BeyondCalendar,
    MalformedCalendar,
    MalformedDuration,
    UnknownCalendar,
)
from qinghuan.core.clock import BEIJING

GOLDEN = Path(__file__).parents[1] / "golden" / "casework" / "calendar" / "days.json"

moments = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2027, 6, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    timezones=st.just(UTC),
)
working_limits = st.builds(
    Duration,
    amount=st.integers(1, 40),
    unit=st.sampled_from([Unit.WORKING_MINUTE, Unit.WORKING_HOUR, Unit.WORKING_DAY]),
)
continuous_limits = st.builds(
    Duration,
    amount=st.integers(1, 40),
    unit=st.sampled_from([Unit.MINUTE, Unit.URGENT_HOUR, Unit.NATURAL_DAY]),
)


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[arg-type,misc] # year first


def small(**changes: object) -> WorkingCalendar:
    facts: dict[str, object] = {
        "calendar_id": "t",
        "title": "t",
        "known_from": date(2026, 1, 1),
        "known_through": date(2026, 12, 31),
        "holidays": frozenset(),
        "workdays": frozenset(),
    }
    return WorkingCalendar(**(facts | changes))  # type: ignore[arg-type] # checked by the class


def test_the_shipped_calendar_agrees_with_two_independent_packages_on_every_day() -> None:
    known = json.loads(GOLDEN.read_text(encoding="utf-8"))
    off = {date.fromisoformat(on) for on in known["weekdays_off"]}
    worked = {date.fromisoformat(on) for on in known["weekend_days_worked"]}
    shipped = calendar()

    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(730)]
    wrong = [
        on
        for on in days
        if shipped.is_workday(on) != (on in worked or (on.weekday() < 5 and on not in off))
    ]
    assert days[-1] == shipped.known_through
    assert not wrong


def test_the_makeup_workdays_of_2026_are_the_six_of_the_notice() -> None:
    worked = sorted(on.isoformat() for on in calendar().workdays if on.year == 2026)

    assert worked == [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ((2026, 11, 20, 9), 4, Unit.WORKING_HOUR, (2026, 11, 20, 15)),
        ((2026, 11, 20, 9), 7, Unit.WORKING_HOUR, (2026, 11, 20, 18)),
        ((2026, 11, 20, 17, 30), 1, Unit.WORKING_HOUR, (2026, 11, 23, 8, 30)),
        ((2026, 11, 21, 3), 1, Unit.WORKING_DAY, (2026, 11, 23, 18)),
        ((2026, 9, 30, 17), 2, Unit.WORKING_HOUR, (2026, 10, 8, 9)),
        ((2026, 10, 9, 17), 2, Unit.WORKING_HOUR, (2026, 10, 10, 9)),
        ((2026, 11, 20, 23), 2, Unit.URGENT_HOUR, (2026, 11, 21, 1)),
        ((2026, 11, 20, 23), 15, Unit.MINUTE, (2026, 11, 20, 23, 15)),
        ((2026, 11, 20, 9), 3, Unit.NATURAL_DAY, (2026, 11, 23, 9)),
    ],
)
def test_a_limit_ends_when_its_own_kind_of_time_is_used_up(
    start: tuple[int, ...], amount: int, unit: Unit, end: tuple[int, ...]
) -> None:
    assert calendar().add(beijing(*start), Duration(amount=amount, unit=unit)) == beijing(*end)


@pytest.mark.parametrize(
    ("start", "months", "rule", "end"),
    [
        ((2026, 1, 15, 10), 3, MonthRule(), (2026, 4, 16)),
        ((2025, 11, 30, 10), 3, MonthRule(rolls_to_workday=False), (2026, 3, 1)),
        ((2025, 11, 30, 10), 3, MonthRule(), (2026, 3, 1)),
        ((2026, 11, 30, 10), 3, MonthRule(rolls_to_workday=False), (2027, 3, 1)),
        ((2028, 2, 29, 10), 12, MonthRule(rolls_to_workday=False), (2029, 3, 1)),
        ((2026, 7, 1, 10), 3, MonthRule(), (2026, 10, 9)),
        ((2026, 7, 2, 10), 3, MonthRule(ends_with_day=False), (2026, 10, 8, 10)),
        (
            (2026, 7, 2, 10),
            3,
            MonthRule(ends_with_day=False, rolls_to_workday=False),
            (2026, 10, 2, 10),
        ),
    ],
)
def test_a_limit_in_months_ends_on_the_corresponding_day_or_rolls_past_a_holiday(
    start: tuple[int, ...], months: int, rule: MonthRule, end: tuple[int, ...]
) -> None:
    limit = Duration(amount=months, unit=Unit.CALENDAR_MONTH)

    assert calendar().add(beijing(*start), limit, rule) == beijing(*end)


@given(start=moments, limit=working_limits)
def test_the_time_elapsed_until_a_limit_ends_is_the_limit(start: datetime, limit: Duration) -> None:
    end = calendar().add(start, limit)

    assert calendar().elapsed(start, end, Basis.WORKING) == timedelta(minutes=limit.minutes)


@given(start=moments, limit=continuous_limits)
def test_continuous_limits_run_through_nights_and_holidays(
    start: datetime, limit: Duration
) -> None:
    assert calendar().add(start, limit) == start + timedelta(minutes=limit.minutes)


@given(first=moments, second=moments, third=moments, basis=st.sampled_from(Basis))
def test_elapsed_time_adds_up(
    first: datetime, second: datetime, third: datetime, basis: Basis
) -> None:
    shipped = calendar()

    assert shipped.elapsed(first, second, basis) + shipped.elapsed(
        second, third, basis
    ) == shipped.elapsed(first, third, basis)


@given(first=moments, second=moments, limit=working_limits)
def test_a_later_start_never_ends_sooner(
    first: datetime, second: datetime, limit: Duration
) -> None:
    early, late = sorted((first, second))

    assert calendar().add(early, limit) <= calendar().add(late, limit)


@given(first=moments, second=moments)
def test_working_time_is_never_more_than_wall_time(first: datetime, second: datetime) -> None:
    early, late = sorted((first, second))

    assert timedelta(0) <= calendar().elapsed(early, late, Basis.WORKING) <= late - early


def test_days_after_the_last_notice_count_by_weekday_alone() -> None:
    shipped = calendar()

    assert shipped.is_workday(date(2027, 1, 1))
    assert not shipped.is_workday(date(2027, 1, 2))
    assert not shipped.knows_us(0, 10**16)


def test_a_time_no_year_of_the_calendar_covers_is_refused_with_the_time() -> None:
    with pytest.raises(BeyondCalendar) as caught:
        calendar().add(beijing(2100, 1, 1), Duration(amount=1, unit=Unit.WORKING_HOUR))

    assert "2099-12-31T16:00" in caught.value.message_zh()
    with pytest.raises(BeyondCalendar):
        calendar().add(beijing(2038, 12, 30), Duration(amount=90, unit=Unit.WORKING_DAY))


@pytest.mark.parametrize(
    "changes",
    [
        {"periods": ()},
        {"periods": ((time(8), time(12)), (time(11), time(18)))},
        {"periods": ((time(12), time(8)),)},
        {"known_through": date(2025, 1, 1)},
        {"holidays": frozenset({date(2026, 1, 4)}), "workdays": frozenset({date(2026, 1, 4)})},
        {"holidays": frozenset({date(2027, 1, 1)})},
        {"workdays": frozenset({date(2026, 11, 20)})},
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedCalendar) as caught:
        small(**changes)

    assert caught.value.calendar_id == "t"


@pytest.mark.parametrize("amount", [0, -1])
def test_a_limit_of_nothing_is_refused(amount: int) -> None:
    with pytest.raises(MalformedDuration):
        Duration(amount=amount, unit=Unit.WORKING_DAY)


def test_months_have_no_fixed_number_of_minutes() -> None:
    with pytest.raises(MalformedDuration):
        _ = Duration(amount=3, unit=Unit.CALENDAR_MONTH).minutes


def test_a_limit_reads_as_the_chinese_table_prints_it() -> None:
    assert Duration(amount=4, unit=Unit.WORKING_HOUR).zh == "4 工作时"
    assert Duration(amount=2, unit=Unit.URGENT_HOUR).zh == "2 紧急工作时"


def test_an_unknown_calendar_version_is_named_in_the_error() -> None:
    with pytest.raises(UnknownCalendar) as caught:
        calendar("cn-1949.1")

    assert caught.value.calendar_id == "cn-1949.1"


def test_a_site_can_keep_other_work_periods() -> None:
    text = json.dumps(
        {
            "calendar_id": "s",
            "title": "s",
            "known_from": "2026-01-01",
            "known_through": "2026-12-31",
            "periods": [["09:00", "12:00"], ["13:30", "17:30"]],
            "sources": [],
            "holidays": [],
            "workdays": [],
        }
    )
    end = parse_calendar(text).add(
        beijing(2026, 11, 20, 11), Duration(amount=2, unit=Unit.WORKING_HOUR)
    )

    assert end == beijing(2026, 11, 20, 14, 30)


@pytest.mark.parametrize(
    ("minutes", "printed"),
    [(15, "15 工作分钟"), (60, "1 工作时"), (1095, "2 工作日 2 工作时 15 分"), (960, "2 工作日")],
)
def test_a_sum_of_working_minutes_is_printed_in_its_larger_units(
    minutes: int, printed: str
) -> None:
    assert Duration(amount=minutes, unit=Unit.WORKING_MINUTE).zh == printed
