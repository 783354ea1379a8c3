"""What must hold before a command is taken. Each guard says who can supply what is missing."""

from datetime import timedelta

from qinghuan.casework.model import Purpose, Role, Source
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem import timing
from qinghuan.casework.problem.asking import content, standing
from qinghuan.casework.problem.conditions import (
    checked_after_report,
    days_to_ask,
    follow_ups_are_done,
    has_evidence,
    has_near_and_fresh_evidence,
    has_near_evidence,
    holds_legs,
    is_checker,
    is_checker_or_dispatcher,
    is_co_leg,
    is_endorser_or_decider,
    is_handler,
    is_lead_head,
    is_quiet,
    is_reporter,
    is_within,
    legs_of,
    level_fits_role,
    may_answer_follow_up,
    may_resume_now,
    naming,
    parent_follows_none,
    parent_is_open,
    purpose_fits_person,
    recurs_in_time,
    seen_after_closing_evidence,
    suspension_is_bounded,
    text_of,
)
from qinghuan.casework.problem.states import State

NEEDS_SECOND_PERSON = frozenset(
    {Source.DEPUTY, Source.SENSOR, Source.SMOKE, Source.FENCE, Source.CARBON}
)
"""A deputy's report or a machine's alarm is not turned away by one person alone."""

CLOCK_SKEW = timedelta(minutes=5)
"""How far a phone's clock may run ahead of ours."""


HAS_TEXT = content("reason-missing", lambda a: bool(text_of(a)), "必须写明理由", "理由", "办理人")
AUTOMATIC_ONLY_FOR_MACHINES = standing(
    "automatic-only-for-machines",
    lambda a: Role.SYSTEM not in a.actor.roles or a.case.source.is_machine,
    "只有监测设备的线索才能由平台自动办理",
    "人工受理",
    "受理员",
)
VERIFY_PHOTO = standing(
    "verify-photo-missing",
    has_near_evidence(Purpose.VERIFY),
    "核实结果须附现场照片（含位置和时间）",
    "案发地 50 米以内的核实照片",
    "网格员",
)
HAS_CODE = content(
    "code-missing",
    lambda a: a.of(c.File).code is not None,
    "立案须选定事项代码",
    "事项代码",
    "受理员",
)
HAS_GRID = content(
    "grid-missing",
    lambda a: bool(a.of(c.File).grid_code.strip()),
    "立案须填写单元网格",
    "单元网格标识码",
    "受理员",
)
FILING_CONDITION = content(
    "filing-condition-not-met",
    lambda a: a.of(c.File).is_condition_met,
    "立案条件未逐项确认",
    "立案条件",
    "受理员",
)
NO_PENDING_REFUSAL = standing(
    "refusal-already-proposed",
    lambda a: a.case.refusal is None,
    "已有不予受理的意见，待第二人确认",
    "第二人确认",
    "另一名受理员或指挥长",
)
PENDING_REFUSAL = standing(
    "no-refusal-proposed",
    lambda a: a.case.refusal is not None,
    "尚无人提出不予受理",
    "不予受理意见",
    "受理员",
)
SECOND_PERSON = standing(
    "second-person-needed",
    lambda a: a.case.refusal is None or a.case.refusal.by != a.actor.person,
    "代表和监测来源的线索须由第二人确认才能不予受理",
    "第二人确认",
    "另一名受理员或指挥长",
)
REPORTER = standing(
    "not-the-reporter", is_reporter, "只有上报人本人可以办理", "上报人身份或回执", "上报人"
)
FIRST_APPEAL = standing(
    "already-appealed",
    lambda a: not a.case.was_appealed,
    "同一案卷只能申诉一次",
    "其他救济途径",
    "人大工作人员",
)
APPEAL_IN_TIME = standing(
    "appeal-too-late",
    lambda a: is_within(a, a.case.refused_at, a.policy.appeal_window),
    "已超过申诉期限（10 个工作日）",
    "重新上报",
    "上报人",
)
PARENT_OPEN = content(
    "parent-not-open", parent_is_open, "主案不存在或已办结，不能并入", "办理中的主案", "受理员"
)
PARENT_DEPTH = content(
    "parent-follows-another",
    parent_follows_none,
    "主案本身已并入他案，请直接并入最上级主案",
    "最上级主案",
    "受理员",
)
NOT_ITSELF = content(
    "merge-into-itself",
    lambda a: a.of(c.Merge).parent_id != a.case.case_id,
    "案卷不能并入自身",
    "另一案卷",
    "受理员",
)
NO_CHILDREN = standing(
    "has-followers",
    lambda a: not a.case.children,
    "本案已有并入的案卷，不能再并入他案",
    "先拆分并入的案卷",
    "受理员",
)
HAS_LEGS = content(
    "legs-missing",
    lambda a: holds_legs(legs_of(a)),
    "至少指定一个承办单位，且不得重复",
    "承办单位",
    "派遣员",
)
ONE_LEAD = content(
    "not-exactly-one-lead",
    lambda a: sum(leg.is_lead for leg in legs_of(a)) == 1,
    "主办单位必须有且只有一个",
    "唯一的主办单位",
    "派遣员",
)
DISPUTED = standing(
    "not-disputed",
    lambda a: a.case.returns >= a.policy.max_returns,
    "退回未满两次，由派遣员派遣即可",
    "两次退回",
    "承办单位",
)
LEAD_HEAD = standing(
    "not-the-lead-office", is_lead_head, "只有主办单位负责人可以办理", "主办单位负责人", "主办单位"
)
RETURNS_LEFT = standing(
    "no-returns-left",
    lambda a: a.case.returns < a.policy.max_returns and not a.case.is_owner_decided,
    "已退回两次或指挥长已裁定，不能再退回",
    "指挥长裁定",
    "指挥长",
)
RETURN_IN_TIME = standing(
    "return-too-late",
    lambda a: is_within(a, a.case.dispatched_at, a.policy.return_window),
    "派遣已满 1 个工作日，不能再退回",
    "办理，或由指挥长裁定",
    "主办单位",
)
PROPOSES_OFFICE = content(
    "proposed-office-missing",
    lambda a: bool(a.of(c.Return).proposed_office.strip()),
    "退回须提出建议承办单位",
    "建议承办单位",
    "主办单位负责人",
)
NAMED_OF_LEAD = content(
    "named-person-of-other-office",
    lambda a: naming(a).handler.office_id == a.actor.office_id,
    "责任人须是主办单位人员",
    "本单位责任人",
    "主办单位负责人",
)
NAMED_HAS_PHONE = content(
    "named-person-without-phone",
    lambda a: naming(a).handler.has_phone,
    "责任人须登记联系电话",
    "责任人电话",
    "主办单位负责人",
)
THE_HANDLER = standing(
    "not-the-named-handler", is_handler, "只有指定的责任人可以办理", "责任人本人", "责任人"
)
NO_PENDING_REQUEST = standing(
    "request-pending",
    lambda a: a.case.request is None,
    "已有待审批的申请",
    "先审批现有申请",
    "单位负责人、派遣员",
)
NOT_OVERDUE = standing(
    "already-overdue",
    lambda a: not timing.is_overdue(a),
    "处置时限已过，不能再延期或挂账",
    "尽快办结",
    "主办单位",
)
EXTENSIONS_LEFT = standing(
    "no-extensions-left",
    lambda a: a.case.extensions < a.policy.max_extensions,
    "延期已满两次",
    "尽快办结",
    "主办单位",
)
SUSPENSIONS_LEFT = standing(
    "no-suspensions-left",
    lambda a: a.case.suspensions < a.policy.max_suspensions,
    "挂账只能一次",
    "尽快办结",
    "主办单位",
)
SUSPENSION_BOUNDED = content(
    "suspension-unbounded",
    suspension_is_bounded,
    "挂账须有截止日期，且不超过该原因的最长期限",
    "合规的截止日期",
    "责任人",
)
PENDING_REQUEST = standing(
    "no-request-pending",
    lambda a: a.case.request is not None,
    "没有待审批的申请",
    "申请",
    "责任人",
)
NOT_ENDORSED_YET = standing(
    "already-endorsed",
    lambda a: a.case.request is None or a.case.request.endorsed_by is None,
    "单位负责人已同意，待派遣员审批",
    "派遣员审批",
    "派遣员",
)
NOT_OWN_REQUEST = standing(
    "own-request",
    lambda a: (
        a.case.request is None
        or a.actor.person not in {a.case.request.by, a.case.request.endorsed_by}
    ),
    "不能审批自己提出或同意的申请",
    "另一人审批",
    "单位负责人、派遣员",
)
ENDORSED = standing(
    "not-endorsed",
    lambda a: a.case.request is None or a.case.request.endorsed_by is not None,
    "须先由主办单位负责人同意",
    "单位负责人同意",
    "主办单位负责人",
)
MAY_DENY = standing(
    "not-the-lead-office",
    is_endorser_or_decider,
    "只有主办单位负责人或派遣员可以驳回",
    "主办单位负责人或派遣员",
    "主办单位",
)
MAY_RESUME = standing(
    "suspension-still-runs",
    may_resume_now,
    "挂账未到期，或不是承办单位",
    "到期，或承办单位申请恢复",
    "承办单位",
)
CO_LEG = standing(
    "not-a-co-office", is_co_leg, "只有会办单位可以答复会办意见", "会办单位", "会办单位"
)
AFTER_PHOTO = standing(
    "after-photo-missing",
    has_evidence(Purpose.AFTER),
    "须附处置后照片（监测来源可附文件或数据）",
    "处置后照片",
    "责任人",
)
AFTER_PHOTO_NEAR = standing(
    "after-photo-too-far",
    has_near_evidence(Purpose.AFTER),
    "处置后照片须在案发地 50 米以内拍摄",
    "案发地 50 米以内的照片",
    "责任人",
)
AFTER_PHOTO_FRESH = standing(
    "after-photo-too-old",
    has_near_and_fresh_evidence(Purpose.AFTER),
    "处置后照片须在派遣或返工之后拍摄",
    "派遣或返工之后的照片",
    "责任人",
)
CO_LEGS_ANSWERED = standing(
    "co-legs-unanswered",
    lambda a: all(leg.is_lead or leg.answer is not None for leg in a.case.legs),
    "会办单位尚未全部答复",
    "会办意见",
    "会办单位",
)
DONE_REPORTED = standing(
    "not-reported-done",
    lambda a: a.case.reported_by is not None,
    "责任人尚未报告办结",
    "办结报告",
    "责任人",
)
NOT_OWN_REPORT = standing(
    "own-report",
    lambda a: a.case.reported_by != a.actor.person,
    "不能确认自己的办结报告",
    "单位负责人确认",
    "另一名单位负责人",
)
CHECKER_OR_DISPATCHER = standing(
    "not-the-checker",
    is_checker_or_dispatcher,
    "只有派遣员或本案核查员可以要求返工",
    "派遣员或本案核查员",
    "派遣员",
)
CHECKER_OF_OTHER_OFFICE = content(
    "checker-of-handling-office",
    lambda a: a.case.leg_of(a.of(c.SendCheck).checker.office_id) is None,
    "核查员不能来自承办单位",
    "其他单位的核查员",
    "受理员",
)
THE_CHECKER = standing(
    "not-the-checker", is_checker, "只有指定的核查员可以填报核查结果", "本案核查员", "核查员"
)
CHECK_PHOTO = standing(
    "check-photo-missing",
    checked_after_report,
    "核查结果须附反馈之后、案发地 50 米以内的核查照片",
    "核查照片",
    "核查员",
)
CLOSING_CONDITION = content(
    "closing-condition-not-met",
    lambda a: a.of(c.Close).is_condition_met,
    "结案条件未逐项确认",
    "结案条件",
    "受理员",
)
CHECK_PASSED = standing(
    "check-not-passed",
    lambda a: a.case.check_passed is True,
    "核查未通过或尚无结果，不能结案",
    "核查通过",
    "核查员",
)
SOURCE_QUIET = standing(
    "source-still-over-limit",
    lambda a: not a.case.source.is_machine or a.context.is_source_quiet is True,
    "监测值尚未在规定时段内恢复到限值以下",
    "恢复达标的监测数据",
    "监测设备",
)
EVIDENCE_AFTER_REWORK = standing(
    "no-evidence-since-rework",
    has_near_and_fresh_evidence(Purpose.CHECK),
    "返工之后没有新的证据，不能结案",
    "返工之后的核查证据",
    "核查员",
)
MAY_ANSWER = standing(
    "not-the-reporter", may_answer_follow_up, "只有上报人可以答复回访", "上报人身份或回执", "上报人"
)
FOLLOW_UP_DUE = standing(
    "no-follow-up-due",
    lambda a: bool(days_to_ask(a)),
    "没有到期的回访",
    "到期的回访",
    "平台",
)
PARENT_CLOSED = standing(
    "parent-still-open",
    lambda a: a.case.state is not State.MERGED or a.case.parent_closed_at is not None,
    "主案尚未结案，待结案后回访",
    "主案结案",
    "主案承办单位",
)
SAME_SOURCE = content(
    "other-source-or-code",
    lambda a: a.of(c.Recur).source_ref == a.case.source_ref and a.of(c.Recur).code == a.case.code,
    "不是同一监测对象的同类问题",
    "另行建案",
    "平台",
)
RECURS_SOON = standing(
    "recurrence-too-late", recurs_in_time, "已超过复发认定期限", "另行建案", "平台"
)
RECURS_AFTER_EVIDENCE = content(
    "seen-before-closing-evidence",
    seen_after_closing_evidence,
    "观测时间早于结案证据，不算复发",
    "结案之后的观测",
    "监测设备",
)
LEVEL_FITS = content(
    "level-not-yours",
    level_fits_role,
    "督办由指挥长提出，重点督办由人大工作人员提出",
    "相应角色",
    "指挥长、人大工作人员",
)
QUIET = standing("not-quiet-yet", is_quiet, "结案未满 90 天，不能归档", "期满", "平台")
FOLLOW_UPS_DONE = standing(
    "follow-up-open", follow_ups_are_done, "回访尚未完成", "回访答复或期满", "上报人"
)
EVIDENCE_HASHED = content(
    "evidence-without-hash",
    lambda a: len(a.of(c.AddEvidence).evidence.sha256) == 64,
    "证据须有 SHA-256 摘要",
    "文件摘要",
    "上传端",
)
EVIDENCE_NOT_AHEAD = content(
    "evidence-from-the-future",
    lambda a: a.of(c.AddEvidence).evidence.taken_at <= a.at + CLOCK_SKEW,
    "证据拍摄时间晚于当前时间",
    "校准拍摄设备时间",
    "上传人",
)
EVIDENCE_PURPOSE = content(
    "evidence-purpose-not-yours",
    purpose_fits_person,
    "处置后证据由承办单位提供，核查证据由本案核查员提供，市民只能为自己的上报补充",
    "相应人员的证据",
    "承办单位、核查员",
)
KNOWN_CLOCK = content(
    "no-such-clock",
    lambda a: any(clock.key == a.of(c.ReachRung).clock_key for clock in a.case.clocks),
    "本案没有该时限",
    "时限",
    "平台",
)
RUNG_ONCE = content(
    "rung-already-reached",
    lambda a: (a.of(c.ReachRung).clock_key, a.of(c.ReachRung).pct) not in a.case.rungs,
    "该级催督办已发出",
    "无",
    "平台",
)
KNOWN_CALENDAR = content(
    "unknown-calendar",
    lambda a: a.of(c.ChangeCalendar).calendar_id in a.context.calendars,
    "没有该版本的工作日历",
    "工作日历",
    "系统管理员",
)
SIGNAL_NEW = content(
    "signal-already-attached",
    lambda a: a.of(c.AttachSignal).signal.signal_id not in a.case.signals,
    "线索已在本案",
    "无",
    "受理员",
)
