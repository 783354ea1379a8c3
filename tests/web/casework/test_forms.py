"""Every command a person may give has a form, and a form becomes its command or says what lacks."""

import pytest

from qinghuan.casework.model import NamedPerson
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.table import RULES
from qinghuan.web.casework.errors import FieldMissing
from qinghuan.web.casework.forms import FORMS, Known, Typed

WITHOUT_FORM = {"attach_signal", "add_evidence"}
"""Signals are attached by merging their cases; evidence has a form of its own."""

OFFICES = {"o1": "生态环境局", "o2": "水务局"}
SOMEBODY = NamedPerson(person="p1", label="处置员 04", office_id="o1", has_phone=True)


def test_every_offered_command_has_a_form() -> None:
    offered = {rule.name for rule in RULES if rule.is_offered}

    assert offered - FORMS.keys() == WITHOUT_FORM


def test_a_dispatch_has_one_lead_and_leaves_it_out_of_the_others() -> None:
    typed = Typed(texts={"lead": "o1"}, lists={"others": ("o1", "o2")})

    wanted = FORMS["dispatch"].read(typed, Known(offices=OFFICES))

    assert isinstance(wanted, c.Dispatch)
    assert [(leg.office_name, leg.is_lead) for leg in wanted.legs] == [
        ("生态环境局", True),
        ("水务局", False),
    ]


def test_an_office_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(FieldMissing) as caught:
        FORMS["dispatch"].read(Typed(texts={"lead": "elsewhere"}), Known(offices=OFFICES))

    assert caught.value.message_zh() == "请填写“主办单位”"


def test_a_handler_is_taken_from_the_office_not_from_the_form() -> None:
    known = Known(handlers={"p1": SOMEBODY})

    wanted = FORMS["sign"].read(Typed(texts={"handler": "p1"}), known)

    assert wanted == c.Sign(handler=SOMEBODY)
    with pytest.raises(FieldMissing):
        FORMS["sign"].read(Typed(texts={"handler": "p2"}), known)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("refuse", {"reason": "because", "text": "x"}),
        ("merge", {"parent": "17"}),
        ("file", {"code": "GB|nothing|1"}),
        ("ask_suspension", {"pause": "suspended", "until": "soon", "text": "x"}),
        ("check_result", {}),
    ],
)
def test_what_no_list_offers_is_refused(name: str, texts: dict[str, str]) -> None:
    with pytest.raises(FieldMissing):
        FORMS[name].read(Typed(texts=texts), Known())


def test_an_unticked_condition_is_not_met() -> None:
    wanted = FORMS["close"].read(Typed(), Known(closing_condition="恢复达标"))

    assert wanted == c.Close(is_condition_met=False, closing_condition="恢复达标")
