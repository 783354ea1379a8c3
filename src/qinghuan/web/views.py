"""What components show: small nouns that pages fill from the rooms' values.

Each carries facts only; `state` is derived (see `web.states`), so that no template and no
page chooses a colour. Texts are in Chinese or already in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from qinghuan.web.states import NEARLY_USED, State, state_of_clock, state_of_flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Num:
    """A figure is four things: value, unit, time, source."""

    value: float | Decimal | None
    """None is a gap: drawn hatched, never as zero."""
    unit: str = ""
    at: datetime | None = None
    source: str = ""
    places: int | None = None
    href: str = ""
    """Where its lineage is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """One of at most six figures of a page."""

    label: str
    num: Num
    note: str = ""
    icon: str = ""
    state: State | None = None
    """Only where a limit is passed; a figure that is merely large stays plain."""
    aqi_level: int = 0
    aqi_word: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A running duty: what, whose, until when, how much is used, paused or not."""

    duty: str
    who: str
    until_at: datetime | None
    used_ratio: float
    """[0–∞]"""
    left_s: float
    """Negative once it is over. [s]"""
    is_working: bool = True
    """Counts working hours; else it runs through nights and holidays."""
    is_paused: bool = False
    is_met: bool = False
    is_breached: bool = False
    note: str = ""
    is_provisional: bool = False

    @property
    def state(self) -> State:
        """Of the clock as a whole."""
        return state_of_clock(
            self.used_ratio,
            is_paused=self.is_paused,
            is_met=self.is_met,
            is_breached=self.is_breached,
        )

    @property
    def used_pct(self) -> int:
        """Share of the limit used, for the bar: 0 to 100."""
        return round(min(max(self.used_ratio, 0.0), 1.0) * 100)

    @property
    def is_near(self) -> bool:
        """Past the 80 % rung and still running."""
        return self.state is State.WARN and self.used_ratio >= NEARLY_USED


@dataclass(frozen=True, slots=True, kw_only=True)
class ActView:
    """Something a person may do, or may not and why."""

    label: str
    action: str = ""
    """Address the form goes to; empty when refused or a plain link."""
    href: str = ""
    note: str = ""
    refusal: str = ""
    """The missing condition, who can supply it and by when."""
    is_primary: bool = False
    key: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Hidden fields, such as `expected_version`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofView:
    """A record's place in the log."""

    digest: str
    href: str = ""
    is_sealed: bool = True
    """False for the moment before the sequencer has placed it."""

    @property
    def state(self) -> State:
        """Sealed, or waiting for its place."""
        return State.OK if self.is_sealed else State.RUN

    @property
    def short(self) -> str:
        """First and last signs of the digest."""
        return f"{self.digest[:4]}…{self.digest[-2:]}" if len(self.digest) > 8 else self.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One sentence of what happened, one line of facts, its proof."""

    at: datetime
    icon: str
    text: str
    detail: str = ""
    state: State = State.RUN
    proof: ProofView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One line of the live feed."""

    at: datetime
    icon: str
    text: str
    detail: str = ""
    state: State = State.IDLE
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawView:
    """The conservation law: every signal has exactly one disposition."""

    signals: int
    opened: int
    attached: int
    refused: int
    waiting: int
    checked_at: datetime
    ownerless: int = 0
    """Open cases without an owner."""
    clockless: int = 0
    """Open cases without a clock."""

    @property
    def difference(self) -> int:
        """Signals lost, or counted twice; 0 when the law holds."""
        return self.signals - self.opened - self.attached - self.refused - self.waiting

    @property
    def is_kept(self) -> bool:
        """Whether nothing is lost and nothing lies about."""
        return self.difference == 0 and self.ownerless == 0 and self.clockless == 0

    @property
    def state(self) -> State:
        """Of the whole equation."""
        return State.OK if self.is_kept else State.BAD


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """A picture or document: when, how far from the place, by whom, its digest."""

    title: str
    src: str
    href: str = ""
    label: str = ""
    state: State = State.IDLE
    at: datetime | None = None
    distance_m: float | None = None
    who: str = ""
    digest: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageStep:
    """One step on the way from a figure back to raw bytes."""

    icon: str
    text: str
    detail: str = ""
    flag: str = ""
    proof: ProofView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """One of the seven stages of a case."""

    label: str
    detail: str = ""
    state: State | None = None
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """A share of a budget or limit, with its forecast and the limit as a tick."""

    label: str
    """The whole in words, for those who do not see the bar."""
    done_pct: float
    forecast_pct: float | None = None
    """Where the forecast ends. [%]"""
    limit_pct: float | None = None
    state: State = State.IDLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A result, told once."""

    title: str
    detail: str = ""
    state: State = State.OK
    href: str = ""
    href_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A form field with its value and what is wrong with it."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    fault: str = ""
    is_required: bool = False
    autocomplete: str = ""
    inputmode: str = ""
    maxlength: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    rows: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagView:
    """A value's quality flag with its word."""

    code: str
    word: str

    @property
    def state(self) -> State:
        """Of the value."""
        return state_of_flag(self.code)


def ends_at(clock: ClockView, at: datetime) -> datetime | None:
    """The instant a continuous clock runs out, for the browser to count to.

    A clock in working time, paused or met has none: it does not run steadily.
    """
    if clock.is_working or clock.is_paused or clock.is_met:
        return None
    return at + timedelta(seconds=clock.left_s)
