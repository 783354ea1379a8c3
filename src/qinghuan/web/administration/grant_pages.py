"""Grants: asked by one, approved or declined by another, taken away with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from qinghuan.core.clock import BEIJING
from qinghuan.people.errors import GrantUnknown
from qinghuan.people.granting import GrantAsked, check_approval, check_decision, check_revocation
from qinghuan.people.model import Grant, Page, PageAsked
from qinghuan.people.service import grants, persons, places
from qinghuan.people.service.audit import Deed
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import person_view, words
from qinghuan.web.administration.forms import (
    NO_FAULTS,
    NOTHING_TYPED,
    Faults,
    Form,
    Typed,
    attempt,
    filled,
    refusal,
    submit,
)
from qinghuan.web.administration.grant_fields import GIVEN
from qinghuan.web.administration.lists import Asked, Question, everything, listing_of
from qinghuan.web.administration.schemas import GrantWanted, Reasoned
from qinghuan.web.administration.sections import KEEPERS, READERS, SECURITY, section_page
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import Choice, Filter, csv_answer
from qinghuan.web.pages import go
from qinghuan.web.states import State
from qinghuan.web.views import ActView, FieldView

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, access(*READERS)]
Keeper = Annotated[Caller, access(*KEEPERS)]
Security = Annotated[Caller, access(*SECURITY)]
StateAsked = Annotated[str, Query(alias="state", max_length=10)]

PATH = "/admin/grants"
OF_PERSON = "/admin/persons/{person_id}/grants"
ONE = OF_PERSON + "/{grant_id}"
WAITING = "waiting"

REASON = FieldView(
    name="reason", label=N_("撤销理由"), kind="textarea", rows=2, is_required=True, maxlength=200
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantView:
    """A grant with everything its row says."""

    grant: Grant
    person: str
    role: str
    area: str
    asked_by: str
    state: State
    word: str
    href: str
    acts: tuple[ActView, ...] = ()


@router.get(PATH)
def grants_page(caller: Reader, asked: Question, state: StateAsked = "") -> Response:
    """Every grant, or only the requests that wait."""
    if asked.is_csv:
        return _csv(caller, asked, state)
    found = _fetch(caller, state)(asked.page_asked())
    waiting = _fetch(caller, WAITING)(PageAsked(size=1)).total
    return section_page(
        caller,
        "grants.html",
        "grants",
        done=asked.done,
        listing=listing_of(
            PATH,
            Page(items=_views(caller, found.items), total=found.total),
            asked,
            _filters(caller, asked, state, waiting),
        ),
        waiting=waiting,
    )


@router.post(OF_PERSON)
def ask_grant(caller: Keeper, person_id: UUID, form: Form) -> Response:
    """Ask for a role for a person."""

    def do(wanted: GrantWanted) -> Grant:
        until = wanted.valid_until
        asked = GrantAsked(
            person_id=person_id,
            role=wanted.role,
            area_code=wanted.area_code,
            valid_from=caller.at,
            office_id=wanted.office_id,
            valid_until=(
                datetime.combine(until + timedelta(days=1), time(0), BEIJING) if until else None
            ),
        )
        return grants.request_grant(
            caller.session, caller.house.gate, caller.actor, asked, wanted.reason, caller.at
        )

    deed = Deed(
        kind="grant.asked",
        subject=f"person/{person_id}",
        area_code=persons.person_of(caller.session, caller.actor, person_id).area_code,
    )
    came = submit(caller, GrantWanted, form, deed, do)
    if isinstance(came, Faults):
        return person_view.person(caller, person_id, typed=form, faults=came)
    return go(f"/admin/persons/{person_id}", {"done": "grant-asked"})


@router.get(ONE)
def grant_page(caller: Reader, person_id: UUID, grant_id: UUID, asked: Question) -> Response:
    """One grant: who asked, who decided, what may be done."""
    return _grant(caller, person_id, grant_id, done=asked.done)


@router.post(f"{ONE}/approval")
def approve(caller: Security, person_id: UUID, grant_id: UUID) -> Response:
    """Approve a request."""
    return _decide(caller, person_id, grant_id, grants.approve_grant, "grant-approved")


@router.post(f"{ONE}/refusal")
def decline(caller: Security, person_id: UUID, grant_id: UUID) -> Response:
    """Decline a request."""
    return _decide(caller, person_id, grant_id, grants.decline_grant, "grant-declined")


@router.post(f"{ONE}/revocation")
def revoke(caller: Security, person_id: UUID, grant_id: UUID, form: Form) -> Response:
    """Take a role away, with a reason."""
    grant = _found(caller, person_id, grant_id)

    def do(wanted: Reasoned) -> Grant:
        return grants.revoke_grant(
            caller.session, caller.house.gate, caller.actor, grant_id, wanted.reason, caller.at
        )

    came = submit(caller, Reasoned, form, _deed("grant.revoked", grant), do)
    if isinstance(came, Faults):
        return _grant(caller, person_id, grant_id, typed=form, faults=came)
    return go(_href(grant), {"done": "grant-revoked"})


def _decide(
    caller: Caller, person_id: UUID, grant_id: UUID, do: Callable[..., Grant], done: str
) -> Response:
    grant = _found(caller, person_id, grant_id)
    came = attempt(
        caller,
        _deed(done.replace("-", "."), grant),
        lambda: do(caller.session, caller.house.gate, caller.actor, grant_id, caller.at),
    )
    if isinstance(came, Faults):
        return _grant(caller, person_id, grant_id, faults=came)
    return go(_href(grant), {"done": done})


def _grant(
    caller: Caller,
    person_id: UUID,
    grant_id: UUID,
    *,
    done: str = "",
    typed: Typed = NOTHING_TYPED,
    faults: Faults = NO_FAULTS,
) -> Response:
    grant = _found(caller, person_id, grant_id)
    deciders = tuple(
        each for each in (grant.approved_by, grant.declined_by, grant.revoked_by) if each
    )
    office = places.office_of(caller.session, grant.office_id).name if grant.office_id else ""
    return section_page(
        caller,
        "grant.html",
        "grants",
        done=done,
        status=faults.status,
        fault=faults.whole,
        view=_views(caller, (grant,))[0],
        labels=persons.labels_of(caller.session, deciders),
        office=office,
        revoke_refusal=refusal(caller, lambda: check_revocation(caller.actor, grant)),
        fields=filled((REASON,), typed, faults),
    )


def _found(caller: Caller, person_id: UUID, grant_id: UUID) -> Grant:
    """A grant of a person in the caller's reach."""
    for grant in grants.grants_of(caller.session, caller.actor, person_id):
        if grant.id == grant_id:
            return grant
    raise GrantUnknown


def _fetch(caller: Caller, state: str) -> Callable[[PageAsked], Page[Grant]]:
    def fetch(page: PageAsked) -> Page[Grant]:
        return grants.list_grants(caller.session, caller.actor, page, waiting_only=state == WAITING)

    return fetch


def _filters(caller: Caller, asked: Asked, state: str, waiting: int) -> tuple[Filter, ...]:
    roles = tuple(Choice(value=role.value, label=words.role_name(caller, role)) for role in GIVEN)
    return (
        Filter(
            name="state",
            label=N_("状态"),
            choices=(Choice(value=WAITING, label=N_("待审批"), count=waiting),),
            chosen=WAITING if state == WAITING else "",
        ),
        Filter(name="q", label=N_("岗位"), choices=roles, chosen=asked.text),
    )


def _views(caller: Caller, found: tuple[Grant, ...]) -> tuple[GrantView, ...]:
    people = {each.person_id for each in found} | {each.asked_by for each in found if each.asked_by}
    labels = persons.labels_of(caller.session, tuple(people))
    areas = places.area_names(caller.session, tuple(each.area_code for each in found))
    return tuple(
        GrantView(
            grant=grant,
            person=labels.get(grant.person_id, ""),
            role=words.role_name(caller, grant.role),
            area=areas.get(grant.area_code, grant.area_code),
            asked_by=(
                labels.get(grant.asked_by, "")
                if grant.asked_by
                else words.say(caller, N_("系统启用"))
            ),
            state=words.grant_state(grant, grant.is_live(caller.at))[0],
            word=words.grant_state(grant, grant.is_live(caller.at))[1],
            href=_href(grant),
            acts=_acts(caller, grant),
        )
        for grant in found
    )


def _acts(caller: Caller, grant: Grant) -> tuple[ActView, ...]:
    """Approve and decline, each by the room's own rule; none once it is decided."""
    if not grant.is_waiting():
        return ()

    def may_approve() -> None:
        standing = grants.grants_of(caller.session, caller.actor, grant.person_id)
        check_approval(caller.actor, grant, standing)

    return (
        ActView(
            label=N_("批准"),
            action=f"{_href(grant)}/approval",
            refusal=refusal(caller, may_approve),
            is_primary=True,
        ),
        ActView(
            label=N_("驳回"),
            action=f"{_href(grant)}/refusal",
            refusal=refusal(caller, lambda: check_decision(caller.actor, grant)),
        ),
    )


def _href(grant: Grant) -> str:
    return f"/admin/persons/{grant.person_id}/grants/{grant.id}"


def _deed(kind: str, grant: Grant) -> Deed:
    return Deed(kind=kind, subject=f"grant/{grant.id}", area_code=grant.area_code)


def _csv(caller: Caller, asked: Asked, state: str) -> Response:
    header = (
        N_("人员"),
        N_("岗位"),
        N_("区域代码"),
        N_("状态"),
        N_("申请人"),
        N_("申请时间"),
        N_("理由"),
        N_("有效至"),
    )
    found = tuple(everything(_fetch(caller, state), asked))
    rows = [
        (
            view.person,
            view.role,
            view.grant.area_code,
            words.say(caller, view.word),
            view.asked_by,
            words.csv_moment(view.grant.asked_at),
            view.grant.reason,
            words.csv_moment(view.grant.valid_until),
        )
        for view in _views(caller, found)
    ]
    return csv_answer(
        words.say(caller, N_("授权")), [words.say(caller, each) for each in header], rows
    )
