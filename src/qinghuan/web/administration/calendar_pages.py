"""Working calendars: versions shipped, until when they are known, a year month by month."""

from calendar import MONDAY, Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from qinghuan.casework.adapters import shelf
from qinghuan.casework.calendar import WorkingCalendar
from qinghuan.core.clock import BEIJING
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import words
from qinghuan.web.administration.lists import Question
from qinghuan.web.administration.sections import ALL_THREE, section_page
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import csv_answer

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, access(*ALL_THREE)]
VersionAsked = Annotated[str, Query(max_length=40)]
YearAsked = Annotated[str, Query(max_length=4)]

PATH = "/admin/calendars"
RUNNING_OUT = timedelta(days=60)
"""The notice of the next year comes in autumn; clocks of long limits need it before."""

WEEK = Calendar(firstweekday=MONDAY)
WEEKDAYS = (N_("一"), N_("二"), N_("三"), N_("四"), N_("五"), N_("六"), N_("日"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the year's view."""

    on: date
    is_workday: bool
    mark: str
    """休 for a holiday, 班 for a weekend that is worked; empty for any other day."""
    is_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month: its weeks, Monday first, with gaps, and how many days are worked."""

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]
    workdays: int


@router.get(PATH)
def calendars_page(
    caller: Reader, asked: Question, version: VersionAsked = "", year: YearAsked = ""
) -> Response:
    """The calendar in force, or another version, in one of its years."""
    versions = shelf.calendars()
    shown = versions.get(version) or shelf.calendar()
    today = caller.at.astimezone(BEIJING).date()
    years = range(shown.known_from.year, shown.known_through.year + 1)
    wanted = int(year) if year.isdecimal() and int(year) in years else min(today.year, years[-1])
    wanted = max(wanted, years[0])
    months = tuple(_month(shown, wanted, number, today) for number in range(1, 13))
    if asked.is_csv:
        return _csv(caller, shown, months)
    return section_page(
        caller,
        "calendars.html",
        "calendars",
        versions=tuple(versions.values()),
        in_force=shelf.CALENDAR_IN_FORCE,
        shown=shown,
        year=wanted,
        years=tuple(years),
        months=months,
        weekdays=WEEKDAYS,
        periods="、".join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in shown.periods),
        is_over=shown.known_through < today,
        is_running_out=shown.known_through - today < RUNNING_OUT,
        days_left=(shown.known_through - today).days,
        holidays=sum(on.year == wanted for on in shown.holidays),
        worked_weekends=sum(on.year == wanted for on in shown.workdays),
        workdays=sum(month.workdays for month in months),
    )


def _month(shown: WorkingCalendar, year: int, number: int, today: date) -> Month:
    weeks = tuple(
        tuple(_day(shown, on, today) if on.month == number else None for on in week)
        for week in WEEK.monthdatescalendar(year, number)
    )
    worked = sum(day.is_workday for week in weeks for day in week if day is not None)
    return Month(number=number, weeks=weeks, workdays=worked)


def _day(shown: WorkingCalendar, on: date, today: date) -> Day:
    mark = N_("休") if on in shown.holidays else N_("班") if on in shown.workdays else ""
    return Day(on=on, is_workday=shown.is_workday(on), mark=mark, is_today=on == today)


def _csv(caller: Caller, shown: WorkingCalendar, months: tuple[Month, ...]) -> Response:
    header = (N_("日期"), N_("星期"), N_("上班"), N_("标记"))
    rows = [
        (
            day.on.isoformat(),
            words.say(caller, WEEKDAYS[day.on.weekday()]),
            int(day.is_workday),
            words.say(caller, day.mark) if day.mark else "",
        )
        for month in months
        for week in month.weeks
        for day in week
        if day is not None
    ]
    return csv_answer(shown.calendar_id, [words.say(caller, each) for each in header], rows)
