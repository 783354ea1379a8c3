"""When a station that stopped sending becomes an episode of its own.

A station has a cadence: the one it was registered with, or else the one its own values show.
It is silent once nothing came from it for a multiple of that.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

SILENCE_FACTOR = 3
"""Missed beats that make a silence; fewer would tell of every resend."""

LEAST_SILENCE = timedelta(minutes=5)
"""Shorter gaps are a matter of the line, not of the station."""

BEATS_NEEDED = 6
"""Values needed before a cadence is believed."""


def cadence_of(times: Sequence[datetime]) -> timedelta | None:
    """A station's cadence from the times of its latest values.

    Args:
        times: Distinct times of one datastream, in any order.

    Returns:
        The median gap between neighbours, or None for too few of them.
    """
    ordered = sorted(set(times))
    if len(ordered) < BEATS_NEEDED:
        return None
    gaps_s = [(later - earlier).total_seconds() for earlier, later in pairwise(ordered)]
    return timedelta(seconds=median(gaps_s))


def silent_since(
    last_frame_at: datetime, cadence: timedelta, at: datetime, *, factor: int = SILENCE_FACTOR
) -> datetime | None:
    """When a station fell silent, if it is silent now.

    Args:
        last_frame_at: When its last frame was received.
        cadence: How often it sends.
        at: Now.
        factor: Missed beats that make a silence.

    Returns:
        The time of its last frame, or None while it is not overdue.
    """
    patience = max(cadence * factor, LEAST_SILENCE)
    return last_frame_at if at - last_frame_at >= patience else None
