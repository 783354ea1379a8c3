"""A value over its limit becomes a case; a silent station too.

sensing finds episodes; each one raised becomes one signal, in the same transaction that took
its values from the queue. casework gives the signal its one disposition: a new case, or the
open case of the same station and factor. The way back is here as well: what a case's machine
says now, and where its figure came from.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from qinghuan.casework.codes import IN_FORCE, LOCAL, CodeKind, MatterCode
from qinghuan.casework.model import SYSTEM_ACTOR, Signal, Source
from qinghuan.casework.problem.case import Case
from qinghuan.casework.service.desk import Desk
from qinghuan.casework.service.opening import submit_signal
from qinghuan.core.clock import BEIJING
from qinghuan.core.errors import NotFound
from qinghuan.core.geo import Place
from qinghuan.infra.database import Session
from qinghuan.sensing.model import (
    Datastream,
    Episode,
    EpisodeChange,
    EpisodeFilter,
    EpisodeKind,
    Station,
)
from qinghuan.sensing.service.episodes import evaluate, list_episodes
from qinghuan.sensing.service.evidence import Origin, origin_of
from qinghuan.sensing.service.silences import find_silent
from qinghuan.sensing.service.stations import datastreams_of, station_by_mn
from qinghuan.sensing.settings import SensingSettings
from qinghuan.sensing.standards.factors import factor_of

RAISED = "raised"
SILENCE = "silence"

EXCEEDED = {
    "21": "W-01",
    "22": "A-01",
    "23": "N-01",
    "31": "A-02",
    "32": "W-02",
    "36": "N-01",
    "38": "R-01",
}
"""Local matter code by system code ST; stations of other systems wait for an acceptor's code."""

STATION_FAULT = MatterCode(standard_ref=IN_FORCE, kind=CodeKind.COMPONENT, code="03010")
"""环保监测站异常."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the machine behind a case says."""

    episode: Episode
    station: Station
    datastream: Datastream | None
    """None for a silence."""
    origin: Origin | None
    """The peak value's way back to its frame; None where there is none."""


def turn_episodes_into_cases(
    session: Session, at: datetime, settings: SensingSettings, desk: Desk
) -> bool:
    """Judge what came, and make a signal of every episode that began.

    Args:
        session: In SYSTEM scope.
        at: Now.
        settings: When a station counts as silent.
        desk: The rules cases are opened under.

    Returns:
        Whether anything was found, so that more may wait.
    """
    changes = evaluate(session, at)
    changes += find_silent(
        session,
        at,
        silence_factor=settings.silence_factor,
        default_cadence_s=settings.default_cadence_s,
    )
    for change in changes:
        if change.step == RAISED:
            submit_signal(session, signal_of(change), SYSTEM_ACTOR, at, desk)
    return bool(changes)


def signal_of(change: EpisodeChange) -> Signal:
    """An episode's signal; the same episode always gives the same one."""
    episode, station = change.episode, change.station
    factor = change.datastream.code if change.datastream else SILENCE
    return Signal(
        submit_key=f"episode/{episode.id}",
        source=Source.SENSOR,
        title=_title(change),
        text=_text(change),
        area_code=episode.area_code,
        observed_at=episode.started_at,
        place=Place(longitude_deg=station.longitude_deg, latitude_deg=station.latitude_deg),
        address=station.name,
        code=code_of(episode, station),
        source_ref=f"{station.mn}/{factor}",
        is_trusted=True,
        mark=episode.mark,
    )


def code_of(episode: Episode, station: Station) -> MatterCode | None:
    """Kind of matter an episode is; None where a person must say."""
    if episode.kind is EpisodeKind.SILENCE:
        return STATION_FAULT
    local = EXCEEDED.get(station.st)
    if local is None:
        return None
    return MatterCode(standard_ref=LOCAL, kind=CodeKind.MATTER, code=local)


def is_source_quiet(
    session: Session, case: Case, at: datetime, *, window: timedelta
) -> bool | None:
    """Whether the machine behind a case has been quiet long enough.

    Args:
        session: The caller's transaction.
        case: Which case.
        at: Now.
        window: How long its values must have stayed under the limit, as far as they have come.

    Returns:
        None for people's cases.
    """
    if not case.source.is_machine:
        return None
    evidence = evidence_of(session, case)
    if evidence is None:
        return False
    ended_at = evidence.episode.ended_at
    if ended_at is None:
        return False
    if evidence.episode.kind is EpisodeKind.SILENCE:
        return True
    last = evidence.station.last_frame_at
    return last is not None and min(at, last) - ended_at >= window


def evidence_of(session: Session, case: Case) -> Evidence | None:
    """What the machine behind a case says; None for people's cases or beyond the scope."""
    if case.source is not Source.SENSOR or case.source_ref is None:
        return None
    mn, _, factor = case.source_ref.rpartition("/")
    try:
        station = station_by_mn(session, mn)
    except NotFound:
        return None
    is_silence = factor == SILENCE
    kind = EpisodeKind.SILENCE if is_silence else EpisodeKind.EXCEEDANCE
    streams = {each.id: each for each in datastreams_of(session, station.id)}
    wanted = EpisodeFilter(kind=kind.value, station_id=station.id)
    for episode in list_episodes(session, wanted, limit=200).episodes:
        stream = streams.get(episode.datastream_id) if episode.datastream_id else None
        if is_silence or (stream is not None and stream.code == factor):
            return Evidence(
                episode=episode,
                station=station,
                datastream=stream,
                origin=_origin(session, episode),
            )
    return None


def _origin(session: Session, episode: Episode) -> Origin | None:
    if episode.datastream_id is None or episode.peak_at is None:
        return None
    try:
        return origin_of(session, episode.datastream_id, episode.peak_at)
    except NotFound:
        return None


def _title(change: EpisodeChange) -> str:
    if change.datastream is None:
        return f"{change.station.name} 数据中断"
    factor = factor_of(change.datastream.code)
    name = factor.name_zh if factor else change.datastream.code
    return f"{change.station.name} {name}超标"


def _text(change: EpisodeChange) -> str:
    episode = change.episode
    since = f"{episode.started_at.astimezone(BEIJING):%m-%d %H:%M}"
    label = "（模拟数据）" if change.station.is_simulated else ""
    if change.datastream is None:
        return f"自 {since} 起没有收到报文{label}"
    limits = [
        f"上限 {episode.limit_upper:f}" if episode.limit_upper is not None else "",
        f"下限 {episode.limit_lower:f}" if episode.limit_lower is not None else "",
    ]
    limit = "、".join(filter(None, limits))
    return (
        f"自 {since} 起，峰值 {episode.peak:f} {episode.unit}，{limit} {episode.unit}，"
        f"依据 {episode.limit_source}{label}"
    )
