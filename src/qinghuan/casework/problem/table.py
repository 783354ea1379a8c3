"""The state table: every move a problem case can make, who may make it and what it needs.

One row for each command. What the table does not allow is refused: deny by default. Rows
numbered 1 to 17 are the transitions of the agreed workflow; the others serve them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from qinghuan.casework.model import Role
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem import effects as do
from qinghuan.casework.problem import guards as g
from qinghuan.casework.problem.asking import Ask, Guard
from qinghuan.casework.problem.events import Event
from qinghuan.casework.problem.states import OPEN, State

S = State
R = Role
ANYBODY = frozenset(Role)
REPORTERS = frozenset(
    {R.CITIZEN, R.DEPUTY, R.GRID_WORKER, R.ENTERPRISE_REPORTER, R.PUBLIC, R.CONGRESS_STAFF}
)
STAFF = ANYBODY - {R.PUBLIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table."""

    number: int | None
    """Transition of the agreed workflow it belongs to; None for what serves them."""
    name: str
    zh: str
    command: type[c.Command]
    sources: frozenset[State]
    """States it may be given in; empty for opening a case."""
    targets: frozenset[State]
    """States it may lead to."""
    roles: frozenset[Role]
    effect: Callable[[Ask], list[Event]]
    guards: tuple[Guard, ...] = ()
    is_offered: bool = True
    """Shown as a button; the platform's own commands are not."""


def _row(  # noqa: PLR0913, PLR0917 - a row of the table has these columns
    number: int | None,
    name: str,
    zh: str,
    command: type[c.Command],
    sources: set[State] | frozenset[State],
    targets: set[State] | frozenset[State],
    roles: set[Role] | frozenset[Role],
    effect: Callable[[Ask], list[Event]],
    *guards: Guard,
) -> Rule:
    return Rule(
        number=number,
        name=name,
        zh=zh,
        command=command,
        sources=frozenset(sources),
        targets=frozenset(targets),
        roles=frozenset(roles),
        effect=effect,
        guards=guards,
        is_offered=frozenset(roles) != {R.SYSTEM} and command is not c.Submit,
    )


EVIDENCE_OF_FIX = (g.AFTER_PHOTO, g.AFTER_PHOTO_NEAR, g.AFTER_PHOTO_FRESH)

RULES: tuple[Rule, ...] = (
    _row(1, "submit", "上报", c.Submit, set(), {S.RECEIVED}, ANYBODY, do.submit),
    _row(
        2, "send_verify", "派员核实", c.SendVerify,
        {S.RECEIVED}, {S.VERIFYING}, {R.ACCEPTOR, R.SYSTEM}, do.send_verify,
        g.AUTOMATIC_ONLY_FOR_MACHINES,
    ),
    _row(
        2, "verify_result", "填报核实结果", c.VerifyResult,
        {S.VERIFYING}, {S.RECEIVED}, {R.GRID_WORKER}, do.verify_result,
        g.VERIFY_PHOTO,
    ),
    _row(
        3, "file", "立案", c.File,
        {S.RECEIVED}, {S.FILED}, {R.ACCEPTOR, R.SYSTEM}, do.file,
        g.AUTOMATIC_ONLY_FOR_MACHINES, g.HAS_CODE, g.HAS_GRID, g.FILING_CONDITION,
    ),
    _row(
        4, "refuse", "不予受理", c.Refuse,
        {S.RECEIVED}, {S.RECEIVED, S.REFUSED}, {R.ACCEPTOR}, do.refuse,
        g.NO_PENDING_REFUSAL, g.HAS_TEXT,
    ),
    _row(
        4, "confirm_refusal", "确认不予受理", c.ConfirmRefusal,
        {S.RECEIVED}, {S.REFUSED}, {R.ACCEPTOR, R.DIRECTOR}, do.confirm_refusal,
        g.PENDING_REFUSAL, g.SECOND_PERSON,
    ),
    _row(
        4, "appeal", "申诉", c.Appeal,
        {S.REFUSED}, {S.RECEIVED}, REPORTERS, do.appeal,
        g.REPORTER, g.FIRST_APPEAL, g.APPEAL_IN_TIME, g.HAS_TEXT,
    ),
    _row(
        5, "merge", "并案", c.Merge,
        {S.RECEIVED, S.FILED}, {S.MERGED}, {R.ACCEPTOR}, do.merge,
        g.NO_CHILDREN, g.NOT_ITSELF, g.PARENT_OPEN, g.PARENT_DEPTH,
    ),
    _row(
        5, "split", "拆分", c.Split,
        {S.MERGED}, {S.RECEIVED, S.FILED}, {R.ACCEPTOR}, do.split,
        g.HAS_TEXT,
    ),
    _row(
        6, "dispatch", "派遣", c.Dispatch,
        {S.FILED, S.REOPENED}, {S.DISPATCHED}, {R.DISPATCHER}, do.dispatch,
        g.HAS_LEGS, g.ONE_LEAD,
    ),
    _row(
        7, "return", "退回", c.Return,
        {S.DISPATCHED}, {S.FILED}, {R.OFFICE_HEAD}, do.give_back,
        g.LEAD_HEAD, g.RETURNS_LEFT, g.RETURN_IN_TIME, g.HAS_TEXT, g.PROPOSES_OFFICE,
    ),
    _row(
        7, "decide_owner", "裁定承办单位", c.DecideOwner,
        {S.FILED, S.DISPATCHED}, {S.DISPATCHED}, {R.DIRECTOR}, do.decide_owner,
        g.DISPUTED, g.HAS_LEGS, g.ONE_LEAD, g.HAS_TEXT,
    ),
    _row(
        8, "sign", "签收并指定责任人", c.Sign,
        {S.DISPATCHED}, {S.HANDLING}, {R.OFFICE_HEAD}, do.sign,
        g.LEAD_HEAD, g.NAMED_OF_LEAD, g.NAMED_HAS_PHONE,
    ),
    _row(
        8, "name_handler", "更换责任人", c.NameHandler,
        {S.HANDLING, S.SUSPENDED}, {S.HANDLING, S.SUSPENDED}, {R.OFFICE_HEAD}, do.name_handler,
        g.LEAD_HEAD, g.NAMED_OF_LEAD, g.NAMED_HAS_PHONE, g.HAS_TEXT,
    ),
    _row(
        9, "ask_extension", "申请延期", c.AskExtension,
        {S.HANDLING}, {S.HANDLING}, {R.HANDLER}, do.ask_extension,
        g.THE_HANDLER, g.NO_PENDING_REQUEST, g.NOT_OVERDUE, g.EXTENSIONS_LEFT, g.HAS_TEXT,
    ),
    _row(
        9, "ask_suspension", "申请挂账", c.AskSuspension,
        {S.HANDLING}, {S.HANDLING}, {R.HANDLER}, do.ask_suspension,
        g.THE_HANDLER, g.NO_PENDING_REQUEST, g.NOT_OVERDUE, g.SUSPENSIONS_LEFT,
        g.HAS_TEXT, g.SUSPENSION_BOUNDED,
    ),
    _row(
        9, "endorse_request", "同意申请", c.EndorseRequest,
        {S.HANDLING}, {S.HANDLING}, {R.OFFICE_HEAD}, do.endorse_request,
        g.LEAD_HEAD, g.PENDING_REQUEST, g.NOT_ENDORSED_YET, g.NOT_OWN_REQUEST,
    ),
    _row(
        9, "approve_request", "批准申请", c.ApproveRequest,
        {S.HANDLING}, {S.HANDLING, S.SUSPENDED}, {R.DISPATCHER}, do.approve_request,
        g.PENDING_REQUEST, g.ENDORSED, g.NOT_OWN_REQUEST, g.NOT_OVERDUE,
    ),
    _row(
        9, "deny_request", "驳回申请", c.DenyRequest,
        {S.HANDLING}, {S.HANDLING}, {R.OFFICE_HEAD, R.DISPATCHER}, do.deny_request,
        g.PENDING_REQUEST, g.MAY_DENY, g.HAS_TEXT,
    ),
    _row(
        9, "resume", "恢复办理", c.Resume,
        {S.SUSPENDED}, {S.HANDLING}, {R.HANDLER, R.OFFICE_HEAD, R.SYSTEM}, do.resume,
        g.MAY_RESUME,
    ),
    _row(
        10, "answer_leg", "答复会办意见", c.AnswerLeg,
        {S.DISPATCHED, S.HANDLING, S.SUSPENDED}, {S.DISPATCHED, S.HANDLING, S.SUSPENDED},
        {R.HANDLER, R.OFFICE_HEAD}, do.answer_leg,
        g.CO_LEG, g.HAS_TEXT,
    ),
    _row(
        10, "report_done", "报告办结", c.ReportDone,
        {S.HANDLING}, {S.HANDLING}, {R.HANDLER}, do.report_done,
        g.THE_HANDLER, *EVIDENCE_OF_FIX, g.CO_LEGS_ANSWERED, g.HAS_TEXT,
    ),
    _row(
        10, "confirm_done", "确认办结并反馈", c.ConfirmDone,
        {S.HANDLING}, {S.REPORTED}, {R.OFFICE_HEAD}, do.confirm_done,
        g.LEAD_HEAD, g.DONE_REPORTED, g.NOT_OWN_REPORT,
    ),
    _row(
        11, "rework", "返工", c.Rework,
        {S.REPORTED, S.CHECKING}, {S.HANDLING}, {R.DISPATCHER, R.CHECKER}, do.rework,
        g.CHECKER_OR_DISPATCHER, g.HAS_TEXT,
    ),
    _row(
        12, "send_check", "派员核查", c.SendCheck,
        {S.REPORTED}, {S.CHECKING}, {R.ACCEPTOR}, do.send_check,
        g.CHECKER_OF_OTHER_OFFICE,
    ),
    _row(
        12, "check_result", "填报核查结果", c.CheckResult,
        {S.CHECKING}, {S.CHECKING}, {R.CHECKER}, do.check_result,
        g.THE_CHECKER, g.CHECK_PHOTO,
    ),
    _row(
        13, "close", "结案", c.Close,
        {S.CHECKING}, {S.CLOSED}, {R.ACCEPTOR}, do.close,
        g.CHECK_PASSED, g.EVIDENCE_AFTER_REWORK, g.SOURCE_QUIET, g.CLOSING_CONDITION,
    ),
    _row(
        14, "ask_follow_up", "回访", c.AskFollowUp,
        {S.CLOSED}, {S.CLOSED}, {R.SYSTEM}, do.ask_follow_up,
        g.FOLLOW_UP_DUE,
    ),
    _row(
        14, "answer_follow_up", "回访答复", c.AnswerFollowUp,
        {S.CLOSED, S.MERGED}, {S.CLOSED, S.MERGED, S.DISPATCHED}, REPORTERS | {R.SYSTEM},
        do.answer_follow_up,
        g.MAY_ANSWER, g.PARENT_CLOSED,
    ),
    _row(
        15, "recur", "复发", c.Recur,
        {S.CLOSED}, {S.DISPATCHED}, {R.SYSTEM}, do.recur,
        g.SAME_SOURCE, g.RECURS_SOON, g.RECURS_AFTER_EVIDENCE,
    ),
    _row(
        16, "supervise", "督办", c.Supervise,
        OPEN, OPEN, {R.DIRECTOR, R.CONGRESS_STAFF}, do.supervise,
        g.LEVEL_FITS, g.HAS_TEXT,
    ),
    _row(
        16, "attach_oversight", "听取、视察、评议", c.AttachOversight,
        OPEN | {S.CLOSED}, OPEN | {S.CLOSED}, {R.CONGRESS_STAFF}, do.attach_oversight,
    ),
    _row(
        17, "archive", "归档", c.Archive,
        {S.CLOSED}, {S.ARCHIVED}, {R.SYSTEM}, do.archive,
        g.QUIET, g.FOLLOW_UPS_DONE,
    ),
    _row(
        None, "attach_signal", "并入线索", c.AttachSignal,
        OPEN, OPEN, {R.ACCEPTOR, R.SYSTEM}, do.attach_signal,
        g.SIGNAL_NEW,
    ),
    _row(
        None, "add_evidence", "补充证据", c.AddEvidence,
        OPEN | {S.CLOSED}, OPEN | {S.CLOSED}, ANYBODY, do.add_evidence,
        g.EVIDENCE_HASHED, g.EVIDENCE_NOT_AHEAD, g.EVIDENCE_PURPOSE,
    ),
    _row(
        None, "adopt_child", "登记并入案卷", c.AdoptChild,
        OPEN, OPEN, {R.SYSTEM}, do.adopt_child,
    ),
    _row(
        None, "release_child", "登记拆出案卷", c.ReleaseChild,
        OPEN | {S.CLOSED}, OPEN | {S.CLOSED}, {R.SYSTEM}, do.release_child,
    ),
    _row(
        None, "note_parent_closed", "通知主案结案", c.NoteParentClosed,
        {S.MERGED}, {S.MERGED}, {R.SYSTEM}, do.note_parent_closed,
    ),
    _row(
        None, "reach_rung", "催督办升级", c.ReachRung,
        frozenset(State), frozenset(State), {R.SYSTEM}, do.reach_rung,
        g.KNOWN_CLOCK, g.RUNG_ONCE,
    ),
    _row(
        None, "change_calendar", "改用新版工作日历", c.ChangeCalendar,
        OPEN, OPEN, {R.SYSTEM}, do.change_calendar,
        g.KNOWN_CALENDAR,
    ),
    _row(
        None, "repair", "对账修复", c.Repair,
        OPEN, OPEN, {R.SYSTEM}, do.repair,
    ),
)  # fmt: skip
"""The whole table."""

BY_COMMAND: dict[type, Rule] = {rule.command: rule for rule in RULES}
BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}
