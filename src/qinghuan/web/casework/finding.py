"""What the search box finds among cases and stations, and what the rail counts."""

from collections.abc import Mapping
from datetime import datetime

from qinghuan.casework.listing import CasesAsked, Paging
from qinghuan.casework.service import listing
from qinghuan.infra.database import Session
from qinghuan.people.model import Actor
from qinghuan.sensing.model import StationFilter
from qinghuan.sensing.service.stations import list_stations
from qinghuan.web.casework.acting import acting_as
from qinghuan.web.house import Hit, RailCount
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name

MOST = 10


def find_cases(session: Session, words: str) -> tuple[Hit, ...]:
    """Cases by number, title or address."""
    rows, _ = listing.cases(session, CasesAsked(text=words, order="changed"), Paging(size=MOST))
    return tuple(
        Hit(
            title=row.title,
            kind=N_("案卷"),
            href=f"/cases/{row.case_id}",
            icon="case",
            detail=f"{row.number} · {row.state.zh}",
        )
        for row in rows
    )


def find_stations(session: Session, words: str) -> tuple[Hit, ...]:
    """Stations by name or device number."""
    found = list_stations(session, StationFilter(words=words), limit=MOST)
    return tuple(
        Hit(
            title=station.name,
            kind=N_("站点"),
            href=f"/stations/{station.id}",
            icon="station",
            detail=station.mn,
        )
        for station in found.stations
    )


def count_waiting(session: Session, actor: Actor, at: datetime) -> Mapping[str, RailCount]:
    """How many cases wait for a person; urgent when one of them is over its time."""
    acting = acting_as(actor)
    if not acting.roles:
        return {}
    _, number = listing.tasks_of(session, acting, paging=Paging(size=1))
    _, late = listing.tasks_of(
        session, acting, CasesAsked(is_overdue_at=at, is_open=True), Paging(size=1)
    )
    return {"tasks": RailCount(number=number, is_urgent=late > 0)} if number else {}
