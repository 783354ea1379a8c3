"""The sections of administration, each with the posts that may open it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from qinghuan.people.model import Role
from qinghuan.web.access import Caller
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.pages import page
from qinghuan.web.states import State
from qinghuan.web.views import Notice

KEEPERS = (Role.SYSTEM_ADMIN,)
READERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
SECURITY = (Role.SECURITY_ADMIN,)
AUDIT = (Role.AUDIT_ADMIN,)
ALL_THREE = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""Three posts of three persons: one asks, one decides, one only reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One tab of the administration."""

    key: str
    label: str
    icon: str
    href: str
    roles: tuple[Role, ...]
    note: str
    """What it is for, in a line."""


SECTIONS = (
    Section(
        key="overview",
        label=N_("概览"),
        icon="gear",
        href="/admin",
        roles=ALL_THREE,
        note=N_("三员各自能做什么，现在等谁"),
    ),
    Section(
        key="areas",
        label=N_("区域"),
        icon="map",
        href="/admin/areas",
        roles=READERS,
        note=N_("区划树、名称、边界"),
    ),
    Section(
        key="offices",
        label=N_("单位"),
        icon="deputy",
        href="/admin/offices",
        roles=READERS,
        note=N_("承办、监督与填报的单位"),
    ),
    Section(
        key="persons",
        label=N_("人员"),
        icon="user",
        href="/admin/persons",
        roles=READERS,
        note=N_("账号、锁定、第二因素、所持岗位"),
    ),
    Section(
        key="grants",
        label=N_("授权"),
        icon="rule",
        href="/admin/grants",
        roles=READERS,
        note=N_("岗位的申请、审批与撤销"),
    ),
    Section(
        key="stations",
        label=N_("站点登记"),
        icon="station",
        href="/admin/stations",
        roles=READERS,
        note=N_("站点、访问密码、限值"),
    ),
    Section(
        key="tokens",
        label=N_("令牌"),
        icon="id",
        href="/admin/tokens",
        roles=SECURITY,
        note=N_("设备与对接系统的访问令牌"),
    ),
    Section(
        key="audit",
        label=N_("审计"),
        icon="watch",
        href="/admin/audit",
        roles=AUDIT,
        note=N_("特权操作与被拒的尝试"),
    ),
    Section(
        key="calendars",
        label=N_("日历"),
        icon="clock",
        href="/admin/calendars",
        roles=ALL_THREE,
        note=N_("工作日历的版本与已载入的日期"),
    ),
)

DONE: Mapping[str, str] = {
    "area-added": N_("区域已添加"),
    "area-renamed": N_("区域名称已修改"),
    "office-added": N_("单位已添加"),
    "office-changed": N_("单位信息已修改"),
    "person-changed": N_("人员信息已修改"),
    "person-disabled": N_("账号已停用，会话全部结束"),
    "person-enabled": N_("账号已恢复"),
    "person-unlocked": N_("锁定已解除"),
    "sessions-ended": N_("全部会话已结束"),
    "factor-reset": N_("第二因素已重置，本人下次登录时重新绑定"),
    "grant-asked": N_("申请已提交，等待安全管理员审批"),
    "grant-approved": N_("已批准，本人重新登录后生效"),
    "grant-declined": N_("申请已驳回"),
    "grant-revoked": N_("授权已撤销，本人会话已结束"),
    "token-revoked": N_("令牌已吊销"),
    "station-changed": N_("站点信息已修改"),
    "limit-set": N_("限值已设定，此后到达的数据按它判定"),
    "limit-cleared": N_("自设限值已取消，改按标准判定"),
    "unit-set": N_("单位已修改"),
    "phone-corrected": N_("电话已更正"),
}
"""Results told once on the next page, by the word in its address."""


def sections_for(caller: Caller) -> tuple[Section, ...]:
    """The sections a caller may open."""
    return tuple(one for one in SECTIONS if caller.roles.intersection(one.roles))


def section_page(
    caller: Caller,
    template: str,
    key: str,
    *,
    done: str = "",
    status: int = 200,
    **values: Any,  # noqa: ANN401  what a template speaks of
) -> Response:
    """Render a page of a section, with the result of the form before it.

    Args:
        caller: Who asks.
        template: Its name below `administration/`.
        key: The section's.
        done: Word of `DONE` from the address; anything else is nothing.
        status: Of the answer.
        values: What the template speaks of.
    """
    values.setdefault("fault", "")
    return page(
        caller,
        f"administration/{template}",
        "admin",
        status=status,
        sections=sections_for(caller),
        section=key,
        notice=notice_of(done),
        **values,
    )


def notice_of(done: str) -> Notice | None:
    """The result a word in the address stands for."""
    return Notice(title=DONE[done], state=State.OK) if done in DONE else None
