"""Every event of a case has its line, in both languages."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from qinghuan.casework.problem import events as e
from qinghuan.casework.problem.states import RefusalReason
from qinghuan.web.casework.sentences import LINES, line_of
from qinghuan.web.language import Language, translate

AT = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", get_args(e.Body), ids=lambda kind: kind.__name__)
def test_every_event_has_a_line_with_an_english_one(kind: type) -> None:
    _, text, _, _ = LINES[kind]

    assert translate(text, Language.EN) != text


def test_a_refusal_says_its_reason_and_keeps_what_was_written() -> None:
    line = line_of(e.CaseRefused(reason=RefusalReason.NOT_FOUND, text="到场未见", proposed_by=None))

    assert line.sentence(Language.ZH) == "不予受理：现场核实未发现问题"
    assert line.detail == "到场未见"


def test_a_rung_names_its_clock_and_what_it_asks() -> None:
    line = line_of(e.RungReached(clock_key="handle-1", pct=80, due_at=AT, late_s=120))

    assert line.sentence(Language.ZH) == "处置时限已用 80 %，催办单位负责人"
    assert line.detail == "11-25 12:00 · 2 min"
