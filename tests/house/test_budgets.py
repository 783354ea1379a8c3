"""The house stays readable: files and functions keep to their budgets."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60

files = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", files, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_and_its_functions_fit_their_budgets(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    too_long = {
        node.name: size
        for node in functions
        if (size := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    }

    assert text.count("\n") <= MAX_FILE_LINES
    assert not too_long
