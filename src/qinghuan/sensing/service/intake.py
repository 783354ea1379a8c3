"""Storing what the gateway let in: one batch, one transaction, one record in the log."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.infra.events import announce
from qinghuan.sensing.hj212.frame import Reading, beijing
from qinghuan.sensing.hj212.judge import mask_secrets
from qinghuan.sensing.intake import (
    MAX_STREAMS,
    SEEN_STEP,
    Arrival,
    Batch,
    Books,
    Stored,
    Stream,
    StreamKey,
    Streams,
    identify,
    month_of,
)
from qinghuan.sensing.model import PERIODS, Datastream, ObservationChange, Period, Reject
from qinghuan.sensing.repository import intake as repository
from qinghuan.sensing.roster import Roster, is_plausible
from qinghuan.sensing.standards.factors import unit_of
from qinghuan.sensing.standards.hourly import has_limit
from qinghuan.trace.model import Entry
from qinghuan.trace.service.recording import record

REFRESH_OVERLAP = timedelta(minutes=1)
"""Rows are stamped before they are committed; a refresh looks back past slow transactions."""

MAX_NOTICES = 16
"""Areas told of by name in one batch; open pages ask again anyway."""

_NOTHING: dict[StreamKey, Stream] = {}
"""Datastreams of a station that has none yet."""


class _Fresh(NamedTuple):
    """An arrival that is not kept yet, with its identity."""

    arrival: Arrival
    id: UUID
    digest: bytes


@dataclass(slots=True)
class _Values:
    """Values of a batch, ready to be copied."""

    lines: list[str] = field(default_factory=list)
    has_watched: bool = False
    dropped: int = 0


def store(session: Session, batch: Batch, books: Books, at: datetime) -> Stored:
    """Keep a batch: frames, their values, what was refused, and a record of it in the log.

    A frame that is kept already is left as it is; the caller answers it all the same.

    Args:
        session: The writer's transaction, in SYSTEM scope.
        batch: What arrived.
        books: What is known from earlier batches; left unchanged.
        at: Now.

    Returns:
        What to learn once the transaction is committed.
    """
    fresh = _fresh(session, batch.arrivals)
    outcomes = Counter(kept=len(fresh), repeated=len(batch.arrivals) - len(fresh))
    stored = Stored(outcomes=outcomes)
    if fresh:
        months = {month for one in fresh for month in _months(one)} - books.months
        repository.make_months(session, months)
        streams = _open_streams(session, fresh, books)
        record_id = _record(session, fresh, at)
        repository.prepare(session)
        repository.add_frames(session, [_frame_line(one, record_id) for one in fresh])
        outcomes.update(_store_values(session, _values(fresh, books, streams), at))
        heard = _heard(fresh, books)
        _tell(session, fresh, heard)
        stored = Stored(
            streams=streams,
            months=frozenset(months),
            heard_at={station_id: last_at for station_id, (last_at, _) in heard.items()},
            outcomes=outcomes,
        )
    _store_refusals(session, batch)
    return stored


def refresh(session: Session, roster: Roster, books: Books, since: datetime | None) -> datetime:
    """Take in stations and datastreams that were touched since the last time.

    Args:
        session: A transaction in SYSTEM scope.
        roster: Who may send; brought up to date.
        books: The store's memory; brought up to date.
        since: What the last call returned; None for the first.

    Returns:
        The time to give to the next call.
    """
    now = repository.server_now(session)
    roster.update(repository.members_since(session, since))
    books.learn_streams(repository.streams_since(session, since))
    return now - REFRESH_OVERLAP


def _fresh(session: Session, arrivals: tuple[Arrival, ...]) -> list[_Fresh]:
    """Arrivals that are not kept yet, each once."""
    by_id: dict[UUID, _Fresh] = {}
    for arrival in arrivals:
        frame_id, digest = identify(arrival.frame, arrival.raw, arrival.received_at)
        by_id.setdefault(frame_id, _Fresh(arrival, frame_id, digest))
    known = repository.known_frames(session, list(by_id)) if by_id else set()
    return [one for one in by_id.values() if one.id not in known]


def _record(session: Session, fresh: list[_Fresh], at: datetime) -> UUID:
    """Put the frames' hashes into the log, in their order."""
    return record(
        session,
        Entry(
            kind="frames",
            subject="gateway",
            at=at,
            actor="gateway",
            data={"sha256": [b64encode(one.digest).decode() for one in fresh]},
        ),
    )


def _months(one: _Fresh) -> Iterator[date]:
    """Months a frame and its values lie in."""
    arrival = one.arrival
    frame = arrival.frame
    yield month_of(frame.sent_at or arrival.received_at)
    if frame.data_at:
        yield month_of(frame.data_at)
    for reading in frame.readings:
        if reading.sample_time:
            yield month_of(beijing(_time_of(reading, arrival)))


def _time_of(reading: Reading, arrival: Arrival) -> str:
    """Wire time of a value: of its sample if that is told and possible, else of its frame."""
    if reading.sample_time:
        sampled_at = beijing(reading.sample_time)
        if is_plausible(sampled_at, arrival.received_at):
            return reading.sample_time
    return arrival.frame.data_time or arrival.frame.qn[:14]


def _open_streams(session: Session, fresh: list[_Fresh], books: Books) -> Streams:
    """Open the datastreams that values of a batch are the first of."""
    missing: dict[tuple[UUID, StreamKey], Datastream] = {}
    opened: Counter[UUID] = Counter()
    for one in fresh:
        station_id, frame = one.arrival.member.station_id, one.arrival.frame
        period = PERIODS.get(frame.cn)
        if period is None:
            continue
        known = books.streams.get(station_id, _NOTHING)
        for reading in frame.readings:
            key = (reading.code, period.value, reading.kind)
            if key in known or (station_id, key) in missing:
                continue
            if len(known) + opened[station_id] < MAX_STREAMS:
                opened[station_id] += 1
                missing[station_id, key] = _stream(one.arrival, reading, period)
    return repository.add_streams(session, list(missing.values())) if missing else {}


def _stream(arrival: Arrival, reading: Reading, period: Period) -> Datastream:
    """A datastream as it begins: in the unit its kind of station sends."""
    member = arrival.member
    unit = unit_of(reading.code, st=member.st, kind=reading.kind)
    is_judged_kind = period is Period.HOUR and reading.kind == "Avg"
    return Datastream(
        id=new_id(),
        station_id=member.station_id,
        code=reading.code,
        period=period.value,
        kind=reading.kind,
        unit=unit,
        area_code=member.area_code,
        mark=member.mark,
        is_watched=is_judged_kind
        and has_limit(reading.code, st=member.st, unit=unit, area_class=member.area_class),
    )


def _values(fresh: list[_Fresh], books: Books, opened: Streams) -> _Values:
    """Write the values of a batch as lines of COPY."""
    values = _Values()
    lines = values.lines
    for one in fresh:
        arrival = one.arrival
        frame, station_id, frame_text = arrival.frame, arrival.member.station_id, one.id.hex
        period = PERIODS.get(frame.cn)
        if period is None or not frame.readings:
            continue
        period_text, frame_time = period.value, _written(frame.data_time or frame.qn[:14])
        known = books.streams.get(station_id, _NOTHING)
        new = opened.get(station_id, _NOTHING)
        for reading in frame.readings:
            code, kind, value, flag, sample_time = reading
            key = (code, period_text, kind)
            stream = known.get(key) or new.get(key)
            if stream is None:
                values.dropped += 1
                continue
            time = _written(_time_of(reading, arrival)) if sample_time else frame_time
            mark = "f"
            if stream.is_watched:
                mark, values.has_watched = "t", True
            lines.append(
                f"{stream.text}\t{time}\t{value!s}\t{_safe(flag)}\t{frame_text}\t{mark}"
                f"\t{len(lines)}\n"
            )
    return values


def _store_values(session: Session, values: _Values, at: datetime) -> Counter[str]:
    """Keep the values; one that differs from the value kept takes its place beside it."""
    outcomes = Counter(dropped=values.dropped)
    if not values.lines:
        return outcomes
    added = repository.add_values(session, values.lines, has_watched=values.has_watched)
    outcomes["stored"] = added
    if added < len(values.lines):
        changed = _change_values(session, at)
        outcomes["changed"] = changed
        outcomes["same"] = len(values.lines) - added - changed
    return outcomes


def _change_values(session: Session, at: datetime) -> int:
    """Replace kept values by different ones that came for the same time; return how many."""
    standing: dict[tuple[UUID, datetime], repository.Difference] = {}
    changes: list[ObservationChange] = []
    watched: set[UUID] = set()
    for new in repository.differences(session):
        key = (new.datastream_id, new.phenomenon_at)
        before = standing.get(key)
        old = (before.value, before.flag, before.frame_id) if before else new[6:]
        if (new.value, new.flag) == old[:2]:
            continue
        standing[key] = new
        if new.is_watched:
            watched.add(new.datastream_id)
        change = ObservationChange(
            datastream_id=new.datastream_id,
            phenomenon_at=new.phenomenon_at,
            old_value=old[0],
            old_flag=old[1],
            old_frame_id=old[2],
            new_value=new.value,
            new_flag=new.flag,
            new_frame_id=new.frame_id,
            changed_at=at,
        )
        changes.append(change)
    ids = sorted(new_id() for _ in changes)
    repository.change_values(session, list(zip(ids, changes, strict=True)), watched)
    return len(changes)


def _frame_line(one: _Fresh, record_id: UUID) -> str:
    """Write a frame as a line of COPY."""
    arrival = one.arrival
    frame, member = arrival.frame, arrival.member
    pno = "\\N" if frame.pno is None else frame.pno
    oddities = _safe("\n".join(frame.oddities)) if frame.oddities else "\\N"
    return (
        f"{one.id.hex}\t{member.station_id.hex}\t{arrival.received_at.isoformat()}\t{frame.qn}"
        f"\t{frame.cn}\t{pno}\t\\\\x{arrival.raw.hex()}\t\\\\x{one.digest.hex()}"
        f"\t{arrival.peer}\t{oddities}\t{record_id.hex}\t{member.area_code}\t{member.mark}\n"
    )


def _heard(fresh: list[_Fresh], books: Books) -> dict[UUID, tuple[datetime, str]]:
    """Stations whose last frame is to be kept anew, with its time and peer."""
    latest: dict[UUID, tuple[datetime, str]] = {}
    for one in fresh:
        arrival = one.arrival
        station_id = arrival.member.station_id
        noted_at = books.heard_at.get(station_id)
        if noted_at is None or arrival.received_at - noted_at >= SEEN_STEP:
            latest[station_id] = (arrival.received_at, arrival.peer)
    return latest


def _tell(session: Session, fresh: list[_Fresh], heard: dict[UUID, tuple[datetime, str]]) -> None:
    """Keep when stations were heard and tell open pages of their areas."""
    if not heard:
        return
    repository.mark_seen(session, heard)
    places = {
        (member.area_code, member.mark)
        for member in (one.arrival.member for one in fresh)
        if member.station_id in heard
    }
    for area_code, mark in sorted(places)[:MAX_NOTICES]:
        announce(session, "observation", area_code=area_code, mark=mark)


def _store_refusals(session: Session, batch: Batch) -> None:
    """Keep the bytes of refusals as far as the gateway kept them, and count all."""
    if batch.refusals:
        rejects = [
            (
                Reject(
                    id=new_id(),
                    received_at=refusal.received_at,
                    verdict=refusal.verdict.value,
                    reason=_printable(refusal.reason),
                    mn=_printable(refusal.mn),
                    peer=refusal.peer,
                    raw=mask_secrets(refusal.raw),
                    size_bytes=refusal.size_bytes,
                ),
                refusal.area_code,
            )
            for refusal in batch.refusals
        ]
        repository.add_rejects(session, rejects)
    if batch.refused:
        repository.count_rejects(session, batch.refused)


@lru_cache(maxsize=8192)
def _written(time: str) -> str:
    """A wire time as the database reads it."""
    return beijing(time).isoformat()


def _safe(text: str) -> str:
    """Escape a text for a line of COPY."""
    if text.isalnum() or not text:
        return text
    for plain, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return text.replace("\0", "")


def _printable(text: str) -> str:
    """A text without what a database or a screen cannot hold, shortened."""
    return "".join(c if c.isprintable() else "·" for c in text[:200])
