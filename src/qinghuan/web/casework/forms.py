"""What each command asks for, and how its form becomes the command.

The table of the room decides whether a command is taken; here it is only filled in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from qinghuan.casework.clock import PauseReason
from qinghuan.casework.codes import CodeKind, MatterCode
from qinghuan.casework.model import NamedPerson
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.case import Leg
from qinghuan.casework.problem.states import Oversight, RefusalReason, Supervision, Verdict
from qinghuan.core.clock import BEIJING
from qinghuan.web.casework.errors import FieldMissing
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.views import FieldView

Choices = tuple[tuple[str, str], ...]
Listed = TypeVar("Listed", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the choices of the forms are made of."""

    offices: Mapping[str, str] = field(default_factory=dict)
    """Name by id."""
    handlers: Mapping[str, NamedPerson] = field(default_factory=dict)
    checkers: Mapping[str, NamedPerson] = field(default_factory=dict)
    collectors: Mapping[str, NamedPerson] = field(default_factory=dict)
    codes: Choices = ()
    area_code: str = ""
    filing_condition: str = ""
    closing_condition: str = ""
    parents: Choices = ()
    """Open cases that may be followed: id and title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed into a command's form."""

    texts: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field's text without blanks around it; empty when it was left out."""
        return self.texts.get(name, "").strip()

    def chosen(self, name: str, label: str) -> str:
        """A field that must be filled in.

        Raises:
            FieldMissing: It was not.
        """
        if not (value := self.text(name)):
            raise FieldMissing(name, label)
        return value


Fields = Callable[[Known], tuple[FieldView, ...]]
Read = Callable[[Typed, Known], c.Command]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandForm:
    """A command's fields and its reading."""

    fields: Fields
    read: Read


def _text(name: str, label: str, *, is_required: bool = True, hint: str = "") -> FieldView:
    return FieldView(
        name=name,
        label=label,
        kind="textarea",
        rows=2,
        is_required=is_required,
        maxlength=2000,
        hint=hint,
    )


def _choice(name: str, label: str, choices: Choices, *, is_required: bool = True) -> FieldView:
    first: Choices = (("", "—"),)
    return FieldView(name=name, label=label, choices=first + choices, is_required=is_required)


def _persons(known: Mapping[str, NamedPerson]) -> Choices:
    return tuple((key, one.label) for key, one in known.items())


def _named(typed: Typed, name: str, label: str, among: Mapping[str, NamedPerson]) -> NamedPerson:
    found = among.get(typed.chosen(name, label))
    if found is None:
        raise FieldMissing(name, label)
    return found


LEAD, OTHERS = N_("主办单位"), N_("会办单位")
HANDLER, CHECKER = N_("责任人"), N_("核查员")
REASON, NOTE = N_("理由"), N_("说明")
CODE = N_("事项代码")


def _leg_fields(known: Known) -> tuple[FieldView, ...]:
    offices = tuple(known.offices.items())
    return (
        _choice("lead", LEAD, offices),
        FieldView(name="others", label=OTHERS, kind="boxes", choices=offices),
    )


def _legs(typed: Typed, known: Known) -> tuple[Leg, ...]:
    lead = typed.chosen("lead", LEAD)
    chosen = [lead, *(each for each in typed.lists.get("others", ()) if each != lead)]
    if any(each not in known.offices for each in chosen):
        raise FieldMissing("lead", LEAD)
    return tuple(
        Leg(office_id=each, office_name=known.offices[each], is_lead=each == lead)
        for each in chosen
    )


def _code_of(typed: Typed) -> MatterCode:
    standard, _, rest = typed.chosen("code", CODE).partition("|")
    kind, _, digits = rest.partition("|")
    try:
        return MatterCode(standard_ref=standard, kind=CodeKind(kind), code=digits)
    except ValueError:
        raise FieldMissing("code", CODE) from None


def _moment(typed: Typed, name: str, label: str) -> datetime:
    try:
        return datetime.fromisoformat(typed.chosen(name, label)).replace(tzinfo=BEIJING)
    except ValueError:
        raise FieldMissing(name, label) from None


def _parent(typed: Typed) -> str:
    try:
        return str(UUID(typed.chosen("parent", N_("并入哪件案卷"))))
    except ValueError:
        raise FieldMissing("parent", N_("并入哪件案卷")) from None


def _tick(name: str, label: str, hint: str = "") -> FieldView:
    return FieldView(name=name, label=label, kind="tick", hint=hint, is_required=True)


def _yes_no(name: str, label: str, yes: str, no: str) -> FieldView:
    return _choice(name, label, (("yes", yes), ("no", no)))


def _one_of(kind: type[Listed], typed: Typed, name: str, label: str) -> Listed:
    """A value of a list, as chosen."""
    try:
        return kind(typed.chosen(name, label))
    except ValueError:
        raise FieldMissing(name, label) from None


def _none(_known: Known) -> tuple[FieldView, ...]:
    return ()


FORMS: Mapping[str, CommandForm] = {
    "send_verify": CommandForm(
        fields=lambda k: (
            _choice("collector", N_("核实人"), _persons(k.collectors), is_required=False),
            _text("note", NOTE, is_required=False),
        ),
        read=lambda t, _k: c.SendVerify(collector=t.text("collector"), note=t.text("note")),
    ),
    "verify_result": CommandForm(
        fields=lambda _k: (
            _yes_no("found", N_("核实结果"), N_("属实"), N_("未发现问题")),
            _text("note", NOTE, is_required=False),
        ),
        read=lambda t, _k: c.VerifyResult(
            is_found=t.chosen("found", N_("核实结果")) == "yes", note=t.text("note")
        ),
    ),
    "file": CommandForm(
        fields=lambda k: (
            _choice("code", CODE, k.codes),
            _tick("condition_met", N_("符合立案条件"), k.filing_condition),
        ),
        read=lambda t, k: c.File(
            code=_code_of(t), grid_code=k.area_code, is_condition_met=bool(t.text("condition_met"))
        ),
    ),
    "refuse": CommandForm(
        fields=lambda _k: (
            _choice("reason", REASON, tuple((one.value, one.zh) for one in RefusalReason)),
            _text("text", NOTE),
        ),
        read=lambda t, _k: c.Refuse(
            reason=_one_of(RefusalReason, t, "reason", REASON), text=t.text("text")
        ),
    ),
    "confirm_refusal": CommandForm(fields=_none, read=lambda _t, _k: c.ConfirmRefusal()),
    "appeal": CommandForm(
        fields=lambda _k: (_text("text", REASON),),
        read=lambda t, _k: c.Appeal(text=t.text("text")),
    ),
    "merge": CommandForm(
        fields=lambda k: (_choice("parent", N_("并入哪件案卷"), k.parents),),
        read=lambda t, _k: c.Merge(parent_id=_parent(t)),
    ),
    "split": CommandForm(
        fields=lambda _k: (_text("reason", REASON),),
        read=lambda t, _k: c.Split(reason=t.text("reason")),
    ),
    "dispatch": CommandForm(
        fields=lambda k: (*_leg_fields(k), _text("note", NOTE, is_required=False)),
        read=lambda t, k: c.Dispatch(legs=_legs(t, k), note=t.text("note")),
    ),
    "return": CommandForm(
        fields=lambda k: (
            _choice("proposed", N_("建议承办单位"), tuple(k.offices.items())),
            _text("reason", REASON),
        ),
        read=lambda t, k: c.Return(
            reason=t.text("reason"),
            proposed_office=k.offices.get(t.chosen("proposed", N_("建议承办单位")), ""),
        ),
    ),
    "decide_owner": CommandForm(
        fields=lambda k: (*_leg_fields(k), _text("reason", REASON)),
        read=lambda t, k: c.DecideOwner(legs=_legs(t, k), reason=t.text("reason")),
    ),
    "sign": CommandForm(
        fields=lambda k: (_choice("handler", HANDLER, _persons(k.handlers)),),
        read=lambda t, k: c.Sign(handler=_named(t, "handler", HANDLER, k.handlers)),
    ),
    "name_handler": CommandForm(
        fields=lambda k: (
            _choice("handler", HANDLER, _persons(k.handlers)),
            _text("reason", REASON),
        ),
        read=lambda t, k: c.NameHandler(
            handler=_named(t, "handler", HANDLER, k.handlers), reason=t.text("reason")
        ),
    ),
    "ask_extension": CommandForm(
        fields=lambda _k: (_text("text", REASON),),
        read=lambda t, _k: c.AskExtension(text=t.text("text")),
    ),
    "ask_suspension": CommandForm(
        fields=lambda _k: (
            _choice("pause", N_("挂账原因"), tuple((one.value, one.zh) for one in PauseReason)[1:]),
            FieldView(name="until", label=N_("挂账至"), kind="datetime-local", is_required=True),
            _text("text", REASON),
        ),
        read=lambda t, _k: c.AskSuspension(
            reason=_one_of(PauseReason, t, "pause", N_("挂账原因")),
            until=_moment(t, "until", N_("挂账至")),
            text=t.text("text"),
        ),
    ),
    "endorse_request": CommandForm(fields=_none, read=lambda _t, _k: c.EndorseRequest()),
    "approve_request": CommandForm(fields=_none, read=lambda _t, _k: c.ApproveRequest()),
    "deny_request": CommandForm(
        fields=lambda _k: (_text("reason", REASON),),
        read=lambda t, _k: c.DenyRequest(reason=t.text("reason")),
    ),
    "resume": CommandForm(fields=_none, read=lambda _t, _k: c.Resume()),
    "answer_leg": CommandForm(
        fields=lambda _k: (_text("text", N_("会办意见")),),
        read=lambda t, _k: c.AnswerLeg(text=t.text("text")),
    ),
    "report_done": CommandForm(
        fields=lambda _k: (_text("text", N_("处置说明"), hint=N_("做了什么、谁做的、现在怎样")),),
        read=lambda t, _k: c.ReportDone(text=t.text("text")),
    ),
    "confirm_done": CommandForm(fields=_none, read=lambda _t, _k: c.ConfirmDone()),
    "rework": CommandForm(
        fields=lambda _k: (_text("reason", REASON),),
        read=lambda t, _k: c.Rework(reason=t.text("reason")),
    ),
    "send_check": CommandForm(
        fields=lambda k: (_choice("checker", CHECKER, _persons(k.checkers)),),
        read=lambda t, k: c.SendCheck(checker=_named(t, "checker", CHECKER, k.checkers)),
    ),
    "check_result": CommandForm(
        fields=lambda _k: (
            _yes_no("passed", N_("核查结果"), N_("通过"), N_("未通过")),
            _text("note", NOTE, is_required=False),
        ),
        read=lambda t, _k: c.CheckResult(
            is_passed=t.chosen("passed", N_("核查结果")) == "yes", note=t.text("note")
        ),
    ),
    "close": CommandForm(
        fields=lambda k: (_tick("condition_met", N_("符合结案条件"), k.closing_condition),),
        read=lambda t, k: c.Close(
            is_condition_met=bool(t.text("condition_met")), closing_condition=k.closing_condition
        ),
    ),
    "answer_follow_up": CommandForm(
        fields=lambda _k: (
            _choice("verdict", N_("是否满意"), tuple((one.value, one.zh) for one in Verdict)),
            _text("text", NOTE, is_required=False),
        ),
        read=lambda t, _k: c.AnswerFollowUp(
            verdict=_one_of(Verdict, t, "verdict", N_("是否满意")), text=t.text("text")
        ),
    ),
    "supervise": CommandForm(
        fields=lambda _k: (
            _choice(
                "level",
                N_("督办级别"),
                tuple((one.value, one.zh) for one in Supervision if one.zh),
            ),
            _text("reason", REASON),
        ),
        read=lambda t, _k: c.Supervise(
            level=_one_of(Supervision, t, "level", N_("督办级别")), reason=t.text("reason")
        ),
    ),
    "attach_oversight": CommandForm(
        fields=lambda _k: (
            _choice("kind", N_("监督方式"), tuple((one.value, one.zh) for one in Oversight)),
            _text("text", NOTE),
        ),
        read=lambda t, _k: c.AttachOversight(
            kind=_one_of(Oversight, t, "kind", N_("监督方式")), text=t.text("text")
        ),
    ),
}
"""Every command a person gives on the case page; evidence has a form of its own."""
