"""Persons: listed, added with a first password shown once, changed."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from qinghuan.people.model import Page, PageAsked, Person, Right
from qinghuan.people.service import grants, persons, places
from qinghuan.people.service.audit import Deed
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import person_view, words
from qinghuan.web.administration.choosing import area_field, office_field
from qinghuan.web.administration.forms import (
    NO_FAULTS,
    NOTHING_TYPED,
    Faults,
    Form,
    Typed,
    filled,
    submit,
)
from qinghuan.web.administration.lists import Asked, Question, everything, listing_of, words_filter
from qinghuan.web.administration.schemas import PersonNamed, PersonWanted
from qinghuan.web.administration.sections import KEEPERS, READERS, section_page
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import csv_answer
from qinghuan.web.pages import go
from qinghuan.web.views import FieldView

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, access(*READERS)]
Keeper = Annotated[Caller, access(*KEEPERS)]

PATH = "/admin/persons"

LOGIN = FieldView(
    name="login_name",
    label=N_("登录名"),
    is_required=True,
    maxlength=32,
    autocomplete="off",
    hint=N_("3 至 32 位小写字母、数字、点、下划线或短横，以字母开头"),
)
NAME = FieldView(name="name", label=N_("姓名"), is_required=True, maxlength=40, autocomplete="off")
POST = FieldView(
    name="post_label",
    label=N_("岗位称呼"),
    is_required=True,
    maxlength=40,
    hint=N_("页面上只显示它，如“值守员 07”"),
)
PHONE = FieldView(
    name="phone",
    label=N_("电话"),
    kind="tel",
    maxlength=20,
    autocomplete="off",
    hint=N_("加密保存，查看须写理由"),
)


@router.get(PATH)
def persons_page(caller: Reader, asked: Question) -> Response:
    """Persons by login name."""
    if asked.is_csv:
        return _csv(caller, asked)
    return _persons(caller, asked)


@router.post(PATH)
def add_person(caller: Keeper, form: Form) -> Response:
    """Add a person and show his first password, this once."""

    def do(wanted: PersonWanted) -> persons.NewPerson:
        draft = persons.PersonDraft(
            login_name=wanted.login_name,
            name=wanted.name,
            post_label=wanted.post_label,
            area_code=wanted.area_code,
            office_id=wanted.office_id,
            phone=wanted.phone,
        )
        return persons.create_person(
            caller.session, caller.house.gate, caller.actor, draft, caller.at
        )

    came = submit(caller, PersonWanted, form, Deed(kind="person.created", subject="person/new"), do)
    if isinstance(came, Faults):
        return _persons(caller, Asked(), typed=form, faults=came)
    return person_view.first_password(caller, came.person, came.first_password, is_new=True)


@router.get(f"{PATH}/{{person_id}}")
def person_page(caller: Reader, person_id: UUID, asked: Question) -> Response:
    """One person: what he holds, whether he is locked, what may be done."""
    return person_view.person(caller, person_id, done=asked.done)


@router.post(f"{PATH}/{{person_id}}")
def change_person(caller: Keeper, person_id: UUID, form: Form) -> Response:
    """Write a person's name, post and office anew."""
    before = persons.person_of(caller.session, caller.actor, person_id)

    def do(wanted: PersonNamed) -> Person:
        after = Person(
            id=person_id,
            login_name=before.login_name,
            name=wanted.name,
            post_label=wanted.post_label,
            area_code=before.area_code,
            office_id=wanted.office_id,
            mark=before.mark,
            created_at=before.created_at,
        )
        return persons.change_person(
            caller.session, caller.house.gate, caller.actor, after, caller.at
        )

    deed = person_view.deed_about("person.changed", before)
    came = submit(caller, PersonNamed, form, deed, do)
    if isinstance(came, Faults):
        return person_view.person(caller, person_id, typed=form, faults=came)
    return go(f"{PATH}/{person_id}", {"done": "person-changed"})


def _persons(
    caller: Caller, asked: Asked, *, typed: Typed = NOTHING_TYPED, faults: Faults = NO_FAULTS
) -> Response:
    found = persons.list_persons(caller.session, caller.actor, asked.page_asked())
    return section_page(
        caller,
        "persons.html",
        "persons",
        done=asked.done,
        status=faults.status,
        fault=faults.whole,
        listing=listing_of(PATH, found, asked, (words_filter(asked, N_("登录名、姓名或岗位")),)),
        areas=places.area_names(caller.session, tuple(each.area_code for each in found.items)),
        roles=_roles(caller, found.items),
        refusal=person_view.refusal_of(caller, caller.scope.area_prefixes[0], Right.MANAGE_PERSONS),
        fields=filled(
            (LOGIN, NAME, POST, area_field(caller), office_field(caller), PHONE), typed, faults
        ),
    )


def _roles(caller: Caller, found: Sequence[Person]) -> dict[UUID, str]:
    """The roles each person holds now, in words."""
    return {
        each.id: "、".join(
            words.role_name(caller, grant.role)
            for grant in grants.grants_of(caller.session, caller.actor, each.id)
            if grant.is_live(caller.at)
        )
        for each in found
    }


def _csv(caller: Caller, asked: Asked) -> Response:
    def fetch(page: PageAsked) -> Page[Person]:
        return persons.list_persons(caller.session, caller.actor, page)

    header = (
        N_("登录名"),
        N_("姓名"),
        N_("岗位称呼"),
        N_("区域代码"),
        N_("所持岗位"),
        N_("添加时间"),
        N_("停用时间"),
    )
    found = list(everything(fetch, asked))
    roles = _roles(caller, found)
    rows = [
        (
            each.login_name,
            each.name,
            each.post_label,
            each.area_code,
            roles[each.id],
            words.csv_moment(each.created_at),
            words.csv_moment(each.disabled_at),
        )
        for each in found
    ]
    return csv_answer(
        words.say(caller, N_("人员")), [words.say(caller, each) for each in header], rows
    )
