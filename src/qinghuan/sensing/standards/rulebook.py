"""Which edition of a table holds on a day."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from qinghuan.sensing.errors import StandardUnknown

TABLES = files("qinghuan.sensing.standards") / "tables"

AQI = ("hj633-2012.toml", "hj633-2026.toml")
WATER = ("gb3838-2002.toml",)
AIR_HOUR = ("gb3095-2012.toml",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One dated table."""

    name: str
    """Of its file."""
    standard: str
    clause: str
    provenance: str
    """`text`, `two sources` or `one source`."""
    valid_from: date | None
    valid_until: date | None
    """Last day of force."""
    rows: tuple[dict[str, Any], ...]
    levels: tuple[int, ...] = ()

    def holds_on(self, on: date) -> bool:
        """Whether the edition is in force on a day."""
        begun = self.valid_from is None or on >= self.valid_from
        return begun and (self.valid_until is None or on <= self.valid_until)


def edition_on(names: tuple[str, ...], on: date) -> Edition:
    """The edition among several files that is in force on a day.

    Raises:
        StandardUnknown: None is.
    """
    for name in names:
        edition = read_edition(name)
        if edition.holds_on(on):
            return edition
    raise StandardUnknown(names[0], on.isoformat())


@cache
def read_edition(name: str) -> Edition:
    """Read one table from the package."""
    table = tomllib.loads((TABLES / name).read_text(encoding="utf-8"))
    return Edition(
        name=name,
        standard=table["standard"],
        clause=table["clause"],
        provenance=table["provenance"],
        valid_from=table.get("valid_from"),
        valid_until=table.get("valid_until"),
        rows=tuple(table["row"]),
        levels=tuple(table.get("levels", ())),
    )
