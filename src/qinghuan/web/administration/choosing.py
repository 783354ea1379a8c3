"""Fields in which something of the house is chosen: an area, an office, a person."""

from qinghuan.people.model import PageAsked
from qinghuan.people.service import persons, places
from qinghuan.web.access import Caller
from qinghuan.web.administration.words import say
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import Choice, Filter
from qinghuan.web.views import FieldView

MOST = 200
"""A longer list is no list to choose from: the code is typed instead."""

_FIRST = PageAsked(size=MOST)


def area_field(caller: Caller, value: str = "", hint: str = "") -> FieldView:
    """An area in the caller's reach, from a list while the list is short."""
    found = places.list_areas(caller.session, _FIRST, caller.scope.area_prefixes)
    if not found.items or found.total > MOST:
        return FieldView(
            name="area_code",
            label=N_("区域代码"),
            value=value,
            is_required=True,
            inputmode="numeric",
            maxlength=15,
            hint=hint or N_("2、4、6、9、12 或 15 位数字，如 990101"),
        )
    shallowest = min(len(area.area_code) for area in found.items)
    choices = tuple(
        (
            area.area_code,
            "\u3000" * ((len(area.area_code) - shallowest + 1) // 2)
            + f"{area.name} {area.area_code}",
        )
        for area in found.items
    )
    return FieldView(
        name="area_code",
        label=N_("区域"),
        value=value or choices[0][0],
        is_required=True,
        choices=choices,
        hint=hint,
    )


def office_field(caller: Caller, value: str = "") -> FieldView:
    """An office in the caller's reach, or none."""
    found = places.list_offices(caller.session, _FIRST, caller.scope.area_prefixes)
    return FieldView(
        name="office_id",
        label=N_("单位"),
        value=value,
        choices=(
            ("", say(caller, N_("不属任何单位"))),
            *((str(office.id), office.name) for office in found.items),
        ),
        hint=N_("只列出前 200 个") if found.total > MOST else "",
    )


def person_field(caller: Caller) -> FieldView:
    """A person in the caller's reach who may answer for a token."""
    found = persons.list_persons(caller.session, caller.actor, _FIRST)
    return FieldView(
        name="person_id",
        label=N_("负责人"),
        is_required=True,
        choices=(
            ("", say(caller, N_("请选择"))),
            *(
                (str(person.id), f"{person.post_label}（{person.login_name}）")
                for person in found.items
                if person.id != caller.actor.person_id and person.disabled_at is None
            ),
        ),
        hint=N_("令牌的权限不超过负责人本人；三员不能作负责人"),
    )


def area_filter(caller: Caller, chosen: str) -> Filter:
    """A question of which area, while there are few to choose from; else its code is typed."""
    found = places.list_areas(caller.session, _FIRST, caller.scope.area_prefixes)
    choices = tuple(
        Choice(value=area.area_code, label=f"{area.name} {area.area_code}") for area in found.items
    )
    return Filter(
        name="area",
        label=N_("区域"),
        choices=() if found.total > MOST else choices,
        chosen=chosen,
    )
