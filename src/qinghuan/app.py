"""Builds the application: the only file that knows every room."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from fastapi import APIRouter, FastAPI

from qinghuan.casework.service.desk import Desk, set_up
from qinghuan.casework.settings import CaseworkSettings
from qinghuan.core.clock import Clock, SystemClock
from qinghuan.flows.exceedance_opens_case import is_source_quiet
from qinghuan.infra.database import SYSTEM, Database
from qinghuan.infra.events import EventBroker
from qinghuan.infra.foundation import Foundation
from qinghuan.infra.health import check_lag
from qinghuan.infra.settings import Exposure, refuse_unsafe
from qinghuan.people.gate import Gate, build_gate
from qinghuan.people.ratelimit import Limiter, Rate
from qinghuan.people.settings import PeopleSettings
from qinghuan.sensing.settings import SensingSettings
from qinghuan.trace.note import Ed25519Signer
from qinghuan.trace.service.sequencing import sequencer_lag
from qinghuan.trace.settings import EXAMPLE_ORIGIN, TraceSettings
from qinghuan.web.administration import pages as administration_pages
from qinghuan.web.application import create
from qinghuan.web.assets import Assets
from qinghuan.web.casework import pages as casework_pages
from qinghuan.web.casework.finding import count_waiting, find_cases, find_stations
from qinghuan.web.casework.measured import measured_behind
from qinghuan.web.casework.parts import Parts
from qinghuan.web.cockpit.source import RoomsCockpit
from qinghuan.web.house import DemoAccount, House, Site
from qinghuan.web.log import pages as log_pages
from qinghuan.web.rendering import Face
from qinghuan.web.settings import WebSettings
from qinghuan.web.stations import pages as station_pages

Application = FastAPI
"""What `build` gives, for floors that serve it without knowing the web's library."""

ROUTERS: Sequence[APIRouter] = (
    casework_pages.router,
    station_pages.router,
    administration_pages.router,
    log_pages.router,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSettings:
    """What a site has set for each room."""

    people: PeopleSettings = field(default_factory=PeopleSettings)
    trace: TraceSettings = field(default_factory=TraceSettings)
    sensing: SensingSettings = field(default_factory=SensingSettings)
    casework: CaseworkSettings = field(default_factory=CaseworkSettings)
    web: WebSettings = field(default_factory=WebSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What only the demo city has."""

    accounts: tuple[DemoAccount, ...] = ()
    map_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The rooms' parts that more than one edge uses."""

    foundation: Foundation
    settings: RoomSettings
    gate: Gate
    signer: Ed25519Signer
    desk: Desk
    clock: Clock

    @property
    def database(self) -> Database:
        """The one database."""
        return self.foundation.database


def furnish(
    foundation: Foundation,
    settings: RoomSettings,
    *,
    is_demo: bool = False,
    clock: Clock | None = None,
) -> Rooms:
    """Put the rooms on their foundation.

    Args:
        foundation: Open.
        settings: Of each room.
        is_demo: Whether accounts with known secrets exist.
        clock: The time; the machine's if not given.

    Raises:
        UnsafeSettings: Production, and something would be unsafe.
    """
    refuse_unsafe(foundation.settings, exposure_of(settings, is_demo=is_demo))
    return Rooms(
        foundation=foundation,
        settings=settings,
        gate=build_gate(
            settings.people,
            foundation.keys.folder,
            is_production=foundation.settings.is_production,
            log_max_lag_s=settings.trace.max_lag_s,
        ),
        signer=signer_of(foundation, settings.trace),
        desk=set_up(settings.casework),
        clock=clock or SystemClock(),
    )


def exposure_of(settings: RoomSettings, *, is_demo: bool) -> Exposure:
    """What the rooms' settings would open in production."""
    return Exposure(
        has_demo_accounts=is_demo,
        has_demo_area=bool(settings.people.unsafe_in_production()),
        has_example_log=settings.trace.origin == EXAMPLE_ORIGIN,
    )


def signer_of(foundation: Foundation, settings: TraceSettings) -> Ed25519Signer:
    """The log's signer, its key beside the installation's other keys."""
    return Ed25519Signer(settings.origin, foundation.keys.key("log-signing"))


def build(rooms: Rooms, demo: Demo | None = None) -> FastAPI:
    """Build the web application on furnished rooms.

    Args:
        rooms: The rooms.
        demo: What only the demo city has; None anywhere else.
    """
    foundation = rooms.foundation
    infra = foundation.settings
    web = rooms.settings.web
    broker = EventBroker(foundation.database.url)
    foundation.health.add("sequencer", check_lag(lambda: _lag_s(rooms), max_lag_s=5.0))
    house = House(
        database=foundation.database,
        site=Site(
            secret=foundation.session_key,
            public_url=infra.public_url if infra.is_production else "",
            is_secure=infra.cookie_secure,
            root_area_code=rooms.settings.people.root_area_code,
        ),
        gate=rooms.gate,
        face=Face(Assets(), is_demo=demo is not None),
        limiter=Limiter(Rate(burst=web.requests_burst, per_s=web.requests_per_s)),
        broker=broker,
        health=foundation.health,
        cockpit=RoomsCockpit(note=demo.map_note if demo else ""),
        finders=(find_cases, find_stations),
        counter=count_waiting,
        demo_accounts=demo.accounts if demo else (),
        clock=rooms.clock,
        log_vkey=rooms.signer.verifier.vkey(),
    )
    app = create(house, routers=ROUTERS, lifespan=lambda _app: _listening(broker))
    app.state.casework = Parts(
        desk=rooms.desk,
        blobs=foundation.blobs,
        is_quiet=partial(
            is_source_quiet, window=timedelta(hours=rooms.settings.casework.quiet_hours)
        ),
        measured=measured_behind,
    )
    app.state.base_map = base_map_of(infra.data_dir)
    return app


def base_map_of(data_dir: Path) -> Path:
    """Folder in which a site lays its own base map."""
    return data_dir / "basemap"


def _listening(broker: EventBroker) -> AbstractAsyncContextManager[None]:
    """Listen to the database while the application runs."""

    @asynccontextmanager
    async def listen() -> AsyncIterator[None]:
        task = asyncio.create_task(broker.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return listen()


def _lag_s(rooms: Rooms) -> float:
    at = rooms.clock.now()
    with rooms.database.transaction(SYSTEM) as session:
        return sequencer_lag(session).waiting_s(at)
