"""Silences: stations that stopped sending, and that send again."""

from dataclasses import replace
from datetime import datetime, timedelta

from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.sensing.exceedance import Step
from qinghuan.sensing.model import Episode, EpisodeChange, EpisodeKind, Station
from qinghuan.sensing.repository import episodes as repository
from qinghuan.sensing.repository import stations as station_repository
from qinghuan.sensing.service.episodes import tell
from qinghuan.sensing.silence import LEAST_SILENCE, SILENCE_FACTOR, cadence_of, silent_since
from qinghuan.trace.model import Entry
from qinghuan.trace.service.recording import record

VALUES_LOOKED_AT = 24
LOOK_BACK = timedelta(days=40)
"""Far enough to see the beat of daily values."""


def find_silent(
    session: Session,
    at: datetime,
    *,
    silence_factor: int = SILENCE_FACTOR,
    default_cadence_s: int = 3_600,
) -> list[EpisodeChange]:
    """Raise a silence for each station that fell silent, and end those that are over.

    Args:
        session: A transaction in SYSTEM scope.
        at: Now.
        silence_factor: Missed beats that make a silence.
        default_cadence_s: Beat of a station that states none and shows none. [s]

    Returns:
        Silences raised and ended.
    """
    usual = timedelta(seconds=default_cadence_s)
    changes = [*_ended(session, at), *_raised(session, at, silence_factor, usual)]
    for change in changes:
        tell(session, change)
    return changes


def _ended(session: Session, at: datetime) -> list[EpisodeChange]:
    """End the silences of stations that were heard again."""
    changes = []
    for episode, heard_at in repository.open_silences(session):
        if heard_at <= episode.started_at:
            continue
        ended = replace(episode, last_at=heard_at, ended_at=heard_at)
        repository.save_episode(session, ended)
        station = station_repository.station_of(session, episode.station_id)
        if station:
            changes.append(_told(session, Step.ENDED, ended, station, at))
    return changes


def _raised(session: Session, at: datetime, factor: int, usual: timedelta) -> list[EpisodeChange]:
    """Raise the silences of stations that missed too many beats."""
    quiet = repository.quiet_stations(session, at - LEAST_SILENCE)
    stations = station_repository.stations_by_id(session, {one.station_id for one in quiet})
    changes = []
    for one in quiet:
        station = stations[one.station_id]
        cadence = _cadence(session, station, at) or usual
        since = silent_since(one.last_frame_at, cadence, at, factor=factor)
        if since is None:
            continue
        episode = Episode(
            id=new_id(),
            kind=EpisodeKind.SILENCE,
            station_id=station.id,
            datastream_id=None,
            area_code=station.area_code,
            mark=station.mark,
            started_at=since,
            last_at=at,
            ended_at=None,
            told_at=at,
        )
        repository.add_episode(session, episode)
        changes.append(_told(session, Step.RAISED, episode, station, at))
    return changes


def _cadence(session: Session, station: Station, at: datetime) -> timedelta | None:
    """How often a station sends: as stated, or as its values show."""
    if station.cadence_s is not None:
        return timedelta(seconds=station.cadence_s)
    return cadence_of(
        repository.latest_times(session, station.id, VALUES_LOOKED_AT, at - LOOK_BACK)
    )


def _told(
    session: Session, step: Step, episode: Episode, station: Station, at: datetime
) -> EpisodeChange:
    """Put a step into the log and hand it on."""
    record_id = record(
        session,
        Entry(
            kind=f"silence.{step.value}",
            subject=f"station/{station.mn}",
            at=at,
            actor="system",
            data={
                "episode": str(episode.id),
                "started_at": episode.started_at.isoformat(),
                "ended_at": episode.ended_at.isoformat() if episode.ended_at else None,
            },
        ),
    )
    return EpisodeChange(
        step=step.value, episode=episode, station=station, datastream=None, record_id=record_id
    )
