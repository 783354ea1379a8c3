"""The desk a case is worked at: which rules and which calendar count now."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from qinghuan.casework.adapters import shelf
from qinghuan.casework.model import CENTRE
from qinghuan.casework.problem.asking import Context, ParentFact
from qinghuan.casework.problem.intake import EpisodeRule
from qinghuan.infra.database import Session
from qinghuan.people.model import OfficeKind, PageAsked
from qinghuan.people.service.places import list_offices

if TYPE_CHECKING:
    from qinghuan.casework.settings import CaseworkSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Versions in force for what starts now; what runs keeps what it pinned."""

    policy_id: str = shelf.POLICY_IN_FORCE
    calendar_id: str = shelf.CALENDAR_IN_FORCE
    episodes: EpisodeRule = field(default_factory=EpisodeRule)

    def context(
        self,
        *,
        centre_office: str = CENTRE,
        parent: ParentFact | None = None,
        is_source_quiet: bool | None = None,
    ) -> Context:
        """The facts a decision may rest on."""
        return Context(
            calendars=shelf.calendars(),
            calendar_id=self.calendar_id,
            policies=shelf.policies(),
            policy_id=self.policy_id,
            centre_office=centre_office,
            parent=parent,
            is_source_quiet=is_source_quiet,
        )


def set_up(settings: "CaseworkSettings") -> Desk:
    """The desk a site has set.

    Raises:
        UnknownPolicy: The policy is not on the shelf.
        UnknownCalendar: The calendar is not on the shelf.
    """
    return Desk(
        policy_id=shelf.policy(settings.policy).policy_id,
        calendar_id=shelf.calendar(settings.calendar).calendar_id,
        episodes=EpisodeRule(gap=timedelta(hours=settings.episode_gap_hours)),
    )


DEFAULT_DESK = Desk()
"""The shipped calendar and the labelled example policy."""


def centre_of(session: Session, area_code: str) -> str:
    """Id of the directing centre that covers an area, the nearest; `centre` if none is kept."""
    found = list_offices(session, PageAsked(size=200), (area_code[:2],))
    centres = [
        office
        for office in found.items
        if office.kind is OfficeKind.CENTRE and area_code.startswith(office.area_code)
    ]
    nearest = max(centres, key=lambda office: len(office.area_code), default=None)
    return CENTRE if nearest is None else str(nearest.id)
