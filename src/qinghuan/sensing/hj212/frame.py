"""The nouns of HJ 212: what came off the wire, and what it says."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from qinghuan.core.clock import BEIJING


class Verdict(StrEnum):
    """What became of a frame; every value but `ok` is a refusal that is kept and counted."""

    OK = "ok"
    CRC = "crc"
    """The check value does not fit the bytes."""
    LENGTH = "length"
    """The check fits, the declared length does not."""
    TAIL = "tail"
    """The frame does not end where it should: cut short, or without CR LF."""
    OVERLONG = "overlong"
    """More bytes than a four-digit length can declare came without an end."""
    ENCRYPTED = "encrypted"
    """CP is SM4 cipher text (HJ 212-2025); its check needs the station's key."""
    GRAMMAR = "grammar"
    """The fields do not follow the grammar."""
    GARBAGE = "garbage"
    """Bytes that belong to no frame."""
    STATION = "station"
    """No station is registered under this MN."""
    PASSWORD = "password"  # noqa: S105  the name of a verdict, not a password
    """The station is known and its password is not this one."""
    TIME = "time"
    """The frame's own time is impossible: in the future, or before the first standard."""


class Version(StrEnum):
    """Edition a frame claims in its Flag; a hint, for senders misuse it."""

    V2005 = "2005"
    V2017 = "2017"
    V2025 = "2025"
    UNKNOWN = "unknown"


_VERSIONS = (Version.V2005, Version.V2017, Version.V2025)


class Packet(NamedTuple):
    """Bytes between one `##` and its end, with the judgement of their envelope.

    A tuple and not a dataclass, because making one is an eighth of reading a frame.
    """

    raw: bytes
    """As received; the first `framer.KEPT_BYTES` of them if they are no frame."""
    size_bytes: int
    """How many were received."""
    verdict: Verdict
    reason: str = ""
    segment: bytes = b""
    """The data segment, between the length and the check."""
    length_declared: int | None = None
    crc_found: bytes = b""
    """As sent; empty if there is none."""
    crc_computed: bytes = b""


class Reading(NamedTuple):
    """One value of one factor, as sent; a tuple, for a gateway makes 35 000 of them a second."""

    code: str
    """Factor code (HJ 524, HJ 525, or the two and three characters of 2005)."""
    kind: str
    """Rtd, Avg, Min, Max, Cou, their Zs forms, Data, DayData, NightData, RS or RT."""
    value: Decimal
    """In the unit of the station's datastream; the digits as sent."""
    flag: str = ""
    """Data flag of Table 8; empty if the frame gives none."""
    sample_time: str = ""
    """When the sample was taken, if the frame says so for this factor."""


class Frame(NamedTuple):
    """What one frame says. Also a tuple for its speed; build it by field names all the same."""

    st: str
    cn: str
    mn: str
    qn: str = ""
    pw: str = ""
    flag: int | None = None
    pnum: int | None = None
    pno: int | None = None
    is_backfill: bool = False
    data_time: str = ""
    readings: tuple[Reading, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    """Items of CP that are no readings, in their order: RtdInterval, BeginTime, Info …"""
    oddities: tuple[str, ...] = ()
    """Items left out because they could not be read, each with the reason."""

    @property
    def version(self) -> Version:
        """Edition by the version bits of Flag."""
        if self.flag is None:
            return Version.V2005
        bits = self.flag >> 2
        return _VERSIONS[bits] if bits < len(_VERSIONS) else Version.UNKNOWN

    @property
    def wants_answer(self) -> bool:
        """Bit A of Flag."""
        return self.flag is not None and bool(self.flag & 1)

    @property
    def data_at(self) -> datetime | None:
        """DataTime: start of the period for means, instant of collection for real time."""
        return beijing(self.data_time) if self.data_time else None

    @property
    def sent_at(self) -> datetime | None:
        """The station's own time of sending (QN), or of its data if it has none."""
        if not self.qn:
            return self.data_at
        return beijing(self.qn[:14]) + timedelta(milliseconds=int(self.qn[14:] or 0))


@lru_cache(maxsize=8192)
def beijing(text: str) -> datetime:
    """Read `YYYYMMDDhhmmss[zzz]`, which HJ 212 states in Beijing time without saying so.

    Remembered, because stations stamp their frames on the same seconds.

    Raises:
        ValueError: It is no such time.
    """
    if len(text) not in {14, 17} or not (text.isascii() and text.isdigit()):
        message = f"{text[:20]!r} is no YYYYMMDDhhmmss"
        raise ValueError(message)
    return datetime(
        int(text[:4]),
        int(text[4:6]),
        int(text[6:8]),
        int(text[8:10]),
        int(text[10:12]),
        int(text[12:14]),
        int(text[14:] or 0) * 1000,
        tzinfo=BEIJING,
    ).astimezone(UTC)
