"""What the lists of administration share: the question in the address, pages, CSV."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query

from qinghuan.people.model import Page, PageAsked
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import MOST_PER_PAGE, PAGE_SIZE, Filter, Listing, page_number

Noun = TypeVar("Noun")

WORDS = N_("关键词")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked, as its address says."""

    text: str = ""
    page: int = 1
    is_csv: bool = False
    done: str = ""
    """Result of the form before, told once."""

    def page_asked(self) -> PageAsked:
        """For the room's services."""
        return PageAsked(number=self.page, size=PAGE_SIZE, text=self.text)


def read_asked(
    q: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[str, Query(max_length=9)] = "",
    form: Annotated[str, Query(alias="format", max_length=8)] = "",
    done: Annotated[str, Query(max_length=40)] = "",
) -> Asked:
    """The question in an address."""
    return Asked(text=q.strip(), page=page_number(page), is_csv=form == "csv", done=done)


Question = Annotated[Asked, Depends(read_asked)]


def words_filter(asked: Asked, label: str = WORDS) -> Filter:
    """The text every list can be searched for."""
    return Filter(name="q", label=label, chosen=asked.text)


def listing_of(
    path: str, found: Page[Noun], asked: Asked, filters: Sequence[Filter], **kept: str
) -> Listing[Noun]:
    """One page of a room's list with its filters."""
    return Listing(
        path=path,
        items=found.items,
        total=found.total,
        page=asked.page,
        size=PAGE_SIZE,
        filters=tuple(filters),
        kept=kept,
    )


def everything(fetch: Callable[[PageAsked], Page[Noun]], asked: Asked) -> Iterator[Noun]:
    """The whole list under its filters, page after page; read it while the transaction lives."""
    number = 1
    while True:
        found = fetch(PageAsked(number=number, size=MOST_PER_PAGE, text=asked.text))
        yield from found.items
        if number * MOST_PER_PAGE >= found.total:
            return
        number += 1
