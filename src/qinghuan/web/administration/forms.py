"""How a form is taken: read whole, judged field by field, done or given back as it was typed.

A form's act runs in a savepoint of the request's transaction, so that a refused one leaves
nothing behind though the page with its faults is still drawn in the same transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import UploadFile

from qinghuan.core.errors import QinghuanError, Refused
from qinghuan.infra.database import SYSTEM
from qinghuan.people import errors
from qinghuan.people.model import Right
from qinghuan.people.rights import POLICIES
from qinghuan.people.service.audit import Deed, note_refusal
from qinghuan.sensing import errors as sensing_errors
from qinghuan.web.access import Caller
from qinghuan.web.errors import status_of
from qinghuan.web.field_rules import field_faults
from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.problems import sentence
from qinghuan.web.views import FieldView

Result = TypeVar("Result")
Wish = TypeVar("Wish", bound="Wanted")

MEND = N_("请按提示修改后再提交")
BY_WHOM = N_("须由{who}办理")
OTHER_ADMINISTRATOR = N_("本人提出的申请，须由另一位安全管理员办理")

FIELD_OF: Mapping[type[QinghuanError], str] = MappingProxyType(
    {
        errors.AreaCodeMalformed: "area_code",
        errors.AreaExists: "area_code",
        errors.AreaUnknown: "area_code",
        errors.AreaWithoutParent: "area_code",
        errors.NameMissing: "name",
        errors.CreditCodeWrong: "credit_code",
        errors.CreditCodeTaken: "credit_code",
        errors.CoordinatesUndeclared: "system",
        errors.OutlinesUnreadable: "document",
        errors.LoginNameTaken: "login_name",
        errors.LoginNameMalformed: "login_name",
        errors.PhoneMalformed: "phone",
        errors.OfficeUnknown: "office_id",
        errors.RolesExclusive: "role",
        errors.RoleNotGranted: "role",
        errors.GrantPeriodWrong: "valid_until",
        errors.ReasonMissing: "reason",
        sensing_errors.StationTaken: "mn",
    }
)
"""The field beside which an error of the room is shown; others stand above the form."""


class Wanted(BaseModel):
    """A form's fields: blanks around them are cut, an empty one counts as not filled in."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="ignore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed into a form and which files came with it."""

    texts: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Every value of each field, for groups of boxes."""
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Why a form was not taken, in the reader's language."""

    whole: str
    fields: Mapping[str, str] = field(default_factory=dict)
    status: int = 422


NO_FAULTS = Faults(whole="", status=200)
NOTHING_TYPED = Typed()


async def read_form(request: Request) -> Typed:
    """Read a form whole; reading is asynchronous, everything after it is not."""
    form = await request.form()
    lists: dict[str, tuple[str, ...]] = {}
    files: dict[str, bytes] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = await value.read()
        elif value.strip():
            lists[name] = (*lists.get(name, ()), value)
    texts = {name: values[-1] for name, values in lists.items()}
    return Typed(texts=texts, lists=lists, files=files)


Form = Annotated[Typed, Depends(read_form)]


def submit(
    caller: Caller, wish: type[Wish], typed: Typed, deed: Deed, do: Callable[[Wish], Result]
) -> Result | Faults:
    """Judge a form and do what it asks for.

    Args:
        caller: Who sent it.
        wish: The form's fields and their rules.
        typed: What was typed.
        deed: What a refusal is kept under for the auditor.
        do: The act, in a savepoint.
    """
    language = caller.preferences.language
    try:
        wanted = wish.model_validate(_values(wish, typed))
    except ValidationError as error:
        found = [{**each, "loc": ("form", *each["loc"][:1])} for each in error.errors()]
        return Faults(whole=translate(MEND, language), fields=field_faults(found, language))
    return attempt(caller, deed, lambda: do(wanted))


def attempt(caller: Caller, deed: Deed, do: Callable[[], Result]) -> Result | Faults:
    """Do a privileged act, or say why not; a refusal is kept for the auditor."""
    try:
        with caller.session.begin_nested():
            return do()
    except QinghuanError as error:
        if isinstance(error, Refused):
            with caller.house.database.transaction(SYSTEM) as session:
                note_refusal(session, caller.actor, deed, caller.at)
        return faults_of(error, caller.preferences.language)


def faults_of(error: QinghuanError, language: Language) -> Faults:
    """An error of the room as faults of its form."""
    name = FIELD_OF.get(type(error))
    text = reason(error, language)
    if name is None:
        return Faults(whole=text, status=status_of(error))
    return Faults(whole=translate(MEND, language), fields={name: text}, status=status_of(error))


def refusal(caller: Caller, check: Callable[[], object]) -> str:
    """Why the caller may not do something, found by the room's own rule; empty if he may."""
    try:
        check()
    except QinghuanError as error:
        return reason(error, caller.preferences.language)
    return ""


def reason(error: QinghuanError, language: Language) -> str:
    """An error as people read it; a missing right says whose it is."""
    if not isinstance(error, errors.RightMissing):
        return sentence(error, language)
    return whose(Right(error.right), language)


def whose(right: Right, language: Language) -> str:
    """Which posts have a right."""
    names = [
        policy.zh if language is Language.ZH else policy.en
        for policy in POLICIES.values()
        if right in policy.rights
    ]
    return translate(BY_WHOM, language).format(who="、".join(names))


def filled(fields: tuple[FieldView, ...], typed: Typed, faults: Faults) -> tuple[FieldView, ...]:
    """Fields as they were typed, each with its fault; never a password or a file."""
    return tuple(
        replace(
            each,
            value=typed.texts.get(each.name, each.value),
            fault=faults.fields.get(each.name, ""),
        )
        for each in fields
    )


def _values(wish: type[Wanted], typed: Typed) -> dict[str, object]:
    """Each field's value: a file, every box ticked, or the text."""
    values: dict[str, object] = dict(typed.texts)
    for name, info in wish.model_fields.items():
        if typed.files.get(name):
            values[name] = typed.files[name]
        elif "frozenset" in str(info.annotation):
            values[name] = typed.lists.get(name, ())
    return values
