"""What the gateway refused, for those who must put a sender right."""

from dataclasses import dataclass
from datetime import date, datetime

from qinghuan.infra.database import Session
from qinghuan.sensing.model import Reject, RejectCount, RejectFilter
from qinghuan.sensing.repository import rejects as repository


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectPage:
    """One page of refused frames."""

    rejects: tuple[Reject, ...]
    total: int
    """Kept ones that fit the filter; `reject_counts` tells of all."""


def list_rejects(
    session: Session,
    *,
    verdict: str = "",
    mn: str = "",
    is_placed: bool | None = None,
    limit: int = 50,
    offset: int = 0,
) -> RejectPage:
    """A page of the refused frames in reach, the latest first.

    Frames that name no registered station belong to no area and are seen by the platform's
    own scope only.

    Args:
        session: The caller's transaction.
        verdict: Only these; empty for all.
        mn: Only of this device number; empty for all.
        is_placed: Only those with an area, or only those without; None for both.
        limit: Frames on a page, 1 to 1000.
        offset: Frames before it.
    """
    wanted = RejectFilter(verdict=verdict, mn=mn, is_placed=is_placed)
    limit = min(max(limit, 1), 1000)
    found = repository.list_rejects(session, wanted, limit, max(offset, 0))
    return RejectPage(rejects=tuple(found), total=repository.count_kept(session, wanted))


def reject_counts(
    session: Session, since: date, *, is_placed: bool | None = None
) -> list[RejectCount]:
    """How much was refused since a day (UTC), by day, verdict and device number."""
    return repository.counts_since(session, since, is_placed)


def drop_rejects(session: Session, before: datetime) -> int:
    """Drop refused bytes older than a time, return how many; the counts stay."""
    return repository.drop_before(session, before)
