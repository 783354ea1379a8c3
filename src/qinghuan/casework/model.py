"""The nouns of casework that everything else speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qinghuan.casework.codes import MatterCode
from qinghuan.core.geo import Place

CENTRE = "centre"
"""Office id of the directing centre where a site has registered none."""


class Role(StrEnum):
    """In what capacity somebody acts on a case; the values are those of the people room."""

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
    SYSTEM = "system"
    """The platform itself: rules, ticks, the reconciler."""

    @property
    def zh(self) -> str:
        """The role as the screens name it."""
        return _ROLE_ZH[self]


_ROLE_ZH: Mapping[Role, str] = {
    Role.DUTY_OFFICER: "值守员",
    Role.ACCEPTOR: "受理员",
    Role.DISPATCHER: "派遣员",
    Role.DIRECTOR: "指挥长",
    Role.OFFICE_HEAD: "单位负责人",
    Role.HANDLER: "处置员",
    Role.CHECKER: "核查员",
    Role.GRID_WORKER: "网格员",
    Role.DEPUTY: "人大代表",
    Role.CONGRESS_STAFF: "人大工作人员",
    Role.CARBON_ANALYST: "双碳分析员",
    Role.ENTERPRISE_REPORTER: "企业填报员",
    Role.CITIZEN: "市民",
    Role.PUBLIC: "公众",
    Role.SYSTEM: "平台",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who acts, in which capacities, for which office."""

    person: str
    """Opaque id of the person; `receipt:…` for an anonymous reporter, `system` for the platform."""
    roles: frozenset[str]
    office_id: str | None = None
    label: str = ""
    """What the timeline prints."""


SYSTEM_ACTOR = Acting(person="system", roles=frozenset({Role.SYSTEM}), label="平台")


class Source(StrEnum):
    """Where a signal came from."""

    CITIZEN = "citizen"
    DEPUTY = "deputy"
    STAFF = "staff"
    SENSOR = "sensor"
    SMOKE = "smoke"
    FENCE = "fence"
    CARBON = "carbon"

    @property
    def is_machine(self) -> bool:
        """Whether no person saw it; then a measured value must confirm the closing."""
        return self in _MACHINES

    @property
    def zh(self) -> str:
        """The source as the inbox names it."""
        return _SOURCE_ZH[self]


_MACHINES = frozenset({Source.SENSOR, Source.SMOKE, Source.FENCE, Source.CARBON})
_SOURCE_ZH: Mapping[Source, str] = {
    Source.CITIZEN: "市民随手拍",
    Source.DEPUTY: "代表随手拍",
    Source.STAFF: "网格上报",
    Source.SENSOR: "监测告警",
    Source.SMOKE: "烟火告警",
    Source.FENCE: "围栏闯入",
    Source.CARBON: "双碳预警",
}


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"
    READING = "reading"


class Purpose(StrEnum):
    """What a piece of evidence is to show."""

    REPORT = "report"
    VERIFY = "verify"
    AFTER = "after"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One file that shows something, known by its hash."""

    evidence_id: str
    kind: EvidenceKind
    purpose: Purpose
    sha256: str
    taken_at: datetime
    place: Place | None = None
    by: str = ""
    """Person who gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """A member of staff named for a duty, as the directory knows him."""

    person: str
    label: str
    office_id: str
    has_phone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One report from outside, kept as it came."""

    signal_id: str = ""
    """Ours; empty until the service has given one."""
    submit_key: str
    """Made by the sender before the first byte; the same key is the same report."""
    source: Source
    title: str
    text: str
    area_code: str
    observed_at: datetime
    place: Place | None = None
    address: str = ""
    code: MatterCode | None = None
    source_ref: str | None = None
    """What the machine watched: `station/parameter`, `camera/track`; None for people."""
    is_trusted: bool = False
    """Machine sources: quality checks passed, or two cameras agreed."""
    is_online: bool = True
    reporter: str = ""
    """Opaque id of the reporter; empty for machines."""
    mark: int = 1
    media_sha256: tuple[str, ...] = ()
