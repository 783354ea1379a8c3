"""The shelf of versioned files: calendars, time-limit policies and code lists.

Files lie in `casework/data`, one per version, and are never edited once a case has been
judged by them: a change is a new file with a new id.
"""

import json
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import cache
from importlib import resources
from typing import cast

from qinghuan.casework.calendar import WorkingCalendar
from qinghuan.casework.errors import UnknownCalendar

CALENDAR_IN_FORCE = "cn-2026.1"
"""Calendar version pinned by clocks that start now."""


@cache
def calendars() -> Mapping[str, WorkingCalendar]:
    """Every calendar version on the shelf, by id."""
    shelf = (parse_calendar(text) for text in _texts("calendars"))
    return {calendar.calendar_id: calendar for calendar in shelf}


def calendar(calendar_id: str = CALENDAR_IN_FORCE) -> WorkingCalendar:
    """One calendar version.

    Raises:
        UnknownCalendar: No such version.
    """
    try:
        return calendars()[calendar_id]
    except KeyError:
        raise UnknownCalendar(calendar_id) from None


def parse_calendar(text: str) -> WorkingCalendar:
    """Read a calendar file: holidays as ranges, 调休 workdays as days, periods as hours."""
    raw = json.loads(text)
    return WorkingCalendar(
        calendar_id=raw["calendar_id"],
        title=raw["title"],
        known_from=date.fromisoformat(raw["known_from"]),
        known_through=date.fromisoformat(raw["known_through"]),
        holidays=frozenset(
            on
            for row in raw["holidays"]
            for on in _days(date.fromisoformat(row["from"]), date.fromisoformat(row["through"]))
        ),
        workdays=frozenset(date.fromisoformat(on) for on in raw["workdays"]),
        periods=tuple(
            (time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in raw["periods"]
        ),
        sources=tuple(cast("list[str]", raw["sources"])),
    )


def _texts(folder: str) -> list[str]:
    """Every file of a folder of the package's data, in name order."""
    root = resources.files("qinghuan.casework") / "data" / folder
    files = sorted(root.iterdir(), key=lambda entry: entry.name)
    return [entry.read_text(encoding="utf-8") for entry in files if entry.name.endswith(".json")]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
