"""Limits: what is watched, set by hand or by the standard of the day."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from qinghuan.core.clock import BEIJING
from qinghuan.infra.database import Session
from qinghuan.sensing.errors import DatastreamUnknown, LimitInvalid
from qinghuan.sensing.exceedance import Rule
from qinghuan.sensing.model import Datastream, OwnLimit, Station
from qinghuan.sensing.repository import stations as repository
from qinghuan.sensing.service.stations import is_judged_by_standard, station_of
from qinghuan.sensing.standards.hourly import Limit, limit_of
from qinghuan.trace.model import Entry
from qinghuan.trace.service.recording import record

MOST_VALUES = 1_000
MOST_PATIENCE_S = 31 * 86_400
"""A watch more patient than a month tells of nothing in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """How a value of a day is judged, and by what."""

    rule: Rule
    limit: Limit


def set_limit(
    session: Session, datastream_id: UUID, own: OwnLimit | None, *, actor: str, at: datetime
) -> Datastream:
    """Set or clear a datastream's own limit; values that come from now on are judged by it.

    Args:
        session: The caller's transaction.
        datastream_id: Which datastream.
        own: The limit in the datastream's unit; None to go back to the standard's, if any.
        actor: Opaque label of who sets it.
        at: Now.

    Raises:
        DatastreamUnknown: There is no such datastream in reach.
        LimitInvalid: It cannot be watched as given.
    """
    stream = datastream_of(session, datastream_id)
    station = station_of(session, stream.station_id)
    if own is not None:
        _check(own)
    changed = replace(
        stream,
        own_limit=own,
        is_watched=own is not None or is_judged_by_standard(stream, station),
    )
    repository.save_datastream(session, changed)
    _record(session, changed, station, actor, at)
    return changed


def set_unit(
    session: Session, datastream_id: UUID, unit: str, *, actor: str, at: datetime
) -> Datastream:
    """State the unit a station really sends a factor in.

    Raises:
        DatastreamUnknown: There is no such datastream in reach.
        LimitInvalid: The unit is empty or too long.
    """
    if not unit or len(unit) > 20 or not unit.isprintable():
        raise LimitInvalid("unit is missing or too long", "请填写单位")
    stream = datastream_of(session, datastream_id)
    station = station_of(session, stream.station_id)
    changed = replace(stream, unit=unit)
    is_watched = stream.own_limit is not None or is_judged_by_standard(changed, station)
    changed = replace(changed, is_watched=is_watched)
    repository.save_datastream(session, changed)
    _record(session, changed, station, actor, at)
    return changed


def datastream_of(session: Session, datastream_id: UUID) -> Datastream:
    """One datastream.

    Raises:
        DatastreamUnknown: There is no such datastream in reach.
    """
    stream = repository.datastream_of(session, datastream_id)
    if stream is None:
        raise DatastreamUnknown(str(datastream_id))
    return stream


def judging_on(stream: Datastream, station: Station, on: date) -> Judging | None:
    """How a datastream's values of a day are judged; None if they are not."""
    own = stream.own_limit
    if own is not None:
        limit = Limit(
            upper=own.upper,
            lower=own.lower,
            unit=stream.unit,
            standard=own.source,
            provenance="set by hand",
        )
        rule = Rule(
            upper=own.upper,
            lower=own.lower,
            raise_after=own.raise_after,
            raise_after_s=own.raise_after_s,
            clear_after=own.clear_after,
            clear_ratio=own.clear_ratio,
        )
        return Judging(rule=rule, limit=limit)
    if not stream.is_watched:
        return None
    standard = limit_of(
        stream.code, st=station.st, unit=stream.unit, area_class=station.area_class, on=on
    )
    if standard is None:
        return None
    return Judging(rule=Rule(upper=standard.upper, lower=standard.lower), limit=standard)


def day_of(at: datetime) -> date:
    """Day of a time in Beijing, by which standards are dated."""
    return at.astimezone(BEIJING).date()


def _check(own: OwnLimit) -> None:
    """Refuse a limit that cannot be watched."""
    limits = [value for value in (own.lower, own.upper) if value is not None]
    rules = [
        (limits, "no limit given", "请填写上限或下限"),
        (all(value.is_finite() for value in limits), "limit is no number", "限值应为数字"),
        (limits == sorted(limits), "lower is above upper", "下限不能高于上限"),
        (own.source.strip(), "source is missing", "请填写限值依据（标准或许可证编号）"),
        (len(own.source) <= 200, "source is too long", "限值依据过长"),
        (1 <= own.raise_after <= MOST_VALUES, "raise after 1 to 1000", "触发次数应为 1 至 1000"),
        (
            0 <= own.raise_after_s <= MOST_PATIENCE_S,
            "raise after 0 s to 31 days",
            "持续时间应在 31 天以内",
        ),
        (1 <= own.clear_after <= MOST_VALUES, "clear after 1 to 1000", "解除次数应为 1 至 1000"),
        (0 < own.clear_ratio <= Decimal(1), "clearing ratio is 0 to 1", "解除比例应在 0 至 1 之间"),
    ]
    for keeps, detail, detail_zh in rules:
        if not keeps:
            raise LimitInvalid(detail, detail_zh)


def _record(
    session: Session, stream: Datastream, station: Station, actor: str, at: datetime
) -> None:
    """Put a datastream's limit into the log."""
    own = stream.own_limit
    record(
        session,
        Entry(
            kind="limit.set" if own else "limit.cleared",
            subject=f"station/{station.mn}",
            at=at,
            actor=actor,
            data={
                "datastream": str(stream.id),
                "code": stream.code,
                "period": stream.period,
                "kind": stream.kind,
                "unit": stream.unit,
                "upper": str(own.upper) if own and own.upper is not None else None,
                "lower": str(own.lower) if own and own.lower is not None else None,
                "source": own.source if own else "",
                "raise_after": own.raise_after if own else 1,
                "raise_after_s": own.raise_after_s if own else 0,
                "clear_after": own.clear_after if own else 1,
                "clear_ratio": str(own.clear_ratio) if own else "1",
            },
        ),
    )
