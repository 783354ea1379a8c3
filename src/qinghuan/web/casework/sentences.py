"""An event of a case as one line of its story: an icon, a sentence, a line of facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qinghuan.casework.model import EvidenceKind, Purpose
from qinghuan.casework.problem import events as e
from qinghuan.casework.problem.states import ClockKind, Verdict
from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.states import State
from qinghuan.web.wording import moment

PURPOSES: Mapping[Purpose, str] = {
    Purpose.REPORT: N_("上报材料"),
    Purpose.VERIFY: N_("核实材料"),
    Purpose.AFTER: N_("处置后材料"),
    Purpose.CHECK: N_("核查材料"),
}
KINDS: Mapping[EvidenceKind, str] = {
    EvidenceKind.PHOTO: N_("照片"),
    EvidenceKind.VIDEO: N_("视频"),
    EvidenceKind.DOCUMENT: N_("文件"),
    EvidenceKind.READING: N_("监测数据"),
}
RUNGS: Mapping[int, str] = {
    50: N_("提醒主办单位"),
    80: N_("催办单位负责人"),
    100: N_("超时督办，公开标红"),
    150: N_("报分管领导"),
    200: N_("列为重点督办候选"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the story."""

    icon: str
    text: str
    """A pattern; its places are filled from `facts`."""
    facts: Mapping[str, str]
    detail: str = ""
    """What people wrote, as they wrote it."""
    state: State = State.RUN

    def sentence(self, language: Language) -> str:
        """The sentence in a language."""
        said = {name: translate(value, language) for name, value in self.facts.items()}
        return translate(self.text, language).format(**said)


def line_of(body: e.Body) -> Line:
    """What happened, as the timeline says it."""
    icon, text, state, read = LINES[type(body)]
    said = dict(read(body)) if read else {}
    detail = said.pop("detail", "")
    return Line(icon=icon, text=text, facts=said, detail=detail, state=state)


def _legs(body: Any) -> Mapping[str, str]:  # noqa: ANN401  two kinds of event
    lead = next((leg.office_name for leg in body.legs if leg.is_lead), "")
    others = "、".join(leg.office_name for leg in body.legs if not leg.is_lead)
    written = getattr(body, "note", "") or getattr(body, "reason", "")
    return {"lead": lead, "others": others or "—", "detail": written}


def _evidence(body: e.EvidenceAdded) -> Mapping[str, str]:
    item = body.evidence
    place = item.place
    where = f"WGS84 {place.longitude_deg:.5f}, {place.latitude_deg:.5f}" if place else ""
    return {
        "purpose": PURPOSES[item.purpose],
        "kind": KINDS[item.kind],
        "detail": " · ".join(
            filter(None, [moment(item.taken_at), where, f"sha {item.sha256[:8]}"])
        ),
    }


def _rung(body: e.RungReached) -> Mapping[str, str]:
    kind = ClockKind(body.clock_key.rpartition("-")[0])
    late = f"{body.late_s // 60} min" if body.late_s >= 60 else ""
    return {
        "clock": kind.zh,
        "pct": str(body.pct),
        "what": RUNGS.get(body.pct, ""),
        "detail": " · ".join(filter(None, [moment(body.due_at), late])),
    }


def _request(body: e.RequestMade | e.RequestApproved) -> Mapping[str, str]:
    until = moment(body.until) if body.until else ""
    reason = body.reason.zh if body.reason else ""
    written = getattr(body, "text", "")
    detail = " · ".join(filter(None, [reason, until, written]))
    return {"kind": body.kind.zh, "detail": detail}


Reader = Callable[[Any], Mapping[str, str]] | None
OK, RUN, WARN, BAD, HOLD, IDLE = (
    State.OK, State.RUN, State.WARN, State.BAD, State.HOLD, State.IDLE,
)  # fmt: skip

LINES: Mapping[type, tuple[str, str, State, Reader]] = {
    e.CaseOpened: (
        "alert", N_("生成线索：{title}"), BAD,
        lambda b: {"title": b.title, "detail": f"{b.source.zh} · {moment(b.observed_at)}"},
    ),
    e.SignalAttached: (
        "inbox", N_("并入同一事件的线索"), RUN,
        lambda b: {"detail": f"{b.source.zh} · {moment(b.observed_at)}"},
    ),
    e.EvidenceAdded: ("pic", N_("上传{purpose}：{kind}"), RUN, _evidence),
    e.VerificationAsked: ("pin", N_("派员现场核实"), RUN, lambda b: {"detail": b.note}),
    e.VerificationAnswered: (
        "pin", N_("现场核实：{found}"), RUN,
        lambda b: {"found": N_("属实") if b.is_found else N_("未发现问题"), "detail": b.note},
    ),
    e.CaseFiled: (
        "case", N_("立案：{code}（{how}）"), OK,
        lambda b: {
            "code": b.code.code,
            "how": N_("平台自动") if b.is_automatic else N_("人工受理"),
            "detail": b.code.standard_ref,
        },
    ),
    e.RefusalProposed: (
        "x", N_("拟不予受理：{reason}"), WARN,
        lambda b: {"reason": b.reason.zh, "detail": b.text},
    ),
    e.CaseRefused: (
        "x", N_("不予受理：{reason}"), IDLE, lambda b: {"reason": b.reason.zh, "detail": b.text}
    ),
    e.CaseAppealed: ("up", N_("上报人申诉"), WARN, lambda b: {"detail": b.text}),
    e.CaseMerged: ("layers", N_("并入另一案卷"), IDLE, None),
    e.CaseSplit: ("layers", N_("从并案中拆出"), RUN, lambda b: {"detail": b.reason}),
    e.ChildJoined: ("layers", N_("另一案卷并入本案"), RUN, None),
    e.ChildLeft: ("layers", N_("一件并案拆出"), RUN, None),
    e.ParentClosed: ("ok", N_("主案已结案"), OK, None),
    e.CaseDispatched: ("next", N_("派遣：主办 {lead}，会办 {others}"), OK, _legs),
    e.OwnerDecided: ("rule", N_("指挥长裁定：主办 {lead}，会办 {others}"), WARN, _legs),
    e.CaseReturned: (
        "prev", N_("承办单位退回，建议由{office}承办"), WARN,
        lambda b: {"office": b.proposed_office, "detail": b.reason},
    ),
    e.CaseSigned: (
        "user", N_("主办签收，指定 {who}"), RUN, lambda b: {"who": b.handler.label}
    ),
    e.HandlerNamed: (
        "user", N_("更换责任人为 {who}"), RUN,
        lambda b: {"who": b.handler.label, "detail": b.reason},
    ),
    e.RequestMade: ("clock", N_("申请{kind}"), RUN, _request),
    e.RequestEndorsed: ("clock", N_("单位负责人同意申请"), RUN, None),
    e.RequestApproved: ("pause", N_("批准{kind}"), HOLD, _request),
    e.RequestDenied: (
        "x", N_("驳回{kind}申请"), WARN, lambda b: {"kind": b.kind.zh, "detail": b.reason}
    ),
    e.CaseResumed: ("play", N_("时限恢复，继续办理"), RUN, None),
    e.LegAnswered: ("ok", N_("会办单位答复"), RUN, lambda b: {"detail": b.text}),
    e.WorkReported: ("task", N_("处置员报告办结"), RUN, lambda b: {"detail": b.text}),
    e.WorkConfirmed: ("task", N_("单位负责人确认办结并反馈"), OK, None),
    e.ReworkOrdered: ("prev", N_("返工"), WARN, lambda b: {"detail": b.reason}),
    e.CheckAsked: ("user", N_("派 {who} 核查"), RUN, lambda b: {"who": b.checker.label}),
    e.CheckAnswered: (
        "ok", N_("核查{result}"), RUN,
        lambda b: {"result": N_("通过") if b.is_passed else N_("未通过"), "detail": b.note},
    ),
    e.CaseClosed: (
        "proof", N_("结案"), OK, lambda b: {"detail": b.closing_condition}
    ),
    e.FollowUpAsked: (
        "bell",
        N_("回访：已询问上报人"),
        RUN,
        lambda b: {"detail": "、".join(f"D+{day}" for day in b.days)},
    ),
    e.FollowUpAnswered: (
        "user", N_("回访：{verdict}"), RUN,
        lambda b: {"verdict": Verdict(b.verdict).zh, "detail": b.text},
    ),
    e.CaseReopened: (
        "alert", N_("重新打开：{cause}"), WARN,
        lambda b: {"cause": b.cause.zh, "detail": b.text},
    ),
    e.SupervisionSet: (
        "watch", N_("列为{level}"), WARN,
        lambda b: {"level": b.level.zh or N_("不再督办"), "detail": b.reason},
    ),
    e.OversightAttached: (
        "watch", N_("人大{kind}"), RUN, lambda b: {"kind": b.kind.zh, "detail": b.text}
    ),
    e.CaseArchived: ("case", N_("归档"), IDLE, None),
    e.RungReached: ("bell", N_("{clock}已用 {pct} %，{what}"), WARN, _rung),
    e.CalendarChanged: (
        "clock", N_("改用新版工作日历"), RUN, lambda b: {"detail": b.calendar_id}
    ),
    e.CaseRepaired: ("gear", N_("对账修复"), WARN, lambda b: {"detail": b.note}),
}  # fmt: skip
"""Every kind of event; a test fails for one that has no line."""
