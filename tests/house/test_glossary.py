"""One term per thing, each with its Chinese pair."""

import re
from pathlib import Path

GLOSSARY = Path(__file__).parents[2] / "docs" / "reference" / "glossary.md"


def _rows() -> list[tuple[str, str]]:
    text = GLOSSARY.read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", text, flags=re.MULTILINE)
    return [(en.strip(), zh.strip()) for en, zh in rows if en.strip() not in {"English", "---"}]


def test_every_term_has_one_chinese_pair() -> None:
    rows = _rows()

    assert len(rows) > 60
    assert all(re.search(r"[一-鿿]", zh) for _, zh in rows)


def test_no_term_is_listed_twice() -> None:
    terms = [en.lower() for en, _ in _rows()]

    assert sorted(terms) == sorted(set(terms))


def test_the_core_vocabulary_is_there() -> None:
    terms = {en.lower() for en, _ in _rows()}

    assert {
        "area", "office", "person", "role", "station", "datastream", "observation", "frame",
        "exceedance", "signal", "disposition", "case", "leg", "task", "clock", "evidence",
        "supervision", "identifier", "record", "log", "checkpoint", "proof", "lineage",
    } <= terms  # fmt: skip
