"""What the gateway refused, for those who must put a sender right."""

from dataclasses import dataclass
from datetime import date, datetime

from qinghuan.infra.database import Session
from qinghuan.sensing.model import Reject, RejectCount
from qinghuan.sensing.repository import rejects as repository


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectPage:
    """One page of refused frames."""

    rejects: tuple[Reject, ...]
    total: int
    """Kept ones that fit the filter; `reject_counts` tells of all."""


def list_rejects(
    session: Session, *, verdict: str = "", mn: str = "", limit: int = 50, offset: int = 0
) -> RejectPage:
    """A page of the refused frames in reach, the latest first.

    Frames that name no registered station belong to no area and are seen by the platform's
    own scope only.
    """
    limit = min(max(limit, 1), 1000)
    found = repository.list_rejects(session, verdict, mn, limit, max(offset, 0))
    return RejectPage(rejects=tuple(found), total=repository.count_kept(session, verdict, mn))


def reject_counts(session: Session, since: date) -> list[RejectCount]:
    """How much was refused since a day (UTC), by day, verdict and device number."""
    return repository.counts_since(session, since)


def drop_rejects(session: Session, before: datetime) -> int:
    """Drop refused bytes older than a time, return how many; the counts stay."""
    return repository.drop_before(session, before)
