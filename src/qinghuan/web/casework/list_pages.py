"""Lists: the signals inbox, cases, my tasks. They filter, page and export."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from qinghuan.casework.conservation import Disposition
from qinghuan.casework.listing import CaseRow, CasesAsked, Paging, SignalRow, SignalsAsked
from qinghuan.casework.model import Source
from qinghuan.casework.problem.states import OPEN
from qinghuan.casework.problem.states import State as CaseState
from qinghuan.casework.service import listing
from qinghuan.casework.service.viewing import signal_view
from qinghuan.people.service.places import area_names
from qinghuan.trace.service.reading import places_of
from qinghuan.web.access import Caller
from qinghuan.web.casework.acting import acting_as
from qinghuan.web.casework.readers import Reader
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import Choice, Filter, Listing, csv_answer, page_number
from qinghuan.web.pages import page
from qinghuan.web.views import ProofView
from qinghuan.web.wording import full_moment

router = APIRouter(include_in_schema=False)

Row = TypeVar("Row")
MOST_IN_CSV = 20_000

WENT: Mapping[Disposition, str] = {
    Disposition.OPENED: N_("立案"),
    Disposition.ATTACHED: N_("并入在办"),
    Disposition.REFUSED: N_("不予受理"),
    Disposition.WAITING: N_("待处置"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address of a list says."""

    q: str
    state: str
    source: str
    went: str
    page: int
    is_csv: bool


def read_asked(
    q: Annotated[str, Query(max_length=100)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    source: Annotated[str, Query(max_length=20)] = "",
    went: Annotated[str, Query(max_length=20)] = "",
    number: Annotated[str, Query(alias="page", max_length=9)] = "",
    form: Annotated[str, Query(alias="format", max_length=8)] = "",
) -> Asked:
    """The question in an address; a value no list knows asks nothing."""
    return Asked(
        q=q.strip(),
        state=state if state in {"open", "overdue", *CaseState} else "",
        source=source if source in set(Source) else "",
        went=went if went in set(Disposition) else "",
        page=page_number(number),
        is_csv=form == "csv",
    )


Question = Annotated[Asked, Depends(read_asked)]


@router.get("/signals")
def signals_page(caller: Reader, asked: Question) -> Response:
    """The inbox: everything noticed, and where it went."""
    wanted = SignalsAsked(
        text=asked.q,
        dispositions=frozenset({Disposition(asked.went)} if asked.went else ()),
        sources=_sources(asked),
    )

    def fetch(paging: Paging) -> tuple[list[SignalRow], int]:
        return listing.inbox(caller.session, wanted, paging)

    if asked.is_csv:
        return _signals_csv(caller, fetch)
    rows, total = fetch(Paging(number=asked.page))
    filters = (
        _choices(
            "went", N_("处置去向"), {each.value: WENT[each] for each in Disposition}, asked.went
        ),
        _source_filter(asked),
        Filter(name="q", label=N_("关键词"), chosen=asked.q),
    )
    found = Listing(path="/signals", items=rows, total=total, page=asked.page, filters=filters)
    codes = tuple({row.signal.area_code for row in rows})
    return page(
        caller,
        "casework/signals.html",
        "signals",
        listing=found,
        went=WENT,
        areas=area_names(caller.session, codes),
    )


@router.get("/signals/{signal_id}")
def signal_page(caller: Reader, signal_id: UUID) -> Response:
    """One signal, as it came, with its proof."""
    signal, kept = signal_view(caller.session, signal_id)
    digest, is_sealed = places_of(caller.session, [kept.record_id]).get(kept.record_id, ("", False))
    return page(
        caller,
        "casework/signal.html",
        "signals",
        signal=signal,
        kept=kept,
        proof_view=ProofView(
            digest=digest, href=f"/log/records/{kept.record_id}", is_sealed=is_sealed
        ),
        areas=area_names(caller.session, (signal.area_code,)),
    )


@router.get("/cases")
def cases_page(caller: Reader, asked: Question) -> Response:
    """Every case in reach, the nearest deadline first."""
    wanted = _cases_asked(caller, asked)

    def fetch(paging: Paging) -> tuple[list[CaseRow], int]:
        return listing.cases(caller.session, wanted, paging)

    if asked.is_csv:
        return _cases_csv(caller, fetch, N_("案卷"))
    return _cases(caller, asked, fetch, "cases")


@router.get("/tasks")
def tasks_page(caller: Reader, asked: Question) -> Response:
    """What waits for this person, the most urgent first."""
    actor = acting_as(caller.actor)
    wanted = _cases_asked(caller, asked)

    def fetch(paging: Paging) -> tuple[list[CaseRow], int]:
        return listing.tasks_of(caller.session, actor, wanted, paging)

    if asked.is_csv:
        return _cases_csv(caller, fetch, N_("我的任务"))
    return _cases(caller, asked, fetch, "tasks")


def _cases(
    caller: Caller,
    asked: Asked,
    fetch: Callable[[Paging], tuple[list[CaseRow], int]],
    here: str,
) -> Response:
    rows, total = fetch(Paging(number=asked.page))
    states = {"open": N_("在办"), "overdue": N_("超期"), **{s.value: s.zh for s in CaseState}}
    short = {key: states[key] for key in ("open", "overdue", "closed")}
    filters = (
        _choices(
            "state",
            N_("状态"),
            short if here == "cases" else {"overdue": states["overdue"]},
            asked.state,
        ),
        _source_filter(asked),
        Filter(name="q", label=N_("关键词"), chosen=asked.q),
    )
    found = Listing(path=f"/{here}", items=rows, total=total, page=asked.page, filters=filters)
    return page(
        caller,
        f"casework/{here}.html",
        here,
        listing=found,
        areas=area_names(caller.session, tuple({row.area_code for row in rows})),
    )


def _cases_asked(caller: Caller, asked: Asked) -> CasesAsked:
    states = frozenset({CaseState(asked.state)} if asked.state in set(CaseState) else ())
    return CasesAsked(
        text=asked.q,
        states=states,
        is_open=True if asked.state in {"open", "overdue"} else None,
        sources=_sources(asked),
        is_overdue_at=caller.at if asked.state == "overdue" else None,
    )


def _sources(asked: Asked) -> frozenset[Source]:
    return frozenset({Source(asked.source)} if asked.source else ())


def _source_filter(asked: Asked) -> Filter:
    return _choices("source", N_("来源"), {one.value: one.zh for one in Source}, asked.source)


def _choices(name: str, label: str, values: Mapping[str, str], chosen: str) -> Filter:
    choices = tuple(Choice(value=value, label=text) for value, text in values.items())
    return Filter(name=name, label=label, choices=choices, chosen=chosen)


def _all(fetch: Callable[[Paging], tuple[list[Row], int]]) -> Iterator[Row]:
    """Every row, page after page, up to what a spreadsheet can hold."""
    for number in range(1, MOST_IN_CSV // 200 + 1):
        rows, _ = fetch(Paging(number=number, size=200))
        yield from rows
        if len(rows) < 200:
            return


def _signals_csv(
    caller: Caller, fetch: Callable[[Paging], tuple[list[SignalRow], int]]
) -> Response:
    language = caller.preferences.language
    rows = [
        (
            full_moment(row.received_at, language),
            row.signal.source.zh,
            row.signal.title,
            row.signal.area_code,
            WENT[row.disposition],
            row.case_number,
        )
        for row in _all(fetch)
    ]
    header = ("接收时间", "来源", "标题", "区域代码", "处置去向", "案卷号")
    return csv_answer("线索", header, rows)


def _cases_csv(
    caller: Caller, fetch: Callable[[Paging], tuple[list[CaseRow], int]], name: str
) -> Response:
    language = caller.preferences.language
    rows = [
        (
            row.number,
            row.title,
            row.state.zh,
            row.source.zh,
            row.code.code if row.code else "",
            row.area_code,
            full_moment(row.opened_at, language),
            full_moment(row.deadline_at, language) if row.deadline_at else "",
            "是" if row.deadline_at and row.state in OPEN and row.deadline_at < caller.at else "",
            row.signals,
            row.reworks,
        )
        for row in _all(fetch)
    ]
    header = (
        "案卷号", "标题", "状态", "来源", "事项代码", "区域代码",
        "立案时间", "时限", "超期", "线索数", "返工次数",
    )  # fmt: skip
    return csv_answer(name, header, rows)
