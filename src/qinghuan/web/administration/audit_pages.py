"""The audit: privileged acts and refused tries, for the audit administrator alone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from qinghuan.core.clock import BEIJING
from qinghuan.people.model import Act, ActsAsked, Page, PageAsked, Person, SignInAttempt
from qinghuan.people.service import audit, persons
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import words
from qinghuan.web.administration.lists import Asked, Question, everything, listing_of
from qinghuan.web.administration.sections import AUDIT, section_page
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import Choice, Filter, csv_answer

router = APIRouter(include_in_schema=False)

Auditor = Annotated[Caller, access(*AUDIT)]

PATH = "/admin/audit"
NOBODY_FITS = "nobody"
SPANS = {"1": N_("今天"), "7": N_("近 7 天"), "30": N_("近 30 天"), "365": N_("近一年")}
"""Days back, to Beijing's midnight."""
DATE_WRONG = N_("日期请写作 2026-11-19；未按它筛选")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditAsked:
    """What the audit is asked, as its address says."""

    who: str
    kind: str
    span: str
    since: str
    until: str
    refused: str


def read_audit(
    who: Annotated[str, Query(max_length=60)] = "",
    kind: Annotated[str, Query(max_length=40)] = "",
    span: Annotated[str, Query(max_length=3)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    refused: Annotated[str, Query(max_length=1)] = "",
) -> AuditAsked:
    """The questions in the address."""
    return AuditAsked(
        who=who.strip(),
        kind=kind.strip(),
        span=span if span in SPANS else "",
        since=since.strip(),
        until=until.strip(),
        refused="1" if refused == "1" else "",
    )


Questions = Annotated[AuditAsked, Depends(read_audit)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """One line of the audit."""

    act: Act
    who: str
    what: str
    about: str


@router.get(PATH)
def audit_page(caller: Auditor, asked: Question, questions: Questions) -> Response:
    """Privileged acts, newest first."""
    candidates = _persons(caller, questions.who)
    wish = _wish(caller, questions, candidates)
    if asked.is_csv:
        return _csv(caller, asked, wish)
    found = audit.audit_of(caller.session, caller.actor, wish, asked.page_asked())
    rows = Page(items=_rows(caller, found.items), total=found.total)
    is_date_wrong = any(each and _day(each) is None for each in (questions.since, questions.until))
    return section_page(
        caller,
        "audit.html",
        "audit",
        fault=words.say(caller, DATE_WRONG) if is_date_wrong else "",
        listing=listing_of(PATH, rows, asked, _filters(questions)),
        candidates=candidates if len(candidates) > 1 else (),
    )


@router.get(f"{PATH}/sign-ins")
def sign_ins_page(caller: Auditor, asked: Question) -> Response:
    """Tries at signing in, newest first."""

    def fetch(page: PageAsked) -> Page[SignInAttempt]:
        return audit.attempts_of(caller.session, caller.actor, page)

    if asked.is_csv:
        return _sign_ins_csv(caller, list(everything(fetch, asked)))
    found = fetch(asked.page_asked())
    known = tuple(each.person_id for each in found.items if each.person_id)
    return section_page(
        caller,
        "sign_ins.html",
        "audit",
        listing=listing_of(
            f"{PATH}/sign-ins",
            found,
            asked,
            (Filter(name="q", label=N_("来源地址或结果"), chosen=asked.text),),
        ),
        labels=persons.labels_of(caller.session, known),
        outcomes=words.OUTCOMES,
    )


def _persons(caller: Caller, who: str) -> tuple[Person, ...]:
    """Persons whose name, login name or post holds what was typed."""
    if not who or who.startswith(("person/", "token/")):
        return ()
    asked = PageAsked(size=12, text=who)
    return persons.list_persons(caller.session, caller.actor, asked).items


def _wish(caller: Caller, questions: AuditAsked, candidates: tuple[Person, ...]) -> ActsAsked:
    actor = questions.who
    if actor and "/" not in actor:
        actor = f"person/{candidates[0].id}" if candidates else NOBODY_FITS
    until_on = _day(questions.until)
    return ActsAsked(
        since=_midnight(_day(questions.since)) or _span_start(caller, questions.span),
        until=_midnight(until_on + timedelta(days=1)) if until_on else None,
        actor=actor,
        kind=questions.kind,
        refused_only=bool(questions.refused),
    )


def _filters(questions: AuditAsked) -> tuple[Filter, ...]:
    return (
        Filter(
            name="span",
            label=N_("时间"),
            choices=tuple(Choice(value=days, label=label) for days, label in SPANS.items()),
            chosen=questions.span,
        ),
        Filter(name="since", label=N_("起"), chosen=questions.since),
        Filter(name="until", label=N_("止"), chosen=questions.until),
        Filter(
            name="kind",
            label=N_("类别"),
            choices=tuple(Choice(value=key, label=word) for key, word in words.FAMILIES.items()),
            chosen=questions.kind,
        ),
        Filter(name="who", label=N_("人员"), chosen=questions.who),
        Filter(
            name="refused",
            label=N_("结果"),
            choices=(Choice(value="1", label=N_("只看被拒")),),
            chosen=questions.refused,
        ),
    )


def _rows(caller: Caller, acts: tuple[Act, ...]) -> tuple[ActRow, ...]:
    ids = {_person_id(text) for act in acts for text in (act.actor, act.subject)}
    labels = persons.labels_of(caller.session, tuple(each for each in ids if each))

    def label(text: str) -> str:
        known = labels.get(_person_id(text) or UUID(int=0))
        return known or words.subject_word(caller, text)

    return tuple(
        ActRow(
            act=act,
            who=label(act.actor),
            what=words.say(caller, words.ACTS.get(act.kind, act.kind)),
            about=label(act.subject),
        )
        for act in acts
    )


def _person_id(text: str) -> UUID | None:
    kind, _, rest = text.partition("/")
    try:
        return UUID(rest) if kind == "person" else None
    except ValueError:
        return None


def _span_start(caller: Caller, span: str) -> datetime | None:
    if not span:
        return None
    today = caller.at.astimezone(BEIJING).date()
    return _midnight(today - timedelta(days=int(span) - 1))


def _midnight(on: date | None) -> datetime | None:
    return None if on is None else datetime.combine(on, time(0), BEIJING)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _csv(caller: Caller, asked: Asked, wish: ActsAsked) -> Response:
    def fetch(page: PageAsked) -> Page[Act]:
        return audit.audit_of(caller.session, caller.actor, wish, page)

    header = (
        N_("时间"),
        N_("操作人"),
        N_("操作"),
        N_("操作代码"),
        N_("对象"),
        N_("对象编号"),
        N_("区域代码"),
        N_("结果"),
        N_("理由"),
        N_("存证编号"),
    )
    rows = [
        (
            words.csv_moment(row.act.at),
            row.who,
            row.what,
            row.act.kind,
            row.about,
            row.act.subject,
            row.act.area_code,
            words.say(caller, N_("已办") if row.act.is_done else N_("被拒")),
            row.act.reason,
            row.act.record_id,
        )
        for row in _rows(caller, tuple(everything(fetch, asked)))
    ]
    return csv_answer(
        words.say(caller, N_("审计")), [words.say(caller, each) for each in header], rows
    )


def _sign_ins_csv(caller: Caller, found: list[SignInAttempt]) -> Response:
    known = tuple({each.person_id for each in found if each.person_id})
    labels = persons.labels_of(caller.session, known)
    header = (N_("时间"), N_("人员"), N_("来源地址"), N_("结果"))
    rows = [
        (
            words.csv_moment(each.at),
            labels.get(each.person_id, "") if each.person_id else "",
            each.source,
            words.say(caller, words.OUTCOMES.get(each.outcome, each.outcome)),
        )
        for each in found
    ]
    return csv_answer(
        words.say(caller, N_("登录尝试")), [words.say(caller, each) for each in header], rows
    )
