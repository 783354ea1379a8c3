import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.people.credit_code import ALPHABET, check_character, checked
from qinghuan.people.errors import CreditCodeWrong

bodies = st.text(ALPHABET, min_size=17, max_size=17)


def test_published_codes_pass() -> None:
    """The example of GB 32100-2015, and a listed company's code."""
    assert checked("91350100M000100Y43") == "91350100M000100Y43"
    assert checked(" 91110000600037341l ") == "91110000600037341L"


@pytest.mark.parametrize("wrong", ["", "91350100M000100Y44", "91350100M000100Y4", "I" * 18])
def test_a_wrong_code_is_refused(wrong: str) -> None:
    with pytest.raises(CreditCodeWrong):
        checked(wrong)


@given(body=bodies, place=st.integers(0, 16), other=st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_found(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    mistyped = code[:place] + other + code[place + 1 :]

    assert checked(code) == code
    if mistyped != code:
        with pytest.raises(CreditCodeWrong):
            checked(mistyped)
