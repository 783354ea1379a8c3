"""What was refused: the bytes kept, and the counts of all."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select

from qinghuan.infra.database import Session
from qinghuan.sensing.model import Reject, RejectCount, RejectFilter
from qinghuan.sensing.tables import reject, reject_count


def list_rejects(session: Session, wanted: RejectFilter, limit: int, offset: int) -> list[Reject]:
    """Refused frames in reach, the latest first."""
    query = _filtered(select(reject), wanted).order_by(
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


def count_kept(session: Session, wanted: RejectFilter) -> int:
    """How many refused frames are kept."""
    return session.scalar(_filtered(select(func.count()).select_from(reject), wanted)) or 0


def counts_since(session: Session, since: date, is_placed: bool | None) -> list[RejectCount]:  # noqa: FBT001  None for both
    """Refusals counted since a day, by day, verdict and device number."""
    query = select(reject_count).where(reject_count.c.on >= since)
    if is_placed is not None:
        query = query.where(_placed(reject_count.c.area_code, is_placed=is_placed))
    rows = session.execute(query.order_by(reject_count.c.on.desc(), reject_count.c.refused.desc()))
    return [
        RejectCount(on=row.on.isoformat(), verdict=row.verdict, mn=row.mn, refused=row.refused)
        for row in rows
    ]


def drop_before(session: Session, before: datetime) -> int:
    """Drop refused bytes older than a time; the counts stay."""
    dropped: Any = session.execute(delete(reject).where(reject.c.received_at < before))
    return int(dropped.rowcount)


def _filtered(query: Select[Any], wanted: RejectFilter) -> Select[Any]:
    """Narrow a query of refused frames."""
    if wanted.verdict:
        query = query.where(reject.c.verdict == wanted.verdict)
    if wanted.mn:
        query = query.where(reject.c.mn == wanted.mn)
    if wanted.is_placed is not None:
        query = query.where(_placed(reject.c.area_code, is_placed=wanted.is_placed))
    return query


def _placed(area_code: ColumnElement[Any], *, is_placed: bool) -> ColumnElement[bool]:
    """Whether what was refused belongs to an area, or to none."""
    return area_code.is_not(None) if is_placed else area_code.is_(None)
