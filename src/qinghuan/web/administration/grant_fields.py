"""Fields of a request for a role."""

from qinghuan.people.model import Person, Role
from qinghuan.people.rights import POLICIES
from qinghuan.web.access import Caller
from qinghuan.web.administration import words
from qinghuan.web.administration.choosing import area_field, office_field
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.views import FieldView

GIVEN = tuple(role for role in POLICIES if role is not Role.PUBLIC)
"""Roles held by grant; the public is everybody."""


def grant_fields(caller: Caller, person: Person) -> tuple[FieldView, ...]:
    """Which role, where, until when, why."""
    roles = ((role.value, words.role_name(caller, role)) for role in GIVEN)
    return (
        FieldView(
            name="role",
            label=N_("岗位"),
            is_required=True,
            choices=(("", words.say(caller, N_("请选择"))), *roles),
        ),
        area_field(caller, person.area_code, N_("岗位在此区域及其下级有效")),
        office_field(caller, str(person.office_id or "")),
        FieldView(
            name="valid_until",
            label=N_("有效至"),
            kind="date",
            hint=N_("含当日；不填为长期"),
        ),
        FieldView(
            name="reason",
            label=N_("理由"),
            kind="textarea",
            rows=2,
            is_required=True,
            maxlength=200,
            hint=N_("2 至 200 字，审批人和审计可见"),
        ),
    )
