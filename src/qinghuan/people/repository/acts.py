"""Privileged acts, and refused tries at them, in and out of their table."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, or_, select
from sqlalchemy.orm import Session

from qinghuan.people.model import Act, ActsAsked, Page, PageAsked
from qinghuan.people.repository.paging import holds, lies_in, page_of
from qinghuan.people.repository.sealed import sealed
from qinghuan.people.tables import keys

_act = keys.act.c


def add_act(session: Session, act: Act) -> None:
    """Keep one act."""
    with sealed(session):
        session.execute(
            insert(keys.act).values(
                acted_at=act.at,
                actor=act.actor,
                kind=act.kind,
                subject=act.subject,
                area_code=act.area_code,
                outcome="done" if act.is_done else "refused",
                record_id=act.record_id,
                reason=act.reason,
            )
        )


def act_page(
    session: Session, wish: ActsAsked, asked: PageAsked, within: tuple[str, ...]
) -> Page[Act]:
    """Acts in some areas or on the whole platform, newest first."""
    found = select(keys.act).where(
        or_(_act.area_code == "", lies_in(_act.area_code, within)),
        holds(asked.text, _act.kind, _act.actor, _act.subject),
        *_wished(wish),
    )
    with sealed(session):
        return page_of(session, found.order_by(_act.acted_at.desc(), _act.id), asked, _act_noun)


def _wished(wish: ActsAsked) -> Iterator[ColumnElement[bool]]:
    """One condition for each field filled in."""
    if wish.since is not None:
        yield _act.acted_at >= wish.since
    if wish.until is not None:
        yield _act.acted_at < wish.until
    if wish.actor:
        yield _act.actor == wish.actor
    if wish.subject:
        yield _act.subject == wish.subject
    if wish.kind:
        yield or_(_act.kind == wish.kind, _act.kind.startswith(f"{wish.kind}.", autoescape=True))
    if wish.refused_only:
        yield _act.outcome == "refused"


def _act_noun(row: Row[Any]) -> Act:
    return Act(
        at=row.acted_at,
        actor=row.actor,
        kind=row.kind,
        subject=row.subject,
        area_code=row.area_code,
        is_done=row.outcome == "done",
        record_id=row.record_id,
        reason=row.reason,
    )
