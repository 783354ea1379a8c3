"""What is not documented is not shipped."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_generated_reference_pages_are_current() -> None:
    """Settings, commands and error codes: the pages are written from the code."""
    done = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_decision_says_how_it_is_enforced() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("0*.md"))

    assert decisions
    for page in decisions:
        text = page.read_text(encoding="utf-8")
        for heading in ("## Context", "## Decision", "## Consequences", "## Alternatives"):
            assert heading in text, f"{page.name} lacks {heading}"
        assert "**Enforced by**" in text, page.name
