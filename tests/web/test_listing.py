"""Lists ask again by their address, and export what no spreadsheet runs."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.web.listing import Choice, Filter, Listing, csv_lines, page_number

LISTING: Listing[str] = Listing(
    path="/cases",
    items=tuple("abc"),
    total=53,
    page=2,
    filters=(
        Filter(
            name="stage", label="阶段", choices=(Choice(value="open", label="在办"),), chosen="open"
        ),
        Filter(name="q", label="关键词", chosen=""),
    ),
    kept={"sort": "due"},
)


def test_a_page_says_which_items_it_shows() -> None:
    assert (LISTING.first, LISTING.last, LISTING.pages) == (51, 53, 2)


def test_an_empty_list_has_one_page_and_shows_nothing() -> None:
    empty: Listing[str] = Listing(path="/cases", items=(), total=0)

    assert (empty.first, empty.last, empty.pages, empty.is_filtered) == (0, 0, 1, False)


def test_an_address_keeps_what_was_asked_and_leaves_empty_answers_out() -> None:
    assert LISTING.url() == "/cases?sort=due&stage=open"
    assert LISTING.url(2) == "/cases?sort=due&stage=open&page=2"
    assert LISTING.url(stage="") == "/cases?sort=due"
    assert LISTING.csv_url() == "/cases?sort=due&stage=open&format=csv"


def test_values_in_an_address_are_quoted() -> None:
    assert LISTING.url(q="河道&x=1").endswith("q=%E6%B2%B3%E9%81%93%26x%3D1")


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 1), ("", 1), ("3", 3), ("0", 1), ("-2", 1), ("x", 1), ("9" * 9, 100_000)],
)
def test_a_page_number_is_always_sensible(text: str | None, number: int) -> None:
    assert page_number(text) == number


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), max_size=5))
def test_every_cell_of_a_csv_comes_back_and_none_is_a_formula(rows: list[list[str]]) -> None:
    text = "".join(csv_lines(["编号", "COD mg/L"], rows))
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    assert text.startswith("\ufeff")
    assert read[0] == ["编号", "COD mg/L"]
    for asked, got in zip(rows, read[1:], strict=True):
        for cell, back in zip(asked, got, strict=True):
            assert back in {cell, f"'{cell}"}
            assert not back.startswith(("=", "+", "@", "\t", "\r"))


def test_a_negative_figure_stays_a_figure() -> None:
    text = "".join(csv_lines(["a"], [[Decimal("-1.5")], [-2], [None]]))

    assert text == '\ufeffa\r\n-1.5\r\n-2\r\n""\r\n' or "-1.5\r\n-2\r\n" in text
