from pathlib import Path

from qinghuan.casework.printed import page
from qinghuan.casework.problem.states import State
from qinghuan.casework.problem.table import RULES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "problem-states.md"


def test_the_page_of_the_state_table_is_current() -> None:
    """If it is not, run tests/golden/casework/write_pages.py."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_page_names_every_state_command_and_guard() -> None:
    text = page()

    assert all(f"`{state.value}`" in text for state in State)
    assert all(f"`{rule.name}`" in text for rule in RULES)
    assert all(f"`{guard.code}`" in text for rule in RULES for guard in rule.guards)
