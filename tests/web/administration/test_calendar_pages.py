"""The calendar page: what is loaded, until when, and how a year looks."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from factories.administration import outlive
from factories.people import Town

from qinghuan.people.model import Role

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]

PAGE = "/admin/calendars"


def test_the_year_shows_holidays_and_worked_weekends(enter: Enter) -> None:
    page = enter("system").get(PAGE, params={"year": "2026"}).text

    assert "工作日 248 · 放假 33 · 调休上班 6" in page
    assert page.count("<b>休</b>") == 33 + 1
    assert page.count("<b>班</b>") == 6 + 1
    assert "已载入至 2026-12-31" in page


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (datetime(2026, 11, 20, 4, tzinfo=UTC), "还剩 41 天；跨过该日的时限为暂定"),
        (datetime(2027, 1, 5, 4, tzinfo=UTC), "日历只载入到 2026-12-31"),
    ],
)
def test_a_calendar_that_runs_out_warns(enter: Enter, town: Town, at: datetime, says: str) -> None:
    outlive(town, at, "late", Role.SYSTEM_ADMIN)

    page = enter("late").get(PAGE).text

    assert says in page


@pytest.mark.parametrize("year", ["1999", "二零", "-1", "9999"])
def test_a_year_not_loaded_falls_back(enter: Enter, year: str) -> None:
    assert "2026 年" in enter("system").get(PAGE, params={"year": year}).text


def test_the_year_comes_as_csv(enter: Enter) -> None:
    text = enter("audit").get(PAGE, params={"year": "2025", "format": "csv"}).text

    assert len(text.splitlines()) == 366
    assert "2025-01-26,日,1,班" in text
