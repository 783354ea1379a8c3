"""A person's page: what he holds, whether he is locked, what may be done and why not the rest."""

from uuid import UUID

from starlette.responses import Response

from qinghuan.people.errors import OwnRequest
from qinghuan.people.model import Grant, Person, Right, Role
from qinghuan.people.rights import require
from qinghuan.people.service import grants, locks, passwords, persons, places
from qinghuan.people.service.audit import Deed
from qinghuan.web.access import Caller
from qinghuan.web.administration import words
from qinghuan.web.administration.choosing import office_field
from qinghuan.web.administration.forms import (
    NO_FAULTS,
    NOTHING_TYPED,
    Faults,
    Typed,
    filled,
    refusal,
)
from qinghuan.web.administration.grant_fields import grant_fields
from qinghuan.web.administration.sections import section_page
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.views import ActView, FieldView


def person(
    caller: Caller,
    person_id: UUID,
    *,
    done: str = "",
    typed: Typed = NOTHING_TYPED,
    faults: Faults = NO_FAULTS,
) -> Response:
    """Draw a person's page; forms of other files come back to it with their faults."""
    found = persons.person_of(caller.session, caller.actor, person_id)
    held = grants.grants_of(caller.session, caller.actor, person_id)
    failures = locks.failures_of(caller.session, caller.house.gate, caller.actor, person_id)
    until = locks.locked_until(
        caller.session, caller.house.gate, caller.actor, person_id, caller.at
    )
    offices = [places.office_of(caller.session, found.office_id)] if found.office_id else []
    return section_page(
        caller,
        "person.html",
        "persons",
        done=done,
        status=faults.status,
        fault=faults.whole,
        person=found,
        area=places.area_of(caller.session, found.area_code),
        office=offices[0] if offices else None,
        failures=failures,
        locked_until=until,
        grants=[(each, *_shown(caller, each)) for each in reversed(held)],
        areas=places.area_names(caller.session, tuple(each.area_code for each in held)),
        acts=acts_of(caller, found, is_locked=until is not None),
        refusal=refusal_of(caller, found.area_code, Right.MANAGE_PERSONS),
        fields=filled(_name_fields(caller, found), typed, faults),
        grant_refusal=_own(caller, found)
        or refusal_of(caller, found.area_code, Right.REQUEST_GRANT),
        grant_fields=filled(grant_fields(caller, found), typed, faults),
    )


def first_password(caller: Caller, found: Person, password: str, *, is_new: bool) -> Response:
    """The page that shows a password once."""
    return section_page(
        caller,
        "first_password.html",
        "persons",
        person=found,
        password=password,
        is_new=is_new,
        days=passwords.FIRST_PASSWORD_DAYS,
    )


def acts_of(caller: Caller, found: Person, *, is_locked: bool) -> tuple[ActView, ...]:
    """Every act on an account; those that are not the caller's say whose they are."""
    base = f"/admin/persons/{found.id}"
    kept = _why_not(caller, found, Right.MANAGE_PERSONS)
    no_lock = "" if is_locked else words.say(caller, N_("账号没有锁定"))
    in_or_out = (
        ActView(
            label=N_("停用账号"),
            action=f"{base}/disablement",
            refusal=kept,
            note=words.say(caller, N_("不再能登录；办过的事仍留着")),
        )
        if found.disabled_at is None
        else ActView(label=N_("恢复账号"), action=f"{base}/enablement", refusal=kept)
    )
    return (
        ActView(
            label=N_("解除锁定"),
            action=f"{base}/unlocking",
            refusal=kept or no_lock,
            note=words.say(caller, N_("清除登录失败计数")),
        ),
        ActView(
            label=N_("重置密码"),
            action=f"{base}/password-reset",
            refusal=kept,
            note=words.say(caller, N_("新密码只显示一次，首次登录须修改")),
        ),
        ActView(
            label=N_("重置第二因素"),
            action=f"{base}/factor-reset",
            refusal=_why_not(caller, found, Right.RESET_FACTOR),
            note=words.say(caller, N_("手机丢失时；本人下次登录重新绑定")),
        ),
        ActView(
            label=N_("结束会话"),
            action=f"{base}/session-end",
            refusal=_why_not(caller, found, Right.MANAGE_PERSONS),
            note=words.say(caller, N_("所有设备立即退出")),
        ),
        in_or_out,
    )


def deed_about(kind: str, found: Person) -> Deed:
    """What a refused act on a person is kept under."""
    return Deed(kind=kind, subject=f"person/{found.id}", area_code=found.area_code)


def refusal_of(caller: Caller, area_code: str, right: Right) -> str:
    """Why the caller has not a right in an area; empty if he has."""
    return refusal(caller, lambda: require(caller.actor, right, area_code))


def _shown(caller: Caller, grant: Grant) -> tuple[str, str, str]:
    """Role, state and word of a grant."""
    state, word = words.grant_state(grant, grant.is_live(caller.at))
    return words.role_name(caller, grant.role), state, word


def _own(caller: Caller, found: Person) -> str:
    own = found.id == caller.actor.person_id
    return words.say(caller, N_("不能为本人申请岗位，须由另一位系统管理员申请")) if own else ""


def _name_fields(caller: Caller, found: Person) -> tuple[FieldView, ...]:
    return (
        FieldView(name="name", label=N_("姓名"), value=found.name, is_required=True, maxlength=40),
        FieldView(
            name="post_label",
            label=N_("岗位称呼"),
            value=found.post_label,
            is_required=True,
            maxlength=40,
        ),
        office_field(caller, str(found.office_id or "")),
    )


def _why_not(caller: Caller, found: Person, right: Right) -> str:
    def check() -> None:
        require(caller.actor, right, found.area_code)
        if found.id == caller.actor.person_id:
            raise OwnRequest

    if found.id == caller.actor.person_id and Role.SYSTEM_ADMIN in caller.roles:
        return words.say(caller, N_("不能对本人账号操作，须由另一位管理员办理"))
    return refusal(caller, check)
