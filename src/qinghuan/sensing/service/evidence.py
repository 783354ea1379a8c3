"""The way back from a value: to the frame that brought it, and to the log."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from qinghuan.core.identity import uuid7
from qinghuan.infra.database import Session
from qinghuan.sensing.errors import FrameUnknown, ObservationUnknown
from qinghuan.sensing.hj212.judge import mask_secrets
from qinghuan.sensing.model import KeptFrame, Observation, ObservationChange
from qinghuan.sensing.repository import observations as repository

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value comes from."""

    observation: Observation
    frame: KeptFrame
    """Its `record_id` names the log's record that lists its hash."""
    changes: tuple[ObservationChange, ...]
    """What stood there before, oldest first."""


def origin_of(session: Session, datastream_id: UUID, phenomenon_at: datetime) -> Origin:
    """A value with its frame, and the values it took the place of.

    Raises:
        ObservationUnknown: There is no such value in reach.
        FrameUnknown: Its frame is not in reach.
    """
    observation = repository.observation_at(session, datastream_id, phenomenon_at)
    if observation is None:
        raise ObservationUnknown(f"{datastream_id} {phenomenon_at.isoformat()}")
    until = phenomenon_at + _INSTANT
    changes = repository.changes_of(session, datastream_id, phenomenon_at, until)
    return Origin(
        observation=observation,
        frame=frame_of(session, observation.frame_id),
        changes=tuple(changes),
    )


def frame_of(session: Session, frame_id: UUID) -> KeptFrame:
    """A kept frame, its passwords blanked.

    Raises:
        FrameUnknown: There is no such frame in reach.
    """
    frame = repository.frame_of(session, frame_id)
    if frame is None:
        raise FrameUnknown(str(frame_id))
    return replace(frame, raw=mask_secrets(frame.raw))


def frames_of(
    session: Session, station_id: UUID, since: datetime, until: datetime, *, limit: int = 100
) -> list[KeptFrame]:
    """Frames a station sent in a span of its own time, the latest first, passwords blanked."""
    frames = repository.frames_of(
        session, station_id, _first_id(since), _first_id(until), min(max(limit, 1), 1000)
    )
    return [replace(frame, raw=mask_secrets(frame.raw)) for frame in frames]


def _first_id(at: datetime) -> UUID:
    """Least id of a frame sent at a time."""
    return uuid7(int(at.timestamp() * 1000), bytes(10))
