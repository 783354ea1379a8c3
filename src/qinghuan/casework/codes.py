"""Which kind of thing a case is about: component and matter codes of dated editions.

The same digits mean different things in different editions, and 01001 is both a component and
a matter in the edition in force. So a code is only ever the three together: edition, kind, digits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qinghuan.casework.errors import UnknownCode

IN_FORCE = "GB/T 47678.5-2026"
SUPERSEDED = "GB/T 30428.2-2013"
LOCAL = "qinghuan-local-1"


class CodeKind(StrEnum):
    """What a code names."""

    COMPONENT = "component"
    """部件: a thing that stands there."""
    MATTER = "matter"
    """事项: something that happens there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterCode:
    """A code with all it needs to be understood."""

    standard_ref: str
    kind: CodeKind
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One row of a code list."""

    key: MatterCode
    name: str
    group: str
    is_withdrawn: bool = False
    becomes: str | None = None
    """Digits in the edition in force where arithmetic does not give them."""
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """One edition's rows, as far as they concern the environment."""

    standard_ref: str
    title: str
    effective_on: date
    provenance: str
    group_names: Mapping[str, str]
    rows: Mapping[tuple[CodeKind, str], CodeRow]

    def row(self, kind: CodeKind, code: str) -> CodeRow:
        """The row of a code, withdrawn ones too: old cases must stay readable.

        Raises:
            UnknownCode: This edition has no such row.
        """
        try:
            return self.rows[kind, code]
        except KeyError:
            raise UnknownCode(self.standard_ref, code) from None


def to_edition_in_force(row: CodeRow) -> MatterCode:
    """The 2026 code of a 2013 matter: class number + 5, small class with three digits.

    Raises:
        UnknownCode: The row is not a matter of the 2013 edition.

    Source:
        GB/T 30428.2-2013 to GB/T 47678.5-2026; rule found by comparing the rows known of
        both, not printed in either text. Local extension numbers carry their own answer.
    """
    key = row.key
    if key.standard_ref != SUPERSEDED or key.kind is not CodeKind.MATTER or len(key.code) != 4:
        raise UnknownCode(key.standard_ref, key.code)
    digits = row.becomes or f"{int(key.code[:2]) + 5:02d}{int(key.code[2:]):03d}"
    return MatterCode(standard_ref=IN_FORCE, kind=CodeKind.MATTER, code=digits)
