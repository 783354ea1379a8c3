"""The only way to learn the time, so that a test can decide it."""

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
"""Civil time of the whole country; stations stamp their frames in it without naming a zone."""


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime:
        """Return an aware UTC time."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)
