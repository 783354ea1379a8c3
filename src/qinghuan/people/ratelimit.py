"""A token bucket for each caller: so many at once, so many a second after."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from threading import Lock

from qinghuan.people.errors import TooManyRequests


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How much a caller may do."""

    burst: int
    per_s: float
    """Filled again at this pace. [1/s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What a caller has left, as of a moment."""

    level: float
    at: datetime


def taken(bucket: Bucket | None, rate: Rate, at: datetime, cost: float = 1.0) -> Bucket | float:
    """Take from a bucket, or say how long to wait.

    Args:
        bucket: As it was; nothing for a caller not seen before.
        rate: How it fills.
        at: Now; a clock that went back adds nothing.
        cost: How much the act takes; above `burst` it never passes.

    Returns:
        The bucket after, or the seconds until there is enough.
    """
    level = float(rate.burst)
    if bucket is not None:
        passed_s = max((at - bucket.at).total_seconds(), 0.0)
        level = min(level, bucket.level + passed_s * rate.per_s)
        at = max(at, bucket.at)
    if level + 1e-9 < cost:
        return (cost - level) / rate.per_s
    return Bucket(level=level - cost, at=at)


class Limiter:
    """Buckets of one process, the longest unused forgotten first."""

    def __init__(self, rate: Rate, *, most_keys: int = 50_000) -> None:
        """Start with every bucket full.

        Args:
            rate: The pace for each key.
            most_keys: Callers remembered; a flood of new ones cannot fill the memory.
        """
        self.rate = rate
        self.most_keys = most_keys
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, at: datetime, cost: float = 1.0) -> None:
        """Let one act of a caller pass.

        Raises:
            TooManyRequests: His bucket is empty; says how long to wait.
        """
        with self._lock:
            after = taken(self._buckets.get(key), self.rate, at, cost)
            if isinstance(after, float):
                raise TooManyRequests(max(ceil(after), 1))
            self._buckets[key] = after
            self._buckets.move_to_end(key)
            while len(self._buckets) > self.most_keys:
                self._buckets.popitem(last=False)
