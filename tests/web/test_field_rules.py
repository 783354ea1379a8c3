"""A wrong field says how to mend it, in both languages."""

import re
from pathlib import Path
from typing import Annotated, get_args

import pytest
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import core_schema

from qinghuan.web.field_rules import OTHERWISE, RULES, field_faults
from qinghuan.web.language import Language, english


class Form(BaseModel):
    """A form of the test."""

    note: Annotated[str, Field(min_length=6)]
    count: Annotated[int, Field(ge=1)]


def _faults(language: Language, **values: object) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate(values)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
    return field_faults(errors, language)


def test_each_field_has_its_own_sentence() -> None:
    assert _faults(Language.ZH, note="已关", count=0) == {
        "note": "至少 6 个字",
        "count": "不小于 1",
    }
    assert _faults(Language.EN, note="已关", count="x") == {
        "note": "At least 6 characters",
        "count": "A whole number, please",
    }


def test_an_unknown_rule_still_says_something() -> None:
    error = {"type": "never_heard_of", "loc": ("body", "a")}

    assert field_faults([error], Language.ZH) == {"a": OTHERWISE}


def test_every_rule_is_one_of_pydantic_s_and_has_english() -> None:
    known = set(get_args(core_schema.ErrorType))

    assert set(RULES) <= known
    assert all(text in english() for text in (*RULES.values(), OTHERWISE))


def test_no_screen_calls_input_illegal() -> None:
    web = Path(__file__).parents[2] / "src" / "qinghuan" / "web"
    said = re.compile("非法输入|illegal input")
    found = [
        path.name
        for path in (*web.rglob("*.py"), *(web / "templates").rglob("*.html"))
        if "style" not in path.parts
        and path.name != "field_rules.py"
        and said.search(path.read_text(encoding="utf-8"))
    ]

    assert not found
