"""A form's token opens one session's forms and no other's."""

from hypothesis import given
from hypothesis import strategies as st

from qinghuan.web.csrf import is_right, new_visit, token_for

SECRET = b"s" * 32
bindings = st.text(min_size=1, max_size=60)


@given(bindings)
def test_a_session_s_own_token_is_right(binding: str) -> None:
    assert is_right(SECRET, binding, token_for(SECRET, binding))


@given(bindings, bindings)
def test_another_session_s_token_is_not(first: str, second: str) -> None:
    assert is_right(SECRET, first, token_for(SECRET, second)) == (first == second)


@given(st.one_of(st.none(), st.text(max_size=80)))
def test_nothing_opens_a_form_that_is_bound_to_nothing(shown: str | None) -> None:
    assert not is_right(SECRET, "", shown)
    assert not is_right(SECRET, "", token_for(SECRET, ""))


def test_another_server_s_token_is_not_right() -> None:
    assert not is_right(SECRET, "a", token_for(b"t" * 32, "a"))


def test_no_two_visits_have_a_name() -> None:
    assert len({new_visit() for _ in range(100)}) == 100
