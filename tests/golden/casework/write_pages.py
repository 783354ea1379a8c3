"""Write docs/reference/problem-states.md from the state table.

Run: uv run python tests/golden/casework/write_pages.py
"""

from pathlib import Path

from qinghuan.casework.printed import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "problem-states.md"

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
