"""One page of a statement's rows, with the length of the whole."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from qinghuan.people.model import Page, PageAsked

Noun = TypeVar("Noun")


def page_of(
    session: Session,
    statement: Select[Any],
    asked: PageAsked,
    noun: Callable[[Row[Any]], Noun],
) -> Page[Noun]:
    """Run an ordered statement for one page.

    Args:
        session: The caller's transaction.
        statement: Everything that matches, in a total order.
        asked: Which page.
        noun: Makes a noun of a row.
    """
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    rows = session.execute(statement.limit(asked.limit).offset(asked.offset))
    return Page(items=tuple(noun(row) for row in rows), total=total or 0, asked=asked)


def holds(text: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether each word of a text stands in one of the columns, whatever its case."""
    return and_(
        true(), *(or_(*(_has(column, word) for column in columns)) for word in text.split())
    )


def lies_in(column: ColumnElement[str], area_codes: tuple[str, ...]) -> ColumnElement[bool]:
    """Whether an area code is, or lies in, one of several."""
    return or_(false(), *(column.startswith(code, autoescape=True) for code in area_codes))


def _has(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return column.icontains(word, autoescape=True)
