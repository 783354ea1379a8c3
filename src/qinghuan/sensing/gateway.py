"""The gateway put together: links above, the database below.

An edge of the house, like the web's request handling: here the writer's transaction is opened
and committed, and only what is committed is remembered.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

import psycopg

from qinghuan.core.clock import Clock
from qinghuan.infra import metrics
from qinghuan.infra.database import SYSTEM, Database
from qinghuan.sensing.adapters.gateway import Gateway
from qinghuan.sensing.errors import StoreUnavailable
from qinghuan.sensing.intake import Batch, Books
from qinghuan.sensing.roster import Roster
from qinghuan.sensing.service import intake
from qinghuan.sensing.settings import SensingSettings

if TYPE_CHECKING:
    from datetime import datetime

REFRESH_S = 1.0
"""How often stations and datastreams that changed are taken in."""


async def serve(
    database: Database,
    settings: SensingSettings,
    clock: Clock,
    *,
    stop: asyncio.Event,
    ready: Callable[[int], None] = lambda _port: None,
) -> None:
    """Run the gateway until it is told to stop.

    Args:
        database: Where frames go.
        settings: Port, limits and times.
        clock: Tells the time of reception.
        stop: Set to end: what was taken is stored and answered first.
        ready: Told the port once it is open.

    Raises:
        PortTaken: The port cannot be opened.
        StoreUnavailable: The database does not answer at the start.
    """
    writer = Writer(database, clock)
    await asyncio.to_thread(writer.refresh)
    gateway = Gateway(settings, writer.roster, writer.store, clock)
    refresher = asyncio.create_task(_refresh(writer))
    try:
        await gateway.serve(ready, stop)
    finally:
        refresher.cancel()


class Writer:
    """Stores batches, one transaction each, and remembers what became true."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Start with empty books."""
        self.roster = Roster()
        self._database = database
        self._clock = clock
        self._books = Books()
        self._refreshed_at: datetime | None = None
        self._turn = Lock()
        """Storing and refreshing both change the books, in threads of their own."""

    def store(self, batch: Batch) -> None:
        """Store a batch and commit it.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        with self._turn:
            with _outages_told(), self._database.transaction(SYSTEM) as session:
                stored = intake.store(session, batch, self._books, self._clock.now())
            self._books.learn(stored)
        for outcome, number in stored.outcomes.items():
            metrics.OBSERVATIONS.labels(outcome).inc(number)

    def refresh(self) -> None:
        """Take in stations and datastreams that changed.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        with self._turn, _outages_told(), self._database.transaction(SYSTEM) as session:
            self._refreshed_at = intake.refresh(
                session, self.roster, self._books, self._refreshed_at
            )


async def _refresh(writer: Writer) -> None:
    """Keep the roster current; an outage only delays it."""
    while True:
        await asyncio.sleep(REFRESH_S)
        try:
            await asyncio.to_thread(writer.refresh)
        except StoreUnavailable:
            continue


@contextmanager
def _outages_told() -> Iterator[None]:
    """Tell an outage of the database apart from a fault of what is stored."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)
        if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
            raise StoreUnavailable(str(cause)) from error
        raise
