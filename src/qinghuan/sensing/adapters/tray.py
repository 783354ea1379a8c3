"""Refused frames on their way to the store: all counted, some kept."""

from qinghuan.infra import metrics
from qinghuan.sensing.intake import Refusal, RefusalCount


class RefusalTray:
    """Collects refusals between two batches; its memory is bounded."""

    def __init__(self, kept_per_minute: int) -> None:
        """Keep at most so many frames' bytes each minute."""
        self._kept_per_minute = kept_per_minute
        self._minute = 0
        self._kept_this_minute = 0
        self._kept: list[Refusal] = []
        self._counts = RefusalCount()

    def add(self, refusal: Refusal) -> None:
        """Count a refusal, and keep its bytes while this minute's room lasts."""
        metrics.FRAMES.labels(refusal.verdict.value).inc()
        day = refusal.received_at.date()
        mn = refusal.mn[:64] if refusal.area_code is not None else ""
        self._counts[day, refusal.verdict.value, mn, refusal.area_code] += 1
        minute = int(refusal.received_at.timestamp()) // 60
        if minute != self._minute:
            self._minute, self._kept_this_minute = minute, 0
        if self._kept_this_minute < self._kept_per_minute:
            self._kept_this_minute += 1
            self._kept.append(refusal)

    def empty(self) -> tuple[tuple[Refusal, ...], RefusalCount]:
        """Hand over what was collected."""
        kept, counts = tuple(self._kept), self._counts
        self._kept, self._counts = [], RefusalCount()
        return kept, counts

    def __bool__(self) -> bool:
        """Whether anything was collected."""
        return bool(self._counts)
