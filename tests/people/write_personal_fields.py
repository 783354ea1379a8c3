"""Write docs/reference/personal-fields.md from every room's declaration.

Run: uv run python tests/people/write_personal_fields.py
"""

import importlib
import pkgutil
from importlib.util import find_spec
from pathlib import Path

import qinghuan
from qinghuan.people.personal import BELOW
from qinghuan.people.register import Declaration, page_of

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "personal-fields.md"


def declarations() -> tuple[Declaration, ...]:
    """Every room's declaration, the floors below first."""
    rooms = sorted(module.name for module in pkgutil.iter_modules(qinghuan.__path__, "qinghuan."))
    found = [
        importlib.import_module(f"{room}.personal").DECLARATION
        for room in rooms
        if find_spec(room).submodule_search_locations and find_spec(f"{room}.personal")  # type: ignore[union-attr]  # the room was just listed
    ]
    return (*BELOW, *found)


if __name__ == "__main__":
    PAGE.write_text(page_of(declarations()), encoding="utf-8")
