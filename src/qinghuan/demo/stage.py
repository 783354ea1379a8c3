"""The demo's stage: the city entered, its stations playing, its limits set.

`prepare` before the platform opens its doors, `Performance` once the gateway listens.
"""

import json
from datetime import datetime
from pathlib import Path
from threading import Thread

import structlog

from qinghuan.core.clock import Clock
from qinghuan.demo.geography.atlas import lay_base_map
from qinghuan.demo.hours.stations import STATIONS, DemoStation
from qinghuan.demo.replay import Replay
from qinghuan.demo.schedule import Pace
from qinghuan.demo.seed import ACTOR, seed
from qinghuan.infra.database import SYSTEM, Database, Session
from qinghuan.people.gate import Gate
from qinghuan.sensing.model import OwnLimit
from qinghuan.sensing.service.limits import set_limit
from qinghuan.sensing.service.stations import datastreams_of, station_by_mn

BASE_MAP = "basemap"
"""Folder of the base map in the data folder."""

_EPOCH_FILE = "demo.json"

GATEWAY_LEARNS_S = 3.0
"""The gateway takes in changed datastreams each second; thrice that is safe. [s]"""

_log = structlog.get_logger(__name__)


def prepare(database: Database, gate: Gate, data_dir: Path, at: datetime) -> datetime:
    """Enter the city, lay its map, and remember when the demo first started.

    Args:
        database: Migrated.
        gate: The people room's gate, not of a production house.
        data_dir: The installation's data folder.
        at: Now.

    Returns:
        The demo's epoch: the hour of its first start in this data folder.

    Raises:
        PlantingRefused: The house runs in production.
    """
    seed(database, gate, at)
    lay_base_map(data_dir / BASE_MAP)
    return epoch_of(data_dir, at)


def epoch_of(data_dir: Path, at: datetime) -> datetime:
    """Hour of the first start; kept in the data folder, so that a restart goes on from it."""
    kept = data_dir / _EPOCH_FILE
    if kept.exists():
        return datetime.fromisoformat(json.loads(kept.read_text(encoding="utf-8"))["epoch_at"])
    epoch_at = at.replace(minute=0, second=0, microsecond=0)
    kept.write_text(json.dumps({"epoch_at": epoch_at.isoformat()}) + "\n", encoding="utf-8")
    return epoch_at


class Performance:
    """The stations playing; limits are set once the first values have opened datastreams."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        address: tuple[str, int],
        epoch_at: datetime,
        pace: Pace | None = None,
    ) -> None:
        """Prepare the links.

        Args:
            database: Where the limits are set.
            clock: The time.
            address: Host and port of the gateway.
            epoch_at: What `prepare` returned.
            pace: How fast the demo catches up.
        """
        self.replay = Replay(address, clock, epoch_at, pace)
        self._database = database
        self._clock = clock
        self._thread = Thread(target=self._direct, name="demo-stage", daemon=True)

    def start(self) -> None:
        """Begin, without waiting."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the stations."""
        self.replay.stop()
        self._thread.join(timeout=10)

    def _direct(self) -> None:
        """Rush, set the limits, let the gateway learn them, walk."""
        self.replay.start()
        if not self.replay.wait_rushed():
            return
        number = set_limits(self._database, self._clock.now())
        _log.info("demo.limits", set=number)
        if self.replay.pause(GATEWAY_LEARNS_S):
            self.replay.walk()


def set_limits(database: Database, at: datetime) -> int:
    """Set the stations' own limits on their hourly means; those set already are left.

    Returns:
        How many were set now.
    """
    with database.transaction(SYSTEM) as session:
        return sum(_set_limits_of(session, station, at) for station in STATIONS)


def _set_limits_of(session: Session, station: DemoStation, at: datetime) -> int:
    """Set one station's limits."""
    streams = {
        stream.code: stream
        for stream in datastreams_of(session, station_by_mn(session, station.mn).id)
        if (stream.period, stream.kind) == ("hour", "Avg")
    }
    number = 0
    for limit in station.limits:
        own = OwnLimit(upper=limit.upper, lower=limit.lower, source=limit.source)
        stream = streams.get(limit.code)
        if stream is not None and stream.own_limit != own:
            set_limit(session, stream.id, own, actor=ACTOR, at=at)
            number += 1
    return number
