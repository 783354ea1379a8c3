"""Chinese words of the people room's codes, marked for translation."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from qinghuan.core.clock import BEIJING
from qinghuan.people.area import Level
from qinghuan.people.model import Grant, Mark, OfficeKind, Role, TokenScope
from qinghuan.people.outline import CoordinateSystem
from qinghuan.people.rights import POLICIES
from qinghuan.web.access import Caller
from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.states import State

LEVELS: Mapping[Level, str] = MappingProxyType(
    {
        Level.PROVINCE: N_("省级"),
        Level.CITY: N_("市级"),
        Level.DISTRICT: N_("区县"),
        Level.TOWNSHIP: N_("乡镇街道"),
        Level.VILLAGE: N_("村社区"),
        Level.GRID: N_("单元网格"),
    }
)

OFFICE_KINDS: Mapping[OfficeKind, str] = MappingProxyType(
    {
        OfficeKind.CENTRE: N_("指挥中心"),
        OfficeKind.DEPARTMENT: N_("部门"),
        OfficeKind.TOWNSHIP: N_("乡镇街道"),
        OfficeKind.VILLAGE: N_("村社区"),
        OfficeKind.CONGRESS: N_("人大"),
        OfficeKind.ENTERPRISE: N_("企业"),
        OfficeKind.OTHER: N_("其他"),
    }
)

MARKS: Mapping[Mark, str] = MappingProxyType(
    {
        Mark.PUBLIC: N_("公开"),
        Mark.INTERNAL: N_("内部"),
        Mark.SENSITIVE: N_("敏感"),
        Mark.IMPORTANT: N_("重要"),
    }
)

SYSTEMS: Mapping[CoordinateSystem, str] = MappingProxyType(
    {
        CoordinateSystem.WGS84: "WGS84",
        CoordinateSystem.CGCS2000: N_("CGCS2000（国家大地坐标系）"),
        CoordinateSystem.GCJ02: N_("GCJ-02（互联网地图的偏移坐标）"),
    }
)

SCOPES: Mapping[TokenScope, str] = MappingProxyType(
    {
        TokenScope.OBSERVATIONS_READ: N_("读取观测值"),
        TokenScope.OBSERVATIONS_WRITE: N_("写入观测值"),
        TokenScope.SIGNALS_WRITE: N_("提交线索"),
        TokenScope.CASES_READ: N_("读取案卷"),
        TokenScope.PROOFS_READ: N_("读取存证与证明"),
        TokenScope.METRICS_READ: N_("读取运行指标"),
    }
)

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "area": N_("区域"),
        "office": N_("单位"),
        "person": N_("人员"),
        "grant": N_("授权"),
        "password": N_("密码"),
        "factor": N_("第二因素"),
        "session": N_("会话"),
        "token": N_("令牌"),
        "phone": N_("电话"),
    }
)
"""First words of the acts' kinds."""

ACTS: Mapping[str, str] = MappingProxyType(
    {
        "area.created": N_("添加区域"),
        "area.renamed": N_("修改区域名称"),
        "area.outlined": N_("导入区域边界"),
        "office.created": N_("添加单位"),
        "office.changed": N_("修改单位"),
        "person.created": N_("添加人员"),
        "person.changed": N_("修改人员"),
        "person.disabled": N_("停用账号"),
        "person.enabled": N_("恢复账号"),
        "person.locked": N_("锁定登录名"),
        "person.unlocked": N_("解除锁定"),
        "grant.asked": N_("申请授权"),
        "grant.approved": N_("批准授权"),
        "grant.declined": N_("驳回授权"),
        "grant.revoked": N_("撤销授权"),
        "grant.set-up": N_("启用时授权"),
        "password.changed": N_("修改密码"),
        "password.reset": N_("重置密码"),
        "factor.enrolled": N_("绑定第二因素"),
        "factor.reset": N_("重置第二因素"),
        "session.opened": N_("登录"),
        "session.all-ended": N_("结束全部会话"),
        "token.issued": N_("签发令牌"),
        "token.revoked": N_("吊销令牌"),
        "phone.opened": N_("查看电话"),
        "phone.corrected": N_("更正电话"),
        "station.registered": N_("登记站点"),
        "station.changed": N_("修改站点"),
        "station.password-changed": N_("更换站点密码"),
        "limit.set": N_("设定限值"),
        "limit.cleared": N_("取消自设限值"),
    }
)
"""Kinds of privileged acts; a kind not listed is shown as it stands."""


SORTS: Mapping[str, str] = MappingProxyType(
    {
        **FAMILIES,
        "login": N_("登录名"),
        "station": N_("站点"),
        "datastream": N_("数据流"),
        "case": N_("案卷"),
        "signal": N_("线索"),
        "episode": N_("超标过程"),
    }
)
"""First words of subjects."""

ACTORS: Mapping[str, str] = MappingProxyType(
    {
        "set-up": N_("系统启用"),
        "gate": N_("登录核验"),
        "nobody": N_("公众"),
        "system": N_("平台自动"),
    }
)
"""Actors that are no person and no token."""

UUID_LENGTH = 36


def say(caller: Caller, text: str) -> str:
    """A marked text in the caller's language."""
    return translate(text, caller.preferences.language)


def role_name(caller: Caller, role: Role) -> str:
    """A role in the caller's language."""
    policy = POLICIES[role]
    return policy.zh if caller.preferences.language is Language.ZH else policy.en


def grant_state(grant: Grant, is_live: bool) -> tuple[State, str]:  # noqa: FBT001  a fact, named at the call
    """State and word of a grant: waiting, held, ended one way or another."""
    if grant.is_waiting():
        return State.RUN, N_("待审批")
    if grant.declined_at is not None:
        return State.IDLE, N_("已驳回")
    if grant.revoked_at is not None:
        return State.IDLE, N_("已撤销")
    return (State.OK, N_("生效中")) if is_live else (State.IDLE, N_("未在有效期内"))


def subject_word(caller: Caller, subject: str) -> str:
    """A record's subject or actor fit for a list: its sort and the end of its id."""
    if subject in ACTORS:
        return say(caller, ACTORS[subject])
    sort, _, rest = subject.partition("/")
    word = SORTS.get(sort)
    if word is None or not rest:
        return subject
    short = f"…{rest[-6:]}" if len(rest) == UUID_LENGTH else rest
    return f"{say(caller, word)} {short}"


def csv_moment(at: datetime | None) -> str:
    """A moment in a CSV cell: ISO 8601, Beijing time."""
    return "" if at is None else at.astimezone(BEIJING).isoformat(timespec="seconds")


OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "signed-in": N_("登录成功"),
        "password-right": N_("密码正确，待第二因素"),
        "wrong": N_("密码或口令不正确"),
        "wait": N_("间隔太短，未核验"),
        "locked": N_("已锁定"),
        "source-busy": N_("来源地址尝试过多"),
    }
)
"""How tries at signing in ended."""
