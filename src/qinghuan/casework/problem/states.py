"""The states a problem case can be in, and the clocks that may run in them."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    REFUSED = "refused"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    REPORTED = "reported"
    CHECKING = "checking"
    CLOSED = "closed"
    REOPENED = "reopened"
    """Between two events of one command: a reopened case is dispatched again at once."""
    MERGED = "merged"
    ARCHIVED = "archived"

    @property
    def zh(self) -> str:
        """The state as the case page prints it."""
        return _STATE_ZH[self]

    @property
    def stage_zh(self) -> str:
        """The stage of the published workflow it belongs to."""
        return _STAGE_ZH[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody owes the next step."""
        return self in OPEN


_STATE_ZH: Mapping[State, str] = {
    State.RECEIVED: "已接收",
    State.VERIFYING: "现场核实",
    State.REFUSED: "不予受理",
    State.FILED: "已立案",
    State.DISPATCHED: "已派遣",
    State.HANDLING: "处置中",
    State.SUSPENDED: "挂账",
    State.REPORTED: "已反馈",
    State.CHECKING: "核查",
    State.CLOSED: "已结案",
    State.REOPENED: "重新打开",
    State.MERGED: "并案",
    State.ARCHIVED: "归档",
}
_STAGE_ZH: Mapping[State, str] = {
    State.RECEIVED: "信息收集",
    State.VERIFYING: "信息收集",
    State.REFUSED: "信息收集",
    State.FILED: "案卷建立",
    State.DISPATCHED: "任务派遣",
    State.HANDLING: "任务处理",
    State.SUSPENDED: "任务处理",
    State.REPORTED: "处理反馈",
    State.CHECKING: "核查结案",
    State.CLOSED: "核查结案",
    State.REOPENED: "任务派遣",
    State.MERGED: "随主案",
    State.ARCHIVED: "综合评价",
}
OPEN = frozenset(
    {
        State.RECEIVED,
        State.VERIFYING,
        State.FILED,
        State.DISPATCHED,
        State.HANDLING,
        State.SUSPENDED,
        State.REPORTED,
        State.CHECKING,
        State.REOPENED,
    }
)
"""States in which a case must have an owner and a clock."""


class ClockKind(StrEnum):
    """What a clock limits."""

    ACCEPT = "accept"
    VERIFY = "verify"
    DISPATCH = "dispatch"
    SIGN = "sign"
    HANDLE = "handle"
    LEG = "leg"
    """One office's own share; the case's handling clock goes on when offices change."""
    SUSPEND = "suspend"
    CHECK = "check"
    CHECK_TASK = "check_task"
    TOTAL = "total"
    """The public promise, from filing to closing."""

    @property
    def zh(self) -> str:
        """The clock as the case page names it."""
        return _CLOCK_ZH[self]

    @property
    def escalates(self) -> bool:
        """Whether running late on it is told up the ladder."""
        return self not in _QUIET_CLOCKS


_QUIET_CLOCKS = frozenset({ClockKind.SUSPEND, ClockKind.LEG})
"""A suspension ends by itself; a lead leg says nothing the handling clock does not say."""
_CLOCK_ZH: Mapping[ClockKind, str] = {
    ClockKind.ACCEPT: "受理时限",
    ClockKind.VERIFY: "核实时限",
    ClockKind.DISPATCH: "派遣时限",
    ClockKind.SIGN: "签收时限",
    ClockKind.HANDLE: "处置时限",
    ClockKind.LEG: "承办时限",
    ClockKind.SUSPEND: "挂账期限",
    ClockKind.CHECK: "核查结案时限",
    ClockKind.CHECK_TASK: "核查任务时限",
    ClockKind.TOTAL: "总时限",
}


class Supervision(StrEnum):
    """How closely a case is watched from above."""

    NONE = "none"
    SUPERVISED = "supervised"
    KEY = "key"

    @property
    def zh(self) -> str:
        """The level as the case page prints it."""
        return {"none": "", "supervised": "督办", "key": "重点督办"}[self]


class Oversight(StrEnum):
    """Acts of the people's congress that attach to a case."""

    HEAR = "hear"
    INSPECT = "inspect"
    APPRAISE = "appraise"

    @property
    def zh(self) -> str:
        """The act as the case page prints it."""
        return {"hear": "听取报告", "inspect": "专题视察", "appraise": "评议测评"}[self]


class RequestKind(StrEnum):
    """What staff may ask for while handling."""

    EXTENSION = "extension"
    SUSPENSION = "suspension"

    @property
    def zh(self) -> str:
        """The request as the case page prints it."""
        return {"extension": "延期", "suspension": "挂账"}[self]


class RefusalReason(StrEnum):
    """Why a report may be turned away."""

    OUT_OF_SCOPE = "out_of_scope"
    OUT_OF_AREA = "out_of_area"
    NOT_FOUND = "not_found"
    UNCLEAR = "unclear"
    UNDER_LITIGATION = "under_litigation"
    DEVICE_FAULT = "device_fault"
    MALICIOUS = "malicious"

    @property
    def zh(self) -> str:
        """The reason as the reporter reads it."""
        return _REFUSAL_ZH[self]


_REFUSAL_ZH: Mapping[RefusalReason, str] = {
    RefusalReason.OUT_OF_SCOPE: "不属于受理范围",
    RefusalReason.OUT_OF_AREA: "不在管辖区域",
    RefusalReason.NOT_FOUND: "现场核实未发现问题",
    RefusalReason.UNCLEAR: "信息不全且无法补充",
    RefusalReason.UNDER_LITIGATION: "已进入诉讼、仲裁或复议程序",
    RefusalReason.DEVICE_FAULT: "监测设备故障，另行建案",
    RefusalReason.MALICIOUS: "恶意或虚假上报",
}


class Verdict(StrEnum):
    """What the reporter answers when asked again."""

    SATISFIED = "satisfied"
    BASICALLY = "basically"
    UNSATISFIED = "unsatisfied"

    @property
    def zh(self) -> str:
        """The answer as the survey prints it."""
        return {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}[self]


class ReopenCause(StrEnum):
    """Why a closed case opened again."""

    UNSATISFIED = "unsatisfied"
    RECURRED = "recurred"

    @property
    def zh(self) -> str:
        """The cause as the timeline prints it."""
        return {"unsatisfied": "群众不满意", "recurred": "同类问题复发"}[self]
