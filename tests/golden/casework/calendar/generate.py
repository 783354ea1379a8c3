"""Ask two independent packages which days of 2025 and 2026 are worked, and keep their answer.

Run: uv run --no-project --with chinesecalendar --with holidays python generate.py
"""

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays

YEARS = (2025, 2026)


def main() -> None:
    """Write the days on which the week's pattern is broken, if both packages agree."""
    country = holidays.country_holidays("CN", years=YEARS)
    days_off: list[str] = []
    days_on: list[str] = []
    on = date(YEARS[0], 1, 1)
    while on.year <= YEARS[-1]:
        is_worked = chinese_calendar.is_workday(on)
        if is_worked != country.is_working_day(on):
            raise SystemExit(f"the packages disagree on {on}")
        if is_worked != (on.weekday() < 5):
            (days_on if is_worked else days_off).append(on.isoformat())
        on += timedelta(days=1)
    text = json.dumps({"weekdays_off": days_off, "weekend_days_worked": days_on}, indent=1)
    Path(__file__).with_name("days.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
