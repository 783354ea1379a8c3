"""The log page and a record's page.

Records carry no area, so the whole log is browsed only by posts that answer for all of it;
everybody else who works here comes to a record, or to one subject's records, by the shield
on a page of his own scope.
"""

import json
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from qinghuan.people.model import Mark, Role
from qinghuan.people.rights import POLICIES
from qinghuan.people.service.persons import labels_of
from qinghuan.trace.model import Edge, Record, RecordsAsked
from qinghuan.trace.service import reading, sequencing
from qinghuan.web.access import Caller, access
from qinghuan.web.administration.words import subject_word
from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import MOST_PER_PAGE, Filter, Listing, csv_answer, page_number
from qinghuan.web.log import files
from qinghuan.web.log.words import csv_moment, word_of
from qinghuan.web.pages import page
from qinghuan.web.views import KeyFigure, Num, ProofView

STAFF = tuple(role for role, policy in POLICIES.items() if policy.mark > Mark.PUBLIC)
BROWSERS = frozenset(
    {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.DIRECTOR, Role.CONGRESS_STAFF}
)
"""Posts that may leaf through every record: the three administrators, command, supervision."""

PATH = "/log"
HERE = "log"
SIZE = 50
SLOW_S = 5.0
"""A record is placed within a second; waiting longer is worth a warning. [s]"""

_pages = APIRouter(include_in_schema=False)
Reader = Annotated[Caller, access(*STAFF)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAsked:
    """What the log is asked, as its address says."""

    wish: RecordsAsked
    page: int
    is_csv: bool


def read_asked(
    kind: Annotated[str, Query(max_length=60)] = "",
    subject: Annotated[str, Query(max_length=120)] = "",
    actor: Annotated[str, Query(max_length=60)] = "",
    page_asked: Annotated[str, Query(alias="page", max_length=9)] = "",
    form: Annotated[str, Query(alias="format", max_length=8)] = "",
) -> LogAsked:
    """The questions in the address."""
    return LogAsked(
        wish=RecordsAsked(kind=kind.strip(), subject=subject.strip(), actor=actor.strip()),
        page=page_number(page_asked),
        is_csv=form == "csv",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """One record as the list shows it."""

    record: Record
    what: str
    who: str
    about: str
    proof: ProofView


@_pages.get(PATH)
def log_page(caller: Reader, asked: Annotated[LogAsked, Depends(read_asked)]) -> Response:
    """What the log says now, and its records."""
    may_browse = bool(caller.roles & BROWSERS)
    is_open = may_browse or bool(asked.wish.subject)
    if asked.is_csv:
        return _csv(caller, asked.wish if is_open else RecordsAsked(subject="-"))
    found, total = (
        reading.browse(caller.session, asked.wish, offset=(asked.page - 1) * SIZE, at_most=SIZE)
        if is_open
        else ([], 0)
    )
    latest = reading.latest_checkpoint(caller.session)
    lag = sequencing.sequencer_lag(caller.session)
    waiting_s = lag.waiting_s(caller.at)
    return page(
        caller,
        "log/page.html",
        HERE,
        latest=latest,
        root=latest.root.hex() if latest else "",
        vkey=caller.house.log_vkey,
        is_slow=waiting_s > SLOW_S,
        waiting_s=waiting_s,
        figures=_figures(caller, latest.size if latest else 0, lag.pending),
        is_open=is_open,
        listing=_listing(asked, _rows(caller, found), total),
    )


@_pages.get(f"{PATH}/records/{{record_id}}")
def record_page(caller: Reader, record_id: UUID) -> Response:
    """One record: its bytes, its place, what it was made from and what was made from it."""
    record = reading.record_by_id(caller.session, record_id)
    latest = reading.latest_checkpoint(caller.session)
    is_sealed = record.leaf_index is not None and latest is not None
    made_from = reading.used_by(caller.session, record_id)
    made_into = reading.uses_of(caller.session, record_id)
    return page(
        caller,
        "log/record.html",
        HERE,
        row=_rows(caller, [record])[0],
        record=record,
        is_sealed=is_sealed,
        latest=latest,
        digest=record.leaf_hash.hex(),
        body=json.dumps(json.loads(record.body), ensure_ascii=False, indent=2),
        exact=record.body.decode(),
        made_from=_edges(caller, made_from, [edge.used_id for edge in made_from]),
        made_into=_edges(caller, made_into, [edge.record_id for edge in made_into]),
        subject_total=reading.browse(
            caller.session, RecordsAsked(subject=record.subject), at_most=1
        )[1],
    )


def _figures(caller: Caller, size: int, pending: int) -> tuple[KeyFigure, ...]:
    return (
        KeyFigure(
            label=N_("已入链记录"),
            num=Num(value=size, unit=_say(caller, N_("条")), at=caller.at),
            icon="proof",
        ),
        KeyFigure(
            label=N_("等待入链"),
            num=Num(value=pending, unit=_say(caller, N_("条")), at=caller.at),
            icon="clock",
            note=_say(caller, N_("通常一秒内入链")),
        ),
    )


def _listing(asked: LogAsked, rows: tuple[RecordRow, ...], total: int) -> Listing[RecordRow]:
    return Listing(
        path=PATH,
        items=rows,
        total=total,
        page=asked.page,
        size=SIZE,
        filters=(
            Filter(name="kind", label=N_("类别，如 case"), chosen=asked.wish.kind),
            Filter(name="subject", label=N_("对象，如 person/…"), chosen=asked.wish.subject),
            Filter(name="actor", label=N_("操作人"), chosen=asked.wish.actor),
        ),
    )


def _rows(caller: Caller, records: list[Record]) -> tuple[RecordRow, ...]:
    """Records with their persons shown by post."""
    texts = {text for record in records for text in (record.actor, record.subject)}
    people = {text: _person_id(text) for text in texts}
    labels = labels_of(caller.session, tuple(each for each in people.values() if each))

    def label(text: str) -> str:
        person_id = people[text]
        known = labels.get(person_id) if person_id else None
        return known or subject_word(caller, text)

    return tuple(
        RecordRow(
            record=record,
            what=_say(caller, word_of(record.kind)),
            who=label(record.actor),
            about=label(record.subject),
            proof=ProofView(
                digest=record.leaf_hash.hex(),
                href=f"{PATH}/records/{record.id}",
                is_sealed=record.leaf_index is not None,
            ),
        )
        for record in records
    )


def _edges(caller: Caller, edges: list[Edge], others: list[UUID]) -> list[tuple[Edge, RecordRow]]:
    """Edges with the record at their other end."""
    rows = _rows(caller, [reading.record_by_id(caller.session, each) for each in others])
    return list(zip(edges, rows, strict=True))


def _person_id(text: str) -> UUID | None:
    kind, _, rest = text.partition("/")
    try:
        return UUID(rest) if kind == "person" else None
    except ValueError:
        return None


def _say(caller: Caller, text: str) -> str:
    return translate(text, caller.preferences.language)


def _csv(caller: Caller, wish: RecordsAsked) -> Response:
    records: list[Record] = []
    while True:
        found, total = reading.browse(
            caller.session, wish, offset=len(records), at_most=MOST_PER_PAGE
        )
        records += found
        if not found or len(records) >= total:
            break
    header = (
        N_("序号"),
        N_("编号"),
        N_("类别"),
        N_("对象"),
        N_("操作人"),
        N_("发生时间"),
        N_("记录时间"),
        N_("叶哈希 SHA-256"),
    )
    rows = [
        (
            row.record.leaf_index,
            row.record.id,
            row.record.kind,
            row.record.subject,
            row.record.actor,
            csv_moment(row.record.at),
            csv_moment(row.record.recorded_at),
            row.record.leaf_hash.hex(),
        )
        for row in _rows(caller, records)
    ]
    name = "存证" if caller.preferences.language is Language.ZH else "log"
    return csv_answer(name, [_say(caller, each) for each in header], rows)


router = APIRouter(routes=[*_pages.routes, *files.router.routes])
"""For `create(house, routers=…)`: flat, so that every route stands in it with its rule."""
