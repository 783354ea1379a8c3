"""The first page of administration: who may do what, and what waits for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from qinghuan.casework.adapters import shelf
from qinghuan.core.clock import BEIJING
from qinghuan.people.model import ActsAsked, PageAsked, Role
from qinghuan.people.rights import POLICIES
from qinghuan.people.service import audit, grants, persons, places, tokens
from qinghuan.sensing.model import StationFilter
from qinghuan.sensing.service.stations import list_stations
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import words
from qinghuan.web.administration.sections import ALL_THREE, SECTIONS, Section, section_page
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name

router = APIRouter(include_in_schema=False)

ONE = PageAsked(size=1)

DUTIES = (
    (Role.SYSTEM_ADMIN, N_("添加区域、单位、人员、站点，提出授权申请；不能审批")),
    (Role.SECURITY_ADMIN, N_("审批、驳回、撤销授权，重置第二因素，签发令牌；不能提出申请")),
    (Role.AUDIT_ADMIN, N_("只读特权操作与登录尝试；不能改动任何内容")),
)
"""What each of the three administrators does, and does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A section on the first page: open to the caller, or closed with the reason."""

    section: Section
    count: str
    waiting: int
    refusal: str


@router.get("/admin")
def overview_page(caller: Annotated[Caller, access(*ALL_THREE)]) -> Response:
    """Every section with its size; those of the other administrators say whose they are."""
    return section_page(
        caller,
        "overview.html",
        "overview",
        cards=tuple(_card(caller, section) for section in SECTIONS[1:]),
        duties=[
            (words.role_name(caller, role), text, role in caller.roles) for role, text in DUTIES
        ],
    )


def _card(caller: Caller, section: Section) -> Card:
    if not caller.roles.intersection(section.roles):
        names = "、".join(
            words.role_name(caller, role) for role in section.roles if role in POLICIES
        )
        text = words.say(caller, N_("由{who}查看与办理")).format(who=names)
        return Card(section=section, count="", waiting=0, refusal=text)
    return Card(
        section=section,
        count=_count(caller, section.key),
        waiting=_waiting(caller) if section.key == "grants" else 0,
        refusal="",
    )


def _count(caller: Caller, key: str) -> str:
    """How many things a section holds, in words."""
    if key == "calendars":
        until = shelf.calendar().known_through.isoformat()
        return words.say(caller, N_("已载入至 {day}")).format(day=until)
    pattern = N_("今天 {n} 条") if key == "audit" else N_("{n} 条")
    return words.say(caller, pattern).format(n=_total(caller, key))


def _total(caller: Caller, key: str) -> int:
    session, actor, within = caller.session, caller.actor, caller.scope.area_prefixes
    totals: dict[str, Callable[[], int]] = {
        "areas": lambda: places.list_areas(session, ONE, within).total,
        "offices": lambda: places.list_offices(session, ONE, within).total,
        "persons": lambda: persons.list_persons(session, actor, ONE).total,
        "grants": lambda: grants.list_grants(session, actor, ONE).total,
        "stations": lambda: list_stations(session, StationFilter(is_active=None), limit=1).total,
        "tokens": lambda: tokens.list_tokens(session, actor, ONE).total,
        "audit": lambda: audit.audit_of(session, actor, _today(caller), ONE).total,
    }
    return totals[key]()


def _today(caller: Caller) -> ActsAsked:
    midnight = caller.at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    return ActsAsked(since=midnight)


def _waiting(caller: Caller) -> int:
    """Requests that wait, for whoever decides on them."""
    return grants.list_grants(caller.session, caller.actor, ONE, waiting_only=True).total
