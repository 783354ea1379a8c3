"""A case page's parts: clocks, stages, story, evidence, acts, all of one person's view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qinghuan.casework.clock import ClockState
from qinghuan.casework.model import EvidenceKind, Purpose
from qinghuan.casework.problem import events as e
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.states import ClockKind
from qinghuan.casework.problem.states import State as CaseState
from qinghuan.casework.service.viewing import CaseView, Step
from qinghuan.casework.service.viewing import ClockView as CaseClock
from qinghuan.core.geo import distance_m
from qinghuan.web.casework.sentences import KINDS, PURPOSES, line_of
from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.states import State, state_of_stage
from qinghuan.web.views import (
    ClockView,
    EvidenceView,
    ProofView,
    StageView,
    TimelineEntry,
)
from qinghuan.web.wording import moment

STAGES: tuple[tuple[str, type[e.Body] | None], ...] = (
    (N_("信息收集"), e.CaseOpened),
    (N_("案卷建立"), e.CaseFiled),
    (N_("任务派遣"), e.CaseDispatched),
    (N_("任务处理"), e.CaseSigned),
    (N_("处理反馈"), e.WorkConfirmed),
    (N_("核查结案"), e.CaseClosed),
    (N_("综合评价"), e.CaseArchived),
)
"""The seven published stages and the event that begins or marks each."""

REACHED: Mapping[CaseState, int] = {
    CaseState.RECEIVED: 0,
    CaseState.VERIFYING: 0,
    CaseState.REFUSED: 0,
    CaseState.FILED: 1,
    CaseState.DISPATCHED: 2,
    CaseState.REOPENED: 2,
    CaseState.HANDLING: 3,
    CaseState.SUSPENDED: 3,
    CaseState.REPORTED: 4,
    CaseState.CHECKING: 5,
    CaseState.CLOSED: 6,
    CaseState.MERGED: 1,
    CaseState.ARCHIVED: 7,
}
"""How many stages lie behind a state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The timeline and how much of it is sealed."""

    entries: tuple[TimelineEntry, ...]
    """Newest first."""
    sealed: int

    @property
    def is_sealed(self) -> bool:
        """Whether every line has its place in the log."""
        return self.sealed == len(self.entries)


def clock_of(view: CaseClock, who: str, language: Language) -> ClockView:
    """A clock of the case as its chip shows it."""
    reading = view.reading
    limit = translate(N_("限 {limit}"), language).format(limit=view.limit_zh)
    paused = (
        translate(N_("暂停至 {at}"), language).format(at=moment(reading.paused_until))
        if reading.paused_until
        else ""
    )
    return ClockView(
        duty=view.kind.zh,
        who=who,
        until_at=reading.deadline,
        used_ratio=reading.used_ratio,
        left_s=reading.remaining.total_seconds(),
        is_working=view.is_working,
        is_paused=reading.state is ClockState.PAUSED,
        is_met=reading.state is ClockState.MET,
        is_breached=reading.state is ClockState.BREACHED,
        is_provisional=reading.is_provisional,
        note=" · ".join(filter(None, [limit, paused])),
    )


def main_clock(view: CaseView) -> CaseClock | None:
    """The clock the head shows: the one of the next duty, not the public total."""
    running = [clock for clock in view.clocks if not clock.is_stopped]
    duties = [clock for clock in running if clock.kind is not ClockKind.TOTAL]
    return next(iter(duties or running), None)


def stages_of(case: Case, steps: Sequence[Step]) -> tuple[StageView, ...]:
    """The seven stages, each with the time it was reached last."""
    reached_at: dict[type, datetime] = {}
    for step in steps:
        reached_at[type(step.event.body)] = step.event.at
    behind = REACHED[case.state]
    views = []
    for place, (label, event) in enumerate(STAGES):
        at = reached_at.get(event) if event is not None else None
        is_current = place == behind
        views.append(
            StageView(
                label=label,
                detail=moment(at) if at is not None and place <= behind else "",
                state=State.OK
                if place < behind
                else state_of_stage(case.state.value)
                if is_current
                else None,
                is_current=is_current,
            )
        )
    return tuple(views)


def story_of(
    steps: Sequence[Step], digests: Mapping[UUID, tuple[str, bool]], language: Language
) -> Story:
    """What happened, newest first, each line with its proof.

    Args:
        steps: The case's events, oldest first.
        digests: Leaf hash of each record and whether it has its place in the log.
        language: Of the sentences.
    """
    entries = []
    for step in reversed(steps):
        line = line_of(step.event.body)
        digest, is_sealed = digests.get(step.record_id, ("", False))
        who = translate(step.event.actor.label, language)
        entries.append(
            TimelineEntry(
                at=step.event.at,
                icon=line.icon,
                text=line.sentence(language),
                detail=" · ".join(filter(None, [who, translate(line.detail, language)])),
                state=line.state,
                proof=ProofView(
                    digest=digest, href=f"/log/records/{step.record_id}", is_sealed=is_sealed
                ),
            )
        )
    return Story(entries=tuple(entries), sealed=sum(1 for each in digests.values() if each[1]))


def evidence_of(
    case: Case, blobs: Mapping[str, UUID], labels: Mapping[str, str], language: Language
) -> tuple[EvidenceView, ...]:
    """Every file of the case, newest first."""
    views = []
    for item in reversed(case.evidence):
        blob_id = blobs.get(item.evidence_id)
        href = f"/cases/{case.case_id}/evidence/{item.evidence_id}" if blob_id else ""
        is_picture = item.kind is EvidenceKind.PHOTO
        views.append(
            EvidenceView(
                title=f"{translate(PURPOSES[item.purpose], language)}"
                f" {translate(KINDS[item.kind], language)}",
                src=href if is_picture else "",
                href=href,
                label=translate(PURPOSES[item.purpose], language),
                state=State.OK if item.purpose in {Purpose.AFTER, Purpose.CHECK} else State.BAD,
                at=item.taken_at,
                distance_m=distance_m(case.place, item.place)
                if case.place and item.place
                else None,
                who=labels.get(item.by.removeprefix("person/"), ""),
                digest=item.sha256,
            )
        )
    return tuple(views)
