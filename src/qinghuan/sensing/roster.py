"""Who may send: the stations known, held in memory so that every frame is checked at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from qinghuan.sensing.credentials import is_password
from qinghuan.sensing.hj212.frame import Frame, Verdict

EARLIEST_YEAR = 2000
"""HJ/T 212 is of 2005; older stamps are clocks that were never set."""

AHEAD = timedelta(hours=24)
"""A station's clock may run ahead by this much before its stamps are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A station as the gateway needs it."""

    station_id: UUID
    mn: str
    st: str
    area_code: str
    mark: int
    area_class: int
    is_active: bool
    salt: bytes = field(repr=False)
    password_hash: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a frame is not let in."""

    verdict: Verdict
    reason: str
    member: Member | None = None


class Roster:
    """Stations by device number, and the passwords that have proved right."""

    def __init__(self) -> None:
        """Start without stations."""
        self._members: dict[str, Member] = {}
        self._proved: dict[str, bytes] = {}

    def __len__(self) -> int:
        return len(self._members)

    def update(self, members: Iterable[Member]) -> None:
        """Take in stations that are new or changed."""
        for member in members:
            self._members[member.mn] = member
            self._proved.pop(member.mn, None)

    def admit(self, frame: Frame, received_at: datetime) -> Member | Refused:
        """Check a frame's station, password and times.

        Args:
            frame: A frame read from the wire.
            received_at: When it was received.

        Returns:
            The station, or why the frame is refused.
        """
        member = self._members.get(frame.mn)
        if member is None:
            return Refused(verdict=Verdict.STATION, reason="no station has this MN")
        if not member.is_active:
            return Refused(verdict=Verdict.STATION, reason="the station is retired", member=member)
        if not self._is_known(frame.pw, member):
            return Refused(verdict=Verdict.PASSWORD, reason="wrong password", member=member)
        for name, at in (("QN", frame.sent_at), ("DataTime", frame.data_at)):
            if at and not is_plausible(at, received_at):
                return Refused(
                    verdict=Verdict.TIME, reason=f"{name} {at.isoformat()}", member=member
                )
        return member

    def _is_known(self, password: str, member: Member) -> bool:
        """Check a password; one that proved right is remembered."""
        sent, proved = password.encode(), self._proved.get(member.mn)
        if proved is not None and compare_digest(proved, sent):
            return True
        if not is_password(password, member.salt, member.password_hash):
            return False
        self._proved[member.mn] = sent
        return True


def is_plausible(at: datetime, received_at: datetime) -> bool:
    """Whether a station's stamp can be true."""
    return at.year >= EARLIEST_YEAR and at <= received_at + AHEAD
