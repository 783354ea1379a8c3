import pytest

from qinghuan.casework.adapters.shelf import code_lists, code_row
from qinghuan.casework.codes import (
    IN_FORCE,
    LOCAL,
    SUPERSEDED,
    CodeKind,
    MatterCode,
    to_edition_in_force,
)
from qinghuan.casework.errors import UnknownCode


def test_the_lists_say_that_they_were_transcribed_by_others() -> None:
    assert "第三方转录" in code_lists()[IN_FORCE].provenance
    assert "未与标准原文核对" in code_lists()[SUPERSEDED].provenance


@pytest.mark.parametrize(
    ("digits", "name"), [("06010", "暴露垃圾"), ("06020", "焚烧垃圾、树叶"), ("08004", "工地扬尘")]
)
def test_a_matter_is_found_by_edition_kind_and_digits(digits: str, name: str) -> None:
    key = MatterCode(standard_ref=IN_FORCE, kind=CodeKind.MATTER, code=digits)

    assert code_row(key).name == name


def test_a_component_is_not_found_among_the_matters() -> None:
    component = MatterCode(standard_ref=IN_FORCE, kind=CodeKind.COMPONENT, code="03010")
    matter = MatterCode(standard_ref=IN_FORCE, kind=CodeKind.MATTER, code="03010")

    assert code_row(component).name == "环保监测站异常"
    with pytest.raises(UnknownCode):
        code_row(matter)


def test_an_edition_nobody_has_is_refused() -> None:
    with pytest.raises(UnknownCode) as caught:
        code_row(MatterCode(standard_ref="CJ/T 214", kind=CodeKind.MATTER, code="0102"))

    assert caught.value.standard_ref == "CJ/T 214"


def test_a_withdrawn_row_stays_readable_and_says_so() -> None:
    key = MatterCode(standard_ref=IN_FORCE, kind=CodeKind.MATTER, code="06031")

    assert code_row(key).is_withdrawn


def test_every_2013_matter_known_leads_to_a_row_of_the_edition_in_force() -> None:
    for row in code_lists()[SUPERSEDED].rows.values():
        assert code_row(to_edition_in_force(row)).name


def test_local_extension_numbers_do_not_follow_the_arithmetic() -> None:
    row = code_lists()[SUPERSEDED].row(CodeKind.MATTER, "0192")

    assert to_edition_in_force(row).code == "06042"


def test_only_matters_of_2013_can_be_carried_over() -> None:
    with pytest.raises(UnknownCode):
        to_edition_in_force(code_lists()[LOCAL].row(CodeKind.MATTER, "C-01"))


def test_every_row_belongs_to_a_named_group() -> None:
    for codes in code_lists().values():
        assert {row.group for row in codes.rows.values()} <= set(codes.group_names)
