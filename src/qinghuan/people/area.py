"""Area codes: a place's code begins with the code of the place it lies in.

The house keeps *short* codes, without the zeros that fill up a level, so that "lies in" is
"starts with". Published lists keep *full* codes of 6, 9, 12 or 15 digits. Two kinds of
place have no level of their own between them and their children (Dongguan has no districts,
some grids lie directly under a township); their codes carry a group of zeros inside.
"""

from enum import IntEnum
from itertools import pairwise

from qinghuan.people.errors import AreaCodeMalformed


class Level(IntEnum):
    """Level of an area; the value is the length of its short code."""

    PROVINCE = 2
    CITY = 4
    DISTRICT = 6
    TOWNSHIP = 9
    VILLAGE = 12
    GRID = 15


LEVELS = tuple(Level)
FULL_LENGTHS = (6, 9, 12, 15)

FICTIONAL_PREFIX = "99"
"""Assigned to no province, so a demo's places can be told from real ones."""

PROVINCE_CODES = frozenset(
    f"{region}{province}"
    for region, last in ((1, 5), (2, 3), (3, 7), (4, 6), (5, 4), (6, 5), (7, 1), (8, 2))
    for province in range(0 if region == 5 else 1, last + 1)
)
"""The 34 first-level codes in use."""


def short_code(code: str) -> str:
    """Short code of a full or short code, checked.

    Args:
        code: Digits of any published length, as `440800`, `440803001000` or `4408`.

    Returns:
        The same place's short code, as `4408` or `440803001`.

    Raises:
        AreaCodeMalformed: Not digits, of no known length, or of no province in use.

    Source:
        GB/T 2260-2007 (two digits each for province, city, district), GB/T 10114-2003
        (three for the township); the village and grid groups of three digits follow the
        national statistical division codes and GB/T 30428.1-2013.
    """
    if not (code.isascii() and code.isdigit()) or len(code) not in LEVELS:
        raise AreaCodeMalformed(code, "不是 2、4、6、9、12 或 15 位数字")
    if code[:2] not in PROVINCE_CODES and not code.startswith(FICTIONAL_PREFIX):
        raise AreaCodeMalformed(code, "省级代码未启用")
    return _without_filling(code)


def full_code(code: str) -> str:
    """Full code as published: at least six digits, filled with zeros."""
    return short_code(code).ljust(Level.DISTRICT, "0")


def level_of(code: str) -> Level:
    """Level of an area, by its code."""
    return Level(len(short_code(code)))


def parent_of(code: str) -> str | None:
    """Short code of the area one level up; nothing for a province."""
    short = short_code(code)
    shorter = [level for level in LEVELS if level < len(short)]
    return _without_filling(short[: shorter[-1]]) if shorter else None


def ancestors_of(code: str) -> tuple[str, ...]:
    """Short codes of the areas a place lies in, nearest first."""
    found: list[str] = []
    above = parent_of(code)
    while above is not None:
        found.append(above)
        above = parent_of(above)
    return tuple(found)


def contains(outer: str, inner: str) -> bool:
    """Whether one area is, or lies in, another; both short codes."""
    return inner.startswith(outer)


def is_fictional(code: str) -> bool:
    """Whether the code belongs to a demo's invented places."""
    return code.startswith(FICTIONAL_PREFIX)


def is_short(code: str) -> bool:
    """Whether a code is a valid short code as it stands."""
    try:
        return short_code(code) == code
    except AreaCodeMalformed:
        return False


def _without_filling(code: str) -> str:
    """Drop the groups of zeros at the end; the province's two digits always stay."""
    for shorter, longer in reversed(list(pairwise((0, *LEVELS)))):
        if shorter == 0 or len(code) != longer or code[shorter:].strip("0"):
            continue
        code = code[:shorter]
    return code
