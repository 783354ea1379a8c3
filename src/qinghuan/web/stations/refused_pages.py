"""What the gateway refused: every one counted, the bytes kept as long as the site keeps them.

Frames that name no registered station lie in no area. The system administrator, who registers
stations, sees them; everybody else sees how many there are.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from qinghuan.infra.database import SYSTEM, Session
from qinghuan.people.model import Role
from qinghuan.sensing.hj212.frame import Verdict
from qinghuan.sensing.hj212.judge import mask_secrets
from qinghuan.sensing.model import Reject
from qinghuan.sensing.service.rejects import list_rejects, reject_counts
from qinghuan.web.access import Caller
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import (
    MOST_PER_PAGE,
    PAGE_SIZE,
    Choice,
    Filter,
    Listing,
    csv_answer,
    page_number,
)
from qinghuan.web.pages import page
from qinghuan.web.stations.raw_frame import printable
from qinghuan.web.stations.readers import HERE, RefusedReader, may_read
from qinghuan.web.stations.words import MENDING, UNREADABLE, VERDICTS, csv_moment, say

router = APIRouter(include_in_schema=False)

PATH = "/stations/refused"
COUNTED_DAYS = 7
REFUSALS = tuple(verdict for verdict in Verdict if verdict is not Verdict.OK)

Side = Literal["", "nowhere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAsked:
    """What the list is asked, as its address says."""

    verdict: str
    mn: str
    is_nowhere: bool
    """Frames that name no registered station, instead of those of the caller's area."""
    page: int
    is_csv: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """Refused bytes as the list shows them."""

    reject: Reject
    word: str
    mending: str
    text: str
    """Printable, passwords blanked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How many were refused for one reason."""

    word: str
    refused: int
    href: str
    share_pct: float


def read_asked(
    verdict: Annotated[Verdict | Literal[""], Query()] = "",
    mn: Annotated[str, Query(max_length=64)] = "",
    side: Side = "",
    page_asked: Annotated[str, Query(alias="page", max_length=9)] = "",
    form: Annotated[str, Query(alias="format", max_length=8)] = "",
) -> RefusedAsked:
    """The questions in the address."""
    return RefusedAsked(
        verdict=str(verdict),
        mn=mn.strip(),
        is_nowhere=side == "nowhere",
        page=page_number(page_asked),
        is_csv=form == "csv",
    )


@router.get(PATH)
def refused_page(
    caller: RefusedReader, asked: Annotated[RefusedAsked, Depends(read_asked)]
) -> Response:
    """Refused frames, the latest first."""
    is_open = not asked.is_nowhere or may_see_nowhere(caller)
    if asked.is_csv and is_open:
        return _csv(caller, asked)
    since = caller.at.astimezone(UTC).date() - timedelta(days=COUNTED_DAYS - 1)
    with refused_scope(caller, is_nowhere=asked.is_nowhere and is_open) as session:
        found = (
            list_rejects(
                session,
                verdict=asked.verdict,
                mn=asked.mn,
                is_placed=not asked.is_nowhere,
                limit=PAGE_SIZE,
                offset=(asked.page - 1) * PAGE_SIZE,
            )
            if is_open
            else None
        )
    return page(
        caller,
        "stations/refused.html",
        HERE if may_read(caller) else "admin",
        listing=_listing(
            caller, asked, found.rejects if found else (), found.total if found else 0
        ),
        counts=_counts(caller, asked, since) if is_open else (),
        since=since,
        days=COUNTED_DAYS,
        is_nowhere=asked.is_nowhere,
        is_open=is_open,
        nowhere_total=_nowhere_total(caller, since),
        may_read=may_read(caller),
    )


def may_see_nowhere(caller: Caller) -> bool:
    """Whether a caller sees frames that name no registered station."""
    return Role.SYSTEM_ADMIN in caller.roles


@contextmanager
def refused_scope(caller: Caller, *, is_nowhere: bool) -> Iterator[Session]:
    """The caller's own transaction, or the platform's for what lies in no area."""
    if not is_nowhere:
        yield caller.session
        return
    with caller.house.database.transaction(SYSTEM) as session:
        yield session


def _listing(
    caller: Caller, asked: RefusedAsked, rejects: tuple[Reject, ...], total: int
) -> Listing[RefusedRow]:
    choices = tuple(Choice(value=each, label=VERDICTS[each]) for each in REFUSALS)
    return Listing(
        path=PATH,
        items=[_row(caller, each) for each in rejects],
        total=total,
        page=asked.page,
        filters=(
            Filter(name="verdict", label=N_("原因"), choices=choices, chosen=asked.verdict),
            Filter(name="mn", label="MN", chosen=asked.mn),
        ),
        kept={"side": "nowhere"} if asked.is_nowhere else {},
    )


def _row(caller: Caller, reject: Reject) -> RefusedRow:
    return RefusedRow(
        reject=reject,
        word=say(caller, VERDICTS.get(reject.verdict, UNREADABLE)),
        mending=say(caller, MENDING.get(reject.verdict, "")),
        text=printable(mask_secrets(reject.raw)),
    )


def _counts(caller: Caller, asked: RefusedAsked, since: date) -> tuple[ReasonCount, ...]:
    """How many were refused in the last days, by reason, the commonest first."""
    with refused_scope(caller, is_nowhere=asked.is_nowhere) as session:
        counted = reject_counts(session, since, is_placed=not asked.is_nowhere)
    by_verdict: Counter[str] = Counter()
    for each in counted:
        if not asked.mn or each.mn == asked.mn:
            by_verdict[each.verdict] += each.refused
    most = max(by_verdict.values(), default=1)
    side = "&side=nowhere" if asked.is_nowhere else ""
    return tuple(
        ReasonCount(
            word=say(caller, VERDICTS.get(verdict, UNREADABLE)),
            refused=refused,
            href=f"{PATH}?verdict={verdict}{side}",
            share_pct=round(refused * 100 / most, 1),
        )
        for verdict, refused in by_verdict.most_common()
    )


def _nowhere_total(caller: Caller, since: date) -> int:
    """How many frames of the last days named no registered station."""
    with caller.house.database.transaction(SYSTEM) as session:
        return sum(each.refused for each in reject_counts(session, since, is_placed=False))


def _csv(caller: Caller, asked: RefusedAsked) -> Response:
    header = (
        N_("收到时刻"),
        N_("判定代码"),
        N_("原因"),
        N_("说明"),
        N_("MN"),
        N_("来源地址"),
        N_("字节数"),
        N_("保留的字节（密码已隐去）"),
    )
    with refused_scope(caller, is_nowhere=asked.is_nowhere) as session:
        found = list(_everything(session, asked))
    rows = [
        (
            csv_moment(each.received_at),
            each.verdict,
            say(caller, VERDICTS.get(each.verdict, UNREADABLE)),
            each.reason,
            each.mn,
            each.peer,
            each.size_bytes,
            printable(mask_secrets(each.raw)),
        )
        for each in found
    ]
    return csv_answer(say(caller, N_("拒收报文")), [say(caller, each) for each in header], rows)


def _everything(session: Session, asked: RefusedAsked) -> Iterator[Reject]:
    offset = 0
    while True:
        found = list_rejects(
            session,
            verdict=asked.verdict,
            mn=asked.mn,
            is_placed=not asked.is_nowhere,
            limit=MOST_PER_PAGE,
            offset=offset,
        )
        yield from found.rejects
        offset += len(found.rejects)
        if not found.rejects or offset >= found.total:
            return
