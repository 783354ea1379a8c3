"""The stretch of time a station's page shows, as its address says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime

from qinghuan.sensing.model import Datastream, Period

RangeKey = Literal["24h", "3d", "7d", "30d"]

LENGTHS: dict[RangeKey, timedelta] = {
    "24h": timedelta(hours=24),
    "3d": timedelta(days=3),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}

MARGIN = timedelta(minutes=1)
"""A value of this very instant lies within the span."""

_RANK = {Period.HOUR: 0, Period.REALTIME: 1, Period.MINUTE: 2, Period.DAY: 3}
_KIND_RANK = {"Avg": 0, "Rtd": 0, "Cou": 2, "Min": 3, "Max": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanAsked:
    """Which datastream is looked at, over which time."""

    datastream_id: UUID | None
    length: RangeKey
    until: datetime | None
    """End of the span; None for now."""

    def span(self, at: datetime) -> tuple[datetime, datetime]:
        """Start and end of the span, the end left out; one up to now begins on a full hour.

        Args:
            at: Now.
        """
        if self.until is not None:
            return self.until - LENGTHS[self.length], self.until
        hour_at = at.replace(minute=0, second=0, microsecond=0)
        return hour_at - LENGTHS[self.length], at + MARGIN

    def query(self, **changes: str) -> dict[str, str]:
        """The address's values, some of them changed; an empty one is left out."""
        values = {
            "datastream": str(self.datastream_id or ""),
            "range": self.length,
            "until": self.until.isoformat() if self.until else "",
            **changes,
        }
        return {name: value for name, value in values.items() if value}


def read_span(
    datastream: Annotated[UUID | None, Query()] = None,
    length: Annotated[RangeKey, Query(alias="range")] = "24h",
    until: Annotated[AwareDatetime | None, Query()] = None,
) -> SpanAsked:
    """The span in an address."""
    return SpanAsked(datastream_id=datastream, length=length, until=until)


Span = Annotated[SpanAsked, Depends(read_span)]


def around(started_at: datetime, ended_at: datetime | None, at: datetime) -> SpanAsked:
    """The shortest span that shows an episode with some time on both sides.

    Args:
        started_at: Its start.
        ended_at: Its end; None while it goes on.
        at: Now.
    """
    end = ended_at or at
    wanted = (end - started_at) * 1.5
    length: RangeKey = next((key for key, one in LENGTHS.items() if one >= wanted), "30d")
    spare = max(LENGTHS[length] - (end - started_at), timedelta()) / 3
    until = end + spare
    return SpanAsked(datastream_id=None, length=length, until=until if until < at else None)


def first_of(streams: Sequence[Datastream]) -> Datastream | None:
    """The datastream a page begins with: watched ones first, then hourly means."""
    return min(streams, key=_importance, default=None)


def _importance(stream: Datastream) -> tuple[bool, int, int, str]:
    return (
        not stream.is_watched,
        _RANK.get(Period(stream.period), 9),
        _KIND_RANK.get(stream.kind, 9),
        stream.code,
    )
