"""Lists: filters, pages and CSV, all of it in the address."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

from starlette.responses import StreamingResponse

Noun = TypeVar("Noun")

PAGE_SIZE = 50
MOST_PER_PAGE = 200
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that starts with one of these would be run by a spreadsheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value a filter can take."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One question a list can be asked; its answer stands in the address."""

    name: str
    label: str
    choices: tuple[Choice, ...] = ()
    """Few choices are chips; none at all makes it a text field."""
    chosen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[Noun]):
    """One page of a list, what it was asked, and how to ask again."""

    path: str
    items: Sequence[Noun]
    total: int
    page: int = 1
    size: int = PAGE_SIZE
    filters: tuple[Filter, ...] = ()
    has_csv: bool = True
    kept: Mapping[str, str] = field(default_factory=dict)
    """Other values of the address that stay."""

    @property
    def pages(self) -> int:
        """How many pages there are; one even when the list is empty."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Number of the first item shown; 0 when there is none."""
        return (self.page - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Number of the last item shown."""
        return self.first + len(self.items) - 1 if self.items else 0

    @property
    def is_filtered(self) -> bool:
        """Whether any question is answered, so that an empty list may be the filter's doing."""
        return any(each.chosen for each in self.filters)

    def url(self, page: int = 1, **changes: str) -> str:
        """This list's address with some answers changed; an empty answer is left out."""
        values = {**self.kept, **{each.name: each.chosen for each in self.filters}, **changes}
        if page > 1:
            values["page"] = str(page)
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{self.path}?{query}" if query else self.path

    def csv_url(self) -> str:
        """Address of the whole list as CSV, under the same filters."""
        return self.url(format="csv")


def csv_answer(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingResponse:
    """A CSV file that spreadsheets open in Chinese and never run.

    Args:
        name: File name without its ending.
        header: Column names, with units.
        rows: As many values each.
    """
    return StreamingResponse(
        csv_lines(header, rows),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}.csv"},
    )


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Lines of a CSV file, with the mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line(row)


def page_number(text: str | None) -> int:
    """The page asked for; anything but a sensible number is the first."""
    return min(int(text), 100_000) if text and text.isdecimal() and int(text) > 0 else 1


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_cell(cell) for cell in cells])
    return buffer.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    is_number = isinstance(value, int | float) or hasattr(value, "as_tuple")
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and not is_number else text
