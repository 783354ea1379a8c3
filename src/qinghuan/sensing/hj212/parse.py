"""Data segment to frame: the grammar of HJ 212, read by hand.

The standard breaks its own grammar here and there (a comma between items where a semicolon is
due, a space before a name), and stations more so. What can be read without guessing is read;
an item that cannot is left out and named in the frame's oddities; a segment that does not hold
together is refused whole.
"""

import string
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from qinghuan.sensing.errors import BadGrammar
from qinghuan.sensing.hj212.frame import Frame, Reading, beijing

READING_KINDS = frozenset(
    {
        *("Rtd", "Avg", "Min", "Max", "Cou"),
        *("ZsRtd", "ZsAvg", "ZsMin", "ZsMax"),
        *("Data", "DayData", "NightData", "RS", "RT"),
    }
)
"""Suffixes whose value is a number the platform keeps (HJ 212-2017, Table 7)."""

MAX_NAME_CHARS = 40
"""Longer names than any factor has are not taken for a value's."""

MAX_NUMBER_CHARS = 24
"""Longer numbers than any instrument has digits are not taken for numbers."""

PLAIN_FLAGS = frozenset("NFSMDCTBP0123")
"""Flags of Table 8 and of 2005; others are read too, the longer way."""

_NAME_CHARS = frozenset(string.ascii_letters + string.digits + "-_.")
"""What names are made of, in the annexes and in vendors' additions."""

_VALUE_CHARS = frozenset(string.ascii_letters + string.digits + "+-.*/")
"""What values are made of, numbers or what loggers write in their place (`--`, `NaN`)."""

MAX_NAMES = 16_384
"""More names than the annexes list; when so many have come, they are forgotten and learnt anew."""

MAX_MN_CHARS = 64
"""24 by the standard; in practice longer free text too."""

MAX_FLAG_CHARS = 4
"""Flag is one character; vendors' own flags have up to four."""


class _Name(NamedTuple):
    """A name of CP, taken apart once; stations repeat the same few hundred."""

    code: str
    kind: str
    flag_name: str
    """Name of the flag of the same factor."""


class _Head(NamedTuple):
    """The fields before CP but QN, checked once; a station repeats them in every frame."""

    st: str
    cn: str
    mn: str
    pw: str
    flag: int | None
    pnum: int | None
    pno: int | None
    is_backfill: bool


class _Items:
    """What is found in CP while it is read."""

    __slots__ = ("data_time", "oddities", "params", "readings")

    def __init__(self) -> None:
        """Start with nothing found."""
        self.data_time = ""
        self.readings: list[Reading] = []
        self.params: list[tuple[str, str]] = []
        self.oddities: list[str] = []


def parse(segment: bytes) -> Frame:
    """Read a data segment whose envelope was judged sound.

    Raises:
        BadGrammar: A field is missing or malformed.

    Source:
        HJ 212-2017, clause 6.3 and Tables 3, 4 and 7.
    """
    text = _decode(segment)
    before, mark, rest = text.partition("CP=&&")
    if not mark or not rest.endswith("&&"):
        raise BadGrammar("CP=&&…&& is missing or not closed")
    qn, head = _head(before)
    cp = rest[:-2]
    groups = _careful_groups(cp) if "//" in cp else cp.split(";")
    items = _read(groups, _NAMES if cp.isascii() else {})
    if items.data_time:
        _time("DataTime", items.data_time)
    elif items.readings and not qn:
        raise BadGrammar("values without DataTime or QN")
    st, cn, mn, pw, flag, pnum, pno, is_backfill = head
    rest_of_it = (items.data_time, tuple(items.readings), tuple(items.params))
    return tuple.__new__(
        Frame,
        (st, cn, mn, qn, pw, flag, pnum, pno, is_backfill, *rest_of_it, tuple(items.oddities)),
    )


def _decode(segment: bytes) -> str:
    """Bytes to text: UTF-8 as the standard says, GB 18030 as some senders do."""
    try:
        text = segment.decode()
    except UnicodeDecodeError:
        try:
            text = segment.decode("gb18030")
        except UnicodeDecodeError:
            raise BadGrammar("neither UTF-8 nor GB 18030") from None
    return text


def _head(before: str) -> tuple[str, _Head]:
    """Take QN, which changes with every frame, and look up the rest."""
    if not before.startswith("QN="):
        head = _head_fields(before)
        return head[0], head[1]
    qn, _, rest = before[3:].partition(";")
    _time("QN", qn)
    return qn, _head_fields(rest)[1]


@lru_cache(maxsize=65_536)
def _head_fields(text: str) -> tuple[str, _Head]:
    """Read the fields before CP and check what Table 3 fixes."""
    if not text.endswith(";"):
        raise BadGrammar("no ';' before CP")
    if not (text.isprintable() and text.isascii()):
        raise BadGrammar("characters before CP that no field has")
    try:
        fields = dict([part.split("=", 1) for part in text[:-1].split(";")])
    except ValueError:
        raise BadGrammar("a field before CP has no '='") from None
    take = fields.get
    qn, st, cn, mn = take("QN", ""), take("ST", ""), take("CN", ""), take("MN", "")
    if qn:
        _time("QN", qn)
    if len(st) != 2 or not st.isalnum():
        raise BadGrammar(f"ST {st[:20]!r} is not two characters")
    if len(cn) != 4 or not cn.isdecimal():
        raise BadGrammar(f"CN {cn[:20]!r} is not four digits")
    if not mn or len(mn) > MAX_MN_CHARS:
        raise BadGrammar(f"MN {mn[:70]!r} is missing or too long")
    return qn, _Head(
        st=st,
        cn=cn,
        pw=take("PW", ""),
        mn=mn,
        flag=_number("Flag", fields, 255) if take("Flag") else None,
        pnum=_number("PNUM", fields, 9999),
        pno=_number("PNO", fields, 9999),
        is_backfill=take("RF") == "1",
    )


def _number(name: str, fields: dict[str, str], most: int) -> int | None:
    """Read a small number of the head."""
    value = fields.get(name)
    if value is None:
        return None
    if len(value) > 5 or not (value.isascii() and value.isdecimal()) or int(value) > most:
        raise BadGrammar(f"{name} {value[:20]!r} is not 0 to {most}")
    return int(value)


def _time(name: str, text: str) -> None:
    """Check a time; its milliseconds only for being digits."""
    try:
        beijing(text[:14])
    except ValueError as error:
        raise BadGrammar(f"{name}: {error}") from None
    if text[14:] and not (len(text) == 17 and text[14:].isdecimal()):
        raise BadGrammar(f"{name} {text[:20]!r} is no YYYYMMDDhhmmsszzz")


_NAMES: dict[str, _Name] = {}
"""Names of values seen so far, taken apart."""


def _name(text: str) -> _Name | None:
    """Take a value's name apart and remember it."""
    code, _, kind = text.partition("-")
    is_value = kind in READING_KINDS and code.isalnum() and code.isascii()
    if not is_value or len(text) > MAX_NAME_CHARS:
        return None
    if len(_NAMES) >= MAX_NAMES:
        _NAMES.clear()
    name = _NAMES[text] = _Name(code, kind, f"{code}-Flag")
    return name


def _read(groups: list[str], names: dict[str, _Name]) -> _Items:
    """Read the groups of CP; nearly all are one value with its flag, and go the short way."""
    items = _Items()
    keep, known, new = items.readings.append, names.get, tuple.__new__
    for group in groups:
        parts = group.split("=")
        name = known(parts[0])
        if name and len(parts) == 3:
            value, _, flag_name = parts[1].partition(",")
            code, kind, due_flag_name = name
            flag = parts[2]
            if (
                flag_name == due_flag_name
                and value.replace(".", "", 1).isdigit()
                and flag in PLAIN_FLAGS
                and len(value) <= MAX_NUMBER_CHARS
            ):
                keep(new(Reading, (code, kind, Decimal(value), flag, "")))
                continue
        if parts[0] == "DataTime" and len(parts) == 2:
            items.data_time = parts[1]
        elif group:
            _read_group(group, items)
    return items


def _split_group(group: str) -> list[str]:
    """Split a group at its commas, but not in text between `//` marks."""
    if "//" not in group:
        return [item.strip() for item in group.split(",")]
    parts = group.split("//")
    parts[1::2] = [part.replace(",", "\0") for part in parts[1::2]]
    return [item.replace("\0", ",").strip() for item in "//".join(parts).split(",")]


def _read_group(group: str, items: _Items) -> None:
    """Read one group of CP item by item, then give its values their flag and time."""
    if not group.isprintable():
        raise BadGrammar("control characters in CP")
    first = len(items.readings)
    flags: dict[str, str] = {}
    times: dict[str, str] = {}
    for item in _split_group(group):
        text, equals, value = item.partition("=")
        code, _, kind = text.partition("-")
        if not (_NAME_CHARS.issuperset(text) and (equals or not item)):
            raise BadGrammar(f"item {item[:40]!r} has no name or no '='")
        if kind in READING_KINDS:
            _read_value(item, items)
        elif kind == "Flag" and value.isalnum() and value.isascii():
            flags[code] = value[:MAX_FLAG_CHARS]
        elif kind == "SampleTime" and _is_time(value):
            times[code] = value
        elif item:
            _read_other(item, items)
    _give_flags(items, first, flags, times)


def _read_other(item: str, items: _Items) -> None:
    """Keep an item that is neither value nor flag nor time of a value."""
    text, _, value = item.partition("=")
    if not text or not (value.isascii() or text.endswith("-Info")):
        raise BadGrammar(f"item {item[:40]!r} has no name, or holds what only -Info may hold")
    if text.endswith("-SampleTime"):
        items.oddities.append(f"{item[:MAX_NAME_CHARS]}: no time")
    elif text == "DataTime":
        items.data_time = value
    else:
        items.params.append((text, value))


def _read_value(item: str, items: _Items) -> None:
    """Read a number in any form vendors use, or note that it is none."""
    text, _, value = item.partition("=")
    code, _, kind = text.partition("-")
    if not _VALUE_CHARS.issuperset(value):
        raise BadGrammar(f"item {item[:40]!r} holds characters no number has")
    try:
        number = Decimal(value)
    except InvalidOperation:
        items.oddities.append(f"{item[:MAX_NAME_CHARS]}: no number")
        return
    is_sane = number.is_finite() and abs(number.adjusted()) <= 30
    if is_sane and len(value) <= MAX_NUMBER_CHARS and _name(text):
        items.readings.append(Reading(code, kind, number))
    else:
        items.oddities.append(f"{item[:MAX_NAME_CHARS]}: no value an instrument gives")


def _give_flags(items: _Items, first: int, flags: dict[str, str], times: dict[str, str]) -> None:
    """Give the values of a group the flag and sampling time of their factor.

    A flag that stands in a group of its own belongs to the values before it; one that belongs
    to no value is kept among the other items.
    """
    readings = items.readings
    for code in flags.keys() | times.keys():
        places = [n for n in range(first, len(readings)) if readings[n].code == code]
        places = places or [n for n, reading in enumerate(readings) if reading.code == code]
        for n in places:
            flag = flags.get(code, readings[n].flag)
            time = times.get(code, readings[n].sample_time)
            readings[n] = readings[n]._replace(flag=flag, sample_time=time)
        if not places and code in flags:
            items.params.append((f"{code}-Flag", flags[code]))


def _is_time(text: str) -> bool:
    """Whether a text is a time of the wire."""
    try:
        beijing(text)
    except ValueError:
        return False
    return True


def _careful_groups(cp: str) -> list[str]:
    """Split CP where text between `//` marks may hold separators, and trim names."""
    groups: list[str] = []
    for place, part in enumerate(cp.split("//")):
        if place % 2:
            groups[-1] += f"//{part}//"
            continue
        first, *more = part.split(";")
        if groups:
            groups[-1] += first
            groups.extend(more)
        else:
            groups = [first, *more]
    return [group.strip() for group in groups]
