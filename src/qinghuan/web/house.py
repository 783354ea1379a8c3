"""What the application is made of, handed in once and never imported from settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qinghuan.core.clock import Clock, SystemClock
from qinghuan.infra.database import Database, Session
from qinghuan.infra.events import EventBroker
from qinghuan.infra.health import Health
from qinghuan.people.gate import Gate
from qinghuan.people.model import Actor
from qinghuan.people.ratelimit import Limiter
from qinghuan.web.overview import CockpitSource
from qinghuan.web.rendering import Face


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """How the outside reaches this server, and what it takes from there."""

    secret: bytes = field(repr=False)
    """Binds forms to sessions."""
    public_url: str = ""
    """Address people type; empty: the request's own host counts."""
    is_secure: bool = False
    """Cookies travel over TLS only, and browsers are told to use nothing else."""
    body_bytes: int = 26_214_400
    """Largest request taken. [bytes]"""
    root_area_code: str = "99"
    """Area over which the first three administrators are set up."""

    @property
    def session_cookie(self) -> str:
        """Name of the session cookie; browsers hold the prefixed one to this host and TLS."""
        return "__Host-qh_session" if self.is_secure else "qh_session"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account whose secrets everybody knows: in a demo only."""

    login_name: str
    password: str = field(repr=False)
    label: str
    """The post, 值守员 07."""
    detail: str = ""
    """What to try with it."""
    totp_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RailCount:
    """How many things wait for a person in a room; shown only where somebody must act."""

    number: int
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something a search found."""

    title: str
    kind: str
    href: str
    icon: str
    detail: str = ""


Finder = Callable[[Session, str], tuple[Hit, ...]]
"""Searches one room in the session's scope."""

Counter = Callable[[Session, Actor, datetime], Mapping[str, RailCount]]
"""Counts what waits for a person, by the room's key on the rail."""


def nothing_waits(
    session: Session,  # noqa: ARG001  a Counter
    actor: Actor,  # noqa: ARG001
    at: datetime,  # noqa: ARG001
) -> Mapping[str, RailCount]:
    """Count nothing."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The parts that pages and routes use."""

    database: Database
    site: Site
    gate: Gate
    face: Face
    limiter: Limiter
    broker: EventBroker
    health: Health
    cockpit: CockpitSource
    finders: tuple[Finder, ...] = ()
    counter: Counter = nothing_waits
    demo_accounts: tuple[DemoAccount, ...] = ()
    clock: Clock = field(default_factory=SystemClock)
    log_vkey: str = ""
    """The log's public key as published; pages about proofs show it."""
