"""Names of real provinces, cities and districts, shipped with the package."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from qinghuan.people.area import parent_of, short_code

LISTS = ("provinces.csv", "cities.csv", "areas.csv")

ADDED = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
"""First-level codes of GB/T 2260-2007 that the shipped list leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArea:
    """A place of the published list."""

    area_code: str
    name: str


def name_of(code: str) -> str | None:
    """The published name of an area down to district, by full or short code."""
    return _names().get(short_code(code))


def children_of(code: str) -> tuple[ListedArea, ...]:
    """The places listed one level below an area, in the order of their codes."""
    return tuple(
        ListedArea(area_code=code_below, name=name)
        for code_below, name in _names().items()
        if parent_of(code_below) == short_code(code)
    )


def search(text: str, limit: int = 20) -> tuple[ListedArea, ...]:
    """Places whose name holds a text or whose code starts with it."""
    text = text.strip()
    found = (
        ListedArea(area_code=code, name=name)
        for code, name in _names().items()
        if text and (text in name or code.startswith(text))
    )
    return tuple(listed for listed, _ in zip(found, range(limit), strict=False))


@cache
def _names() -> Mapping[str, str]:
    """Every listed name by short code; a city without districts is listed once."""
    names = dict(ADDED)
    folder = files("qinghuan.people") / "data" / "gb2260"
    for part in LISTS:
        with (folder / part).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                names.setdefault(short_code(row["code"]), row["name"])
    return MappingProxyType(dict(sorted(names.items())))
