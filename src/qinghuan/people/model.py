"""The people room's nouns: roles, who acts, areas, offices, persons, grants, sessions."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar
from uuid import UUID

Noun = TypeVar("Noun")


class Role(StrEnum):
    """What a person is in an area and an office."""

    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    DUTY_OFFICER = "duty_officer"
    ACCEPTOR = "acceptor"
    DISPATCHER = "dispatcher"
    DIRECTOR = "director"
    OFFICE_HEAD = "office_head"
    HANDLER = "handler"
    CHECKER = "checker"
    GRID_WORKER = "grid_worker"
    DEPUTY = "deputy"
    CONGRESS_STAFF = "congress_staff"
    CARBON_ANALYST = "carbon_analyst"
    ENTERPRISE_REPORTER = "enterprise_reporter"
    CITIZEN = "citizen"
    PUBLIC = "public"


class Mark(IntEnum):
    """Security mark of a row, a blob or a reader, lowest first."""

    PUBLIC = 0
    INTERNAL = 1
    SENSITIVE = 2
    IMPORTANT = 3


class Right(StrEnum):
    """A privileged act of the people room, or a family of commands elsewhere."""

    MANAGE_AREAS = "manage_areas"
    MANAGE_OFFICES = "manage_offices"
    MANAGE_PERSONS = "manage_persons"
    READ_PERSONS = "read_persons"
    REQUEST_GRANT = "request_grant"
    APPROVE_GRANT = "approve_grant"
    REVOKE_GRANT = "revoke_grant"
    RESET_FACTOR = "reset_factor"
    ISSUE_TOKEN = "issue_token"  # noqa: S105 - the name of a right, not a secret
    READ_AUDIT = "read_audit"
    OPEN_VAULT = "open_vault"
    HANDLE = "handle"
    JUDGE = "judge"


class SessionState(StrEnum):
    """How far a session's owner has come in signing in."""

    NEEDS_ENROLMENT = "needs_enrolment"
    NEEDS_SECOND_FACTOR = "needs_second_factor"
    NEEDS_NEW_PASSWORD = "needs_new_password"  # noqa: S105 - a state, not a secret
    ACTIVE = "active"


class TokenScope(StrEnum):
    """What an integrator's or a device's token may do, whoever answers for it."""

    OBSERVATIONS_READ = "observations:read"
    OBSERVATIONS_WRITE = "observations:write"
    SIGNALS_WRITE = "signals:write"
    CASES_READ = "cases:read"
    PROOFS_READ = "proofs:read"
    METRICS_READ = "metrics:read"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """A role a person holds now, in an area and perhaps an office."""

    role: Role
    area_code: str
    """Short code; the role reaches every area whose code starts with it."""
    office_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a person signed in, a token, or nobody.

    Roles are empty until the session is active, so that everything is denied before it.
    """

    person_id: UUID | None
    name_label: str
    """By post (值守员 07), fit for every screen; never the person's name."""
    roles: tuple[HeldRole, ...] = ()
    state: SessionState = SessionState.ACTIVE
    session_id: UUID | None = None
    token_id: UUID | None = None
    token_scopes: frozenset[TokenScope] = frozenset()
    token_area_code: str = ""
    token_mark: Mark = Mark.PUBLIC

    @property
    def reference(self) -> str:
        """How a record names this actor: an opaque id, never a personal value."""
        if self.token_id is not None:
            return f"token/{self.token_id}"
        return "nobody" if self.person_id is None else f"person/{self.person_id}"


NOBODY_IN_PARTICULAR = Actor(person_id=None, name_label="公众")
"""An unauthenticated caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An administrative area or unit grid, by its short code."""

    area_code: str
    name: str
    name_en: str = ""
    longitude_deg: float | None = None
    latitude_deg: float | None = None
    has_outline: bool = False
    is_fictional: bool = False


class OfficeKind(StrEnum):
    """What sort of body an office is."""

    CENTRE = "centre"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    VILLAGE = "village"
    CONGRESS = "congress"
    ENTERPRISE = "enterprise"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A body that has duties in an area."""

    id: UUID
    name: str
    kind: OfficeKind
    area_code: str
    credit_code: str | None = None
    """Unified social credit code, where it has one."""
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as administrators see one: no phone, no password."""

    id: UUID
    login_name: str
    name: str
    post_label: str
    area_code: str
    office_id: UUID | None
    mark: Mark
    created_at: datetime
    disabled_at: datetime | None = None
    has_phone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role asked for one person by another, and what became of the request."""

    id: UUID
    person_id: UUID
    role: Role
    area_code: str
    office_id: UUID | None
    asked_by: UUID | None
    """Nobody only for the first three administrators, who come in by a set-up code."""
    asked_at: datetime
    reason: str
    valid_from: datetime
    valid_until: datetime | None = None
    approved_by: UUID | None = None
    approved_at: datetime | None = None
    declined_by: UUID | None = None
    declined_at: datetime | None = None
    revoked_by: UUID | None = None
    revoked_at: datetime | None = None

    def is_waiting(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.approved_at is None and self.declined_at is None and self.revoked_at is None

    def is_live(self, at: datetime) -> bool:
        """Whether the role is held at a moment."""
        begun = self.approved_at is not None and self.valid_from <= at
        ended = self.valid_until is not None and self.valid_until <= at
        return begun and not ended and self.revoked_at is None

    def held(self) -> HeldRole:
        """The role it gives."""
        return HeldRole(role=self.role, area_code=self.area_code, office_id=self.office_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who holds a role, by post; no name."""

    person_id: UUID
    post_label: str
    area_code: str
    office_id: UUID | None
    has_phone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An API token as listed: what it may do, never its secret."""

    id: UUID
    person_id: UUID
    """Who answers for it."""
    name: str
    scopes: frozenset[TokenScope]
    area_code: str
    mark: Mark
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, at: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAttempt:
    """One try at signing in, as kept for the audit."""

    at: datetime
    person_id: UUID | None
    source: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A privileged act, or a refused try at one, as the auditor sees it."""

    at: datetime
    actor: str
    """As in the record: `person/<id>`, `token/<id>`, `set-up`, `nobody`."""
    kind: str
    """Dotted word, as in the record: `grant.approved`."""
    subject: str
    area_code: str
    """Where; empty for an act on the whole platform."""
    is_done: bool
    record_id: UUID | None
    """The record in the log; none for a refusal, which changed nothing."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActsAsked:
    """Which acts an auditor asks for; empty fields ask for all."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    kind: str = ""
    """A whole kind or its first word, as `grant`."""
    subject: str = ""
    refused_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """A session as its owner sees it."""

    id: UUID
    started_at: datetime
    last_seen_at: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAsked:
    """Which page of a list is asked for."""

    number: int = 1
    size: int = 50
    text: str = ""
    """Words that names or codes must contain; empty for all."""

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (max(self.number, 1) - 1) * self.limit

    @property
    def limit(self) -> int:
        """Rows of the page, never above 200."""
        return min(max(self.size, 1), 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Noun]):
    """One page of a list, and how long the whole list is."""

    items: tuple[Noun, ...] = field(default=())
    total: int = 0
    asked: PageAsked = field(default_factory=PageAsked)
