"""How figures, times and durations are written, in both languages. Pure functions.

Times are shown in Beijing time. Durations use Chinese units: 3 时 10 分, 6 工作时 59 分.
"""

from datetime import datetime
from decimal import Decimal

from qinghuan.core.clock import BEIJING
from qinghuan.web.language import Language

NO_BREAK = "\u00a0"
"""A unit never breaks from its number."""

_WEEKDAYS = {
    Language.ZH: ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    Language.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_UNITS = {
    Language.ZH: ("日", "时", "分", "秒"),
    Language.EN: ("d", "h", "min", "s"),
}
_WORKING_UNITS = {
    Language.ZH: ("工作日", "工作时", "分", "秒"),
    Language.EN: ("working d", "working h", "min", "s"),
}
WORKING_DAY_S = 28_800
"""A working day has eight working hours. [s]"""


def number(value: float | Decimal | str | None, places: int | None = None) -> str:
    """A figure with its thousands apart, and as many places as it was given.

    Args:
        value: None is a gap and gives an empty text; the caller draws it as one.
        places: Round half to even at so many places; none keeps them all.
    """
    if value is None:
        return ""
    exact = Decimal(str(value))
    if places is not None:
        exact = round(exact, places)
    return f"{exact:,f}".replace(",", NO_BREAK).replace("-", "−")


def hour_and_minute(at: datetime) -> str:
    """`14:32`, Beijing time."""
    return at.astimezone(BEIJING).strftime("%H:%M")


def month_and_day(at: datetime) -> str:
    """`11-19`, Beijing time."""
    return at.astimezone(BEIJING).strftime("%m-%d")


def moment(at: datetime) -> str:
    """`11-19 14:32`, Beijing time."""
    return at.astimezone(BEIJING).strftime("%m-%d %H:%M")


def full_moment(at: datetime, language: Language) -> str:
    """`2026-11-19 周四 14:32:07`, Beijing time."""
    local = at.astimezone(BEIJING)
    return f"{local:%Y-%m-%d} {_WEEKDAYS[language][local.weekday()]} {local:%H:%M:%S}"


def day_and_weekday(at: datetime, language: Language) -> str:
    """`11-20 周五 11:31`, Beijing time."""
    local = at.astimezone(BEIJING)
    return f"{local:%m-%d} {_WEEKDAYS[language][local.weekday()]} {local:%H:%M}"


def duration(total_s: float, language: Language, *, is_working: bool = False) -> str:
    """The two largest units that matter: `1 日 2 时`, `3 时 10 分`, `2 分 9 秒`.

    Args:
        total_s: Length; the sign is left out. [s]
        language: Of the units.
        is_working: Working time: a day has eight hours.
    """
    whole = int(abs(total_s))
    day_s = WORKING_DAY_S if is_working else 86_400
    amounts = (whole // day_s, whole % day_s // 3_600, whole % 3_600 // 60, whole % 60)
    units = (_WORKING_UNITS if is_working else _UNITS)[language]
    first = next((n for n, amount in enumerate(amounts) if amount), None)
    if first is None:
        return f"0{NO_BREAK}{units[3]}"
    shown = [first, first + 1] if first < 2 or whole < 600 else [first]
    return " ".join(f"{amounts[n]}{NO_BREAK}{units[n]}" for n in shown if n < 4 and amounts[n])
