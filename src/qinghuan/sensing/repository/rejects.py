"""What was refused: the bytes kept, and the counts of all."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, func, select

from qinghuan.infra.database import Session
from qinghuan.sensing.model import Reject, RejectCount
from qinghuan.sensing.tables import reject, reject_count


def list_rejects(session: Session, verdict: str, mn: str, limit: int, offset: int) -> list[Reject]:
    """Refused frames in reach, the latest first."""
    query = _filtered(select(reject), verdict, mn).order_by(
        reject.c.received_at.desc(), reject.c.id.desc()
    )
    return [
        Reject(
            id=row.id,
            received_at=row.received_at,
            verdict=row.verdict,
            reason=row.reason,
            mn=row.mn,
            peer=row.peer,
            raw=row.raw,
            size_bytes=row.size_bytes,
        )
        for row in session.execute(query.limit(limit).offset(offset))
    ]


def count_kept(session: Session, verdict: str, mn: str) -> int:
    """How many refused frames are kept."""
    return session.scalar(_filtered(select(func.count()).select_from(reject), verdict, mn)) or 0


def counts_since(session: Session, since: date) -> list[RejectCount]:
    """Refusals counted since a day, by day, verdict and device number."""
    rows = session.execute(
        select(reject_count)
        .where(reject_count.c.on >= since)
        .order_by(reject_count.c.on.desc(), reject_count.c.refused.desc())
    )
    return [
        RejectCount(on=row.on.isoformat(), verdict=row.verdict, mn=row.mn, refused=row.refused)
        for row in rows
    ]


def drop_before(session: Session, before: datetime) -> int:
    """Drop refused bytes older than a time; the counts stay."""
    dropped: Any = session.execute(delete(reject).where(reject.c.received_at < before))
    return int(dropped.rowcount)


def _filtered(query: Select[Any], verdict: str, mn: str) -> Select[Any]:
    """Narrow a query of refused frames."""
    if verdict:
        query = query.where(reject.c.verdict == verdict)
    if mn:
        query = query.where(reject.c.mn == mn)
    return query
