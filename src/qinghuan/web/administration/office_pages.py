"""Offices: listed, added, renamed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from qinghuan.people.model import Office, OfficeKind, Page, PageAsked, Right
from qinghuan.people.rights import require
from qinghuan.people.service import places
from qinghuan.people.service.audit import Deed
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import words
from qinghuan.web.administration.choosing import area_field, area_filter
from qinghuan.web.administration.forms import (
    NO_FAULTS,
    NOTHING_TYPED,
    Faults,
    Form,
    Typed,
    filled,
    refusal,
    submit,
)
from qinghuan.web.administration.lists import Asked, Question, everything, listing_of, words_filter
from qinghuan.web.administration.schemas import OfficeNamed, OfficeWanted
from qinghuan.web.administration.sections import KEEPERS, READERS, section_page
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import csv_answer
from qinghuan.web.pages import go
from qinghuan.web.views import FieldView

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, access(*READERS)]
Keeper = Annotated[Caller, access(*KEEPERS)]
AreaAsked = Annotated[str, Query(max_length=15)]

PATH = "/admin/offices"

NAME = FieldView(name="name", label=N_("单位名称"), is_required=True, maxlength=80)
NAME_EN = FieldView(name="name_en", label=N_("英文名称"), maxlength=80)
CREDIT_CODE = FieldView(
    name="credit_code",
    label=N_("统一社会信用代码"),
    maxlength=18,
    hint=N_("18 位，末位为校验位（GB 32100-2015）"),
)


@router.get(PATH)
def offices_page(caller: Reader, asked: Question, area: AreaAsked = "") -> Response:
    """Offices by area and name."""
    if asked.is_csv:
        return _csv(caller, asked, area)
    return _offices(caller, asked, area=area)


@router.post(PATH)
def add_office(caller: Keeper, form: Form) -> Response:
    """Add an office."""

    def do(wanted: OfficeWanted) -> Office:
        draft = places.OfficeDraft(
            name=wanted.name,
            kind=wanted.kind,
            area_code=wanted.area_code,
            credit_code=wanted.credit_code or None,
            name_en=wanted.name_en,
        )
        return places.create_office(
            caller.session, caller.house.gate, caller.actor, draft, caller.at
        )

    came = submit(caller, OfficeWanted, form, Deed(kind="office.created", subject="office/new"), do)
    if isinstance(came, Faults):
        return _offices(caller, Asked(), typed=form, faults=came)
    return go(PATH, {"q": came.name, "done": "office-added"})


@router.get(f"{PATH}/{{office_id}}")
def office_page(caller: Reader, office_id: UUID, asked: Question) -> Response:
    """One office."""
    return _office(caller, office_id, done=asked.done)


@router.post(f"{PATH}/{{office_id}}")
def change_office(caller: Keeper, office_id: UUID, form: Form) -> Response:
    """Write an office's name, kind and credit code anew."""
    before = places.office_of(caller.session, office_id)

    def do(wanted: OfficeNamed) -> Office:
        office = Office(
            id=office_id,
            name=wanted.name,
            kind=wanted.kind,
            area_code=before.area_code,
            credit_code=wanted.credit_code or None,
            name_en=wanted.name_en,
        )
        return places.change_office(
            caller.session, caller.house.gate, caller.actor, office, caller.at
        )

    deed = Deed(kind="office.changed", subject=f"office/{office_id}", area_code=before.area_code)
    came = submit(caller, OfficeNamed, form, deed, do)
    if isinstance(came, Faults):
        return _office(caller, office_id, typed=form, faults=came)
    return go(f"{PATH}/{office_id}", {"done": "office-changed"})


def _offices(
    caller: Caller,
    asked: Asked,
    *,
    area: str = "",
    typed: Typed = NOTHING_TYPED,
    faults: Faults = NO_FAULTS,
) -> Response:
    found = places.list_offices(caller.session, asked.page_asked(), _within(caller, area))
    fields = (NAME, _kind_field(caller), area_field(caller), CREDIT_CODE, NAME_EN)
    return section_page(
        caller,
        "offices.html",
        "offices",
        done=asked.done,
        status=faults.status,
        fault=faults.whole,
        listing=listing_of(
            PATH,
            found,
            asked,
            (area_filter(caller, area), words_filter(asked, N_("名称或信用代码"))),
        ),
        kinds=words.OFFICE_KINDS,
        areas=places.area_names(caller.session, tuple(each.area_code for each in found.items)),
        refusal=_refusal(caller, caller.scope.area_prefixes[0]),
        fields=filled(fields, typed, faults),
    )


def _office(
    caller: Caller,
    office_id: UUID,
    *,
    done: str = "",
    typed: Typed = NOTHING_TYPED,
    faults: Faults = NO_FAULTS,
) -> Response:
    office = places.office_of(caller.session, office_id)
    fields = (
        FieldView(name="name", label=NAME.label, value=office.name, is_required=True, maxlength=80),
        _kind_field(caller, office.kind),
        FieldView(
            name="credit_code",
            label=CREDIT_CODE.label,
            value=office.credit_code or "",
            maxlength=18,
            hint=CREDIT_CODE.hint,
        ),
        FieldView(name="name_en", label=NAME_EN.label, value=office.name_en, maxlength=80),
    )
    return section_page(
        caller,
        "office.html",
        "offices",
        done=done,
        status=faults.status,
        fault=faults.whole,
        office=office,
        kind=words.OFFICE_KINDS[office.kind],
        area=places.area_of(caller.session, office.area_code),
        refusal=_refusal(caller, office.area_code),
        fields=filled(fields, typed, faults),
    )


def _refusal(caller: Caller, area_code: str) -> str:
    return refusal(caller, lambda: require(caller.actor, Right.MANAGE_OFFICES, area_code))


def _within(caller: Caller, area: str) -> tuple[str, ...]:
    if area and area.startswith(caller.scope.area_prefixes):
        return (area,)
    return caller.scope.area_prefixes


def _kind_field(caller: Caller, kind: OfficeKind = OfficeKind.DEPARTMENT) -> FieldView:
    return FieldView(
        name="kind",
        label=N_("类别"),
        value=kind.value,
        is_required=True,
        choices=tuple(
            (each.value, words.say(caller, word)) for each, word in words.OFFICE_KINDS.items()
        ),
    )


def _csv(caller: Caller, asked: Asked, area: str) -> Response:
    def fetch(page: PageAsked) -> Page[Office]:
        return places.list_offices(caller.session, page, _within(caller, area))

    header = (N_("单位"), N_("英文名称"), N_("类别"), N_("区域代码"), N_("统一社会信用代码"))
    rows = [
        (
            office.name,
            office.name_en,
            words.say(caller, words.OFFICE_KINDS[office.kind]),
            office.area_code,
            office.credit_code,
        )
        for office in everything(fetch, asked)
    ]
    return csv_answer(
        words.say(caller, N_("单位")), [words.say(caller, each) for each in header], rows
    )
