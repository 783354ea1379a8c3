"""Builders of casework: actors of every role, a signal, and a life that a case can lead."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from qinghuan.casework.adapters.shelf import calendar, calendars, policies, policy
from qinghuan.casework.clock import PauseReason
from qinghuan.casework.codes import IN_FORCE, CodeKind, MatterCode
from qinghuan.casework.model import (
    SYSTEM_ACTOR,
    Acting,
    Evidence,
    EvidenceKind,
    NamedPerson,
    Purpose,
    Role,
    Signal,
    Source,
)
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.asking import Context, ParentFact, Refusal
from qinghuan.casework.problem.case import Case, Leg
from qinghuan.casework.problem.decide import decide
from qinghuan.casework.problem.events import Event
from qinghuan.casework.problem.evolve import evolve
from qinghuan.casework.problem.states import (
    Oversight,
    RefusalReason,
    State,
    Supervision,
    Verdict,
)
from qinghuan.core.clock import BEIJING
from qinghuan.core.geo import Place

MONDAY = datetime(2026, 11, 23, 9, tzinfo=BEIJING).astimezone(UTC)
"""A working morning with a plain week behind it."""

SPOT = Place(longitude_deg=110.4, latitude_deg=21.2)
FAR = Place(longitude_deg=110.402, latitude_deg=21.2)
"""Two hundred metres east of the spot."""

CODE = MatterCode(standard_ref=IN_FORCE, kind=CodeKind.MATTER, code="06026")
CENTRE, WATER, PARKS, CHECKING = "centre", "office-water", "office-parks", "office-checking"


def actor(role: Role, person: str = "", office: str | None = None) -> Acting:
    return Acting(
        person=person or f"{role}-1", roles=frozenset({role}), office_id=office, label=role.zh
    )


ACCEPTOR = actor(Role.ACCEPTOR, office=CENTRE)
ACCEPTOR_2 = actor(Role.ACCEPTOR, "acceptor-2", CENTRE)
DISPATCHER = actor(Role.DISPATCHER, office=CENTRE)
DIRECTOR = actor(Role.DIRECTOR, office=CENTRE)
HEAD = actor(Role.OFFICE_HEAD, office=WATER)
HANDLER = actor(Role.HANDLER, office=WATER)
PARKS_HEAD = actor(Role.OFFICE_HEAD, "parks-head", PARKS)
CHECKER = actor(Role.CHECKER, office=CHECKING)
GRID_WORKER = actor(Role.GRID_WORKER)
CITIZEN = actor(Role.CITIZEN)
CONGRESS = actor(Role.CONGRESS_STAFF)
SYSTEM = SYSTEM_ACTOR
EVERYONE = (
    ACCEPTOR, ACCEPTOR_2, DISPATCHER, DIRECTOR, HEAD, HANDLER, PARKS_HEAD, CHECKER, GRID_WORKER,
    CITIZEN, CONGRESS, SYSTEM,
)  # fmt: skip

LEGS = (Leg(office_id=WATER, office_name="水务局", is_lead=True),)
LEGS_WITH_PARKS = (*LEGS, Leg(office_id=PARKS, office_name="园林局", is_lead=False))


def named(person: str = "handler-1", office: str = WATER, *, has_phone: bool = True) -> NamedPerson:
    return NamedPerson(person=person, label="张三", office_id=office, has_phone=has_phone)


def a_signal(source: Source = Source.CITIZEN, **changes: object) -> Signal:
    plain = Signal(
        signal_id="signal-1",
        submit_key="key-1",
        source=source,
        title="河面漂浮垃圾",
        text="桥下有大片垃圾",
        area_code="990101",
        observed_at=MONDAY - timedelta(minutes=5),
        place=SPOT,
        code=CODE,
        source_ref="station-1/w01018" if source.is_machine else None,
        reporter="" if source.is_machine else CITIZEN.person,
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # a builder's free choice


def context(**changes: object) -> Context:
    plain = Context(
        calendars=calendars(),
        calendar_id=calendar().calendar_id,
        policies=policies(),
        policy_id=policy().policy_id,
        centre_office=CENTRE,
        is_source_quiet=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # a builder's free choice


def open_parent(**changes: object) -> ParentFact:
    plain = ParentFact(case_id="case-0", state=State.HANDLING, merged_into=None)
    return replace(plain, **changes)  # type: ignore[arg-type] # a builder's free choice


def evidence(purpose: Purpose, at: datetime, **changes: object) -> c.AddEvidence:
    plain = Evidence(
        evidence_id=f"{purpose}-{at.isoformat()}",
        kind=EvidenceKind.PHOTO,
        purpose=purpose,
        sha256="ab" * 32,
        taken_at=at,
        place=SPOT,
    )
    return c.AddEvidence(evidence=replace(plain, **changes))  # type: ignore[arg-type] # free choice


@dataclass
class Life:
    """A case lived step by step; each step takes a few minutes."""

    case: Case | None = None
    at: datetime = MONDAY
    context: Context = field(default_factory=context)
    events: list[Event] = field(default_factory=list)
    step: timedelta = timedelta(minutes=2)

    def ask(self, command: c.Command, who: Acting) -> list[Event] | Refusal:
        """Judge a command now, without doing it."""
        return decide(self.case, command, who, self.at, self.context)

    def do(self, command: c.Command, who: Acting) -> "Life":
        """Do a command that must be allowed."""
        answer = self.ask(command, who)
        assert not isinstance(answer, Refusal), f"{command} refused: {answer}"
        for event in answer:
            self.case = evolve(self.case, event)
            self.events.append(event)
        self.at += self.step
        return self

    def wait(self, **span: int) -> "Life":
        """Let time pass."""
        self.at += timedelta(**span)
        return self

    @property
    def now(self) -> Case:
        """The case, once there is one."""
        assert self.case is not None
        return self.case


def received(source: Source = Source.CITIZEN, **changes: object) -> Life:
    life = Life()
    signal = a_signal(source, **changes)
    who = SYSTEM if source.is_machine else CITIZEN
    return life.do(c.Submit(case_id="case-1", number="2026-000001", signal=signal), who)


def file_it(code: MatterCode | None = CODE) -> c.File:
    return c.File(code=code, grid_code="990101001001001", is_condition_met=True)


def filed(source: Source = Source.CITIZEN) -> Life:
    return received(source).do(file_it(), ACCEPTOR)


def dispatched(source: Source = Source.CITIZEN, legs: tuple[Leg, ...] = LEGS) -> Life:
    return filed(source).do(c.Dispatch(legs=legs), DISPATCHER)


def handling(source: Source = Source.CITIZEN, legs: tuple[Leg, ...] = LEGS) -> Life:
    return dispatched(source, legs).do(c.Sign(handler=named()), HEAD)


def suspended() -> Life:
    life = handling()
    until = life.at + timedelta(days=30)
    ask = c.AskSuspension(reason=PauseReason.SUSPENDED, until=until, text="等待汛期结束")
    return life.do(ask, HANDLER).do(c.EndorseRequest(), HEAD).do(c.ApproveRequest(), DISPATCHER)


def shown(life: Life, purpose: Purpose = Purpose.AFTER, who: Acting = HANDLER) -> Life:
    return life.do(evidence(purpose, life.at), who)


def done(source: Source = Source.CITIZEN) -> Life:
    return shown(handling(source)).do(c.ReportDone(text="已清理"), HANDLER)


def reported(source: Source = Source.CITIZEN) -> Life:
    return done(source).do(c.ConfirmDone(), HEAD)


def checking(source: Source = Source.CITIZEN) -> Life:
    checker = named(CHECKER.person, CHECKING)
    return reported(source).do(c.SendCheck(checker=checker), ACCEPTOR)


def checked(source: Source = Source.CITIZEN) -> Life:
    life = shown(checking(source), Purpose.CHECK, CHECKER)
    return life.do(c.CheckResult(is_passed=True), CHECKER)


def close_it() -> c.Close:
    return c.Close(is_condition_met=True, closing_condition="水面无漂浮垃圾")


def closed(source: Source = Source.CITIZEN) -> Life:
    return checked(source).do(close_it(), ACCEPTOR)


def refused() -> Life:
    return received().do(refuse_it(), ACCEPTOR)


def refuse_it(text: str = "不属于本区") -> c.Refuse:
    return c.Refuse(reason=RefusalReason.OUT_OF_AREA, text=text)


def merged() -> Life:
    life = received()
    life.context = context(parent=open_parent())
    return life.do(c.Merge(parent_id="case-0"), ACCEPTOR)


def verifying() -> Life:
    return received().do(c.SendVerify(collector=GRID_WORKER.person), ACCEPTOR)


def archived() -> Life:
    life = closed().wait(days=120)
    return life.do(c.Archive(), SYSTEM)


IN_STATE = {
    State.RECEIVED: received,
    State.VERIFYING: verifying,
    State.REFUSED: refused,
    State.FILED: filed,
    State.DISPATCHED: dispatched,
    State.HANDLING: handling,
    State.SUSPENDED: suspended,
    State.REPORTED: reported,
    State.CHECKING: checking,
    State.CLOSED: closed,
    State.MERGED: merged,
    State.ARCHIVED: archived,
}
"""A life that has come to each state; a case never rests in REOPENED."""


def in_state(state: State) -> Life:
    if state is State.REOPENED:
        life = closed()
        life.case = replace(life.now, state=State.REOPENED)
        return life
    return IN_STATE[state]()


SAMPLES: dict[type, c.Command] = {
    type(command): command
    for command in (
        c.Submit(case_id="case-2", number="2026-000002", signal=a_signal(signal_id="signal-2")),
        c.AttachSignal(signal=a_signal(signal_id="signal-3")),
        evidence(Purpose.REPORT, MONDAY),
        c.SendVerify(collector=GRID_WORKER.person),
        c.VerifyResult(is_found=True),
        file_it(),
        refuse_it(),
        c.ConfirmRefusal(),
        c.Appeal(text="属于本区"),
        c.Merge(parent_id="case-0"),
        c.Split(reason="不是同一处"),
        c.AdoptChild(child_id="case-9"),
        c.ReleaseChild(child_id="case-9"),
        c.NoteParentClosed(),
        c.Dispatch(legs=LEGS),
        c.DecideOwner(legs=LEGS, reason="河道属水务"),
        c.Return(reason="不是我单位职责", proposed_office=PARKS),
        c.Sign(handler=named()),
        c.NameHandler(handler=named("handler-2"), reason="调离"),
        c.AskExtension(text="雨天无法施工"),
        c.AskSuspension(
            reason=PauseReason.SUSPENDED, until=MONDAY + timedelta(days=30), text="等待汛期结束"
        ),
        c.EndorseRequest(),
        c.ApproveRequest(),
        c.DenyRequest(reason="无必要"),
        c.Resume(),
        c.AnswerLeg(text="无异议"),
        c.ReportDone(text="已清理"),
        c.ConfirmDone(),
        c.Rework(reason="仍有垃圾"),
        c.SendCheck(checker=named(CHECKER.person, CHECKING)),
        c.CheckResult(is_passed=True),
        close_it(),
        c.AskFollowUp(),
        c.AnswerFollowUp(verdict=Verdict.SATISFIED),
        c.Recur(
            signal_id="signal-4",
            source=Source.SENSOR,
            source_ref="station-1/w01018",
            code=CODE,
            observed_at=MONDAY + timedelta(days=3),
        ),
        c.Supervise(level=Supervision.SUPERVISED, reason="群众关注"),
        c.AttachOversight(kind=Oversight.INSPECT, text="十月视察"),
        c.Archive(),
        c.ReachRung(clock_key="accept-1", pct=50, due_at=MONDAY),
        c.ChangeCalendar(calendar_id=calendar().calendar_id),
        c.Repair(note="补派遣时限"),
    )
}
"""One of each command."""
