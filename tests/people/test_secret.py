from hypothesis import given
from hypothesis import strategies as st

from qinghuan.people.secret import (
    api_token,
    fingerprint,
    is_api_token,
    is_session_token,
    is_spoken_code,
    session_token,
    spoken_code,
)

entropy = st.binary(min_size=32, max_size=32)


@given(random=entropy)
def test_each_secret_is_recognised_for_what_it_is(random: bytes) -> None:
    assert is_session_token(session_token(random))
    assert is_api_token(api_token(random))
    assert is_spoken_code(spoken_code(random))
    assert not is_session_token(api_token(random))


@given(random=entropy)
def test_a_code_may_be_typed_without_groups_and_in_small_letters(random: bytes) -> None:
    code = spoken_code(random)

    assert fingerprint(code) == fingerprint(code.replace("-", " ").lower())


@given(first=entropy, second=entropy)
def test_different_secrets_have_different_fingerprints(first: bytes, second: bytes) -> None:
    tokens = session_token(first), session_token(second)

    assert (tokens[0] == tokens[1]) == (fingerprint(tokens[0]) == fingerprint(tokens[1]))


@given(text=st.text(max_size=60))
def test_no_text_breaks_the_recognition(text: str) -> None:
    assert not (is_session_token(text) and is_api_token(text))
    assert len(fingerprint(text)) == 32
