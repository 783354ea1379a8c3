import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.trace import canonical
from qinghuan.trace.errors import NotCanonical
from qinghuan.trace.model import JsonValue

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
integers = st.integers(-canonical.MAX_INTEGER, canonical.MAX_INTEGER)
values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(value=values)
def test_what_is_written_reads_back(value: JsonValue) -> None:
    assert canonical.parse(canonical.encode(value)) == value


@given(value=st.dictionaries(texts, integers, min_size=2, max_size=6))
def test_the_order_in_which_keys_were_put_does_not_matter(value: dict[str, int]) -> None:
    assert canonical.encode(value) == canonical.encode(dict(reversed(value.items())))


@given(data=st.binary(max_size=60) | texts.map(str.encode))
def test_any_bytes_are_read_or_refused_and_what_is_read_has_one_spelling(data: bytes) -> None:
    try:
        value = canonical.parse(data)
    except NotCanonical:
        return
    assert canonical.encode(value) == data


def test_keys_are_sorted_by_utf16_as_rfc_8785_does() -> None:
    value: dict[str, JsonValue] = {
        "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\U0001f600": "Emoji: Grinning Face", "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }  # fmt: skip
    order = list(json.loads(canonical.encode(value)))

    assert order == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_a_record_worked_by_hand() -> None:
    value = {"t": "二氧化碳", "n": [1, -2, True, None], "a": {"weight": "0.50"}, "q": 'a"\\\n\x01/'}

    assert canonical.encode(value).decode() == (
        '{"a":{"weight":"0.50"},"n":[1,-2,true,null],"q":"a\\"\\\\\\n\\u0001/","t":"二氧化碳"}'
    )


def test_composed_and_decomposed_letters_stay_two_spellings() -> None:
    composed, decomposed = "é", unicodedata.normalize("NFD", "é")

    assert canonical.encode(composed) != canonical.encode(decomposed)
    assert canonical.parse(canonical.encode(decomposed)) == decomposed


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (1.0, "float at $"),
        ({"a": [1, float("nan")]}, "float at $.a[1]"),
        ({"a": b"x"}, "bytes at $.a"),
        ({1: "x"}, "key of type int"),
        ("\ud800", "lone surrogate"),
        ({"\udfff": 1}, "lone surrogate"),
        (2**53, "integer past"),
        (-(2**53), "integer past"),
        ({"a": {1, 2}}, "set at $.a"),
    ],
)
def test_what_has_no_canonical_bytes_is_refused_by_its_path(value: object, says: str) -> None:
    with pytest.raises(NotCanonical) as caught:
        canonical.encode(value)

    assert says in caught.value.reason


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}', b'{"b":1,"a":2}', b'{ "a":1}', b"1.0", b"1e3", b"-0", b"01", b"NaN",
        b"-Infinity", b'"\\u0041"', b'"\\/"', b'"\\ud800"', b"\xff", b"", b"[1,]", b"1 ",
        b"9" * 5000, b"9007199254740992", b"\xef\xbb\xbf1", b'"\\u000A"',
    ],
)  # fmt: skip
def test_every_other_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        canonical.parse(data)


def test_too_deep_is_refused_both_ways_without_exhausting_the_stack() -> None:
    deep: JsonValue = 0
    for _ in range(canonical.MAX_DEPTH + 1):
        deep = [deep]

    with pytest.raises(NotCanonical):
        canonical.encode(deep)
    for opening in (b"[" * 60_000, b'{"a":' * 12_000, b"[" * 3000 + b"]" * 3000):
        with pytest.raises(NotCanonical):
            canonical.parse(opening)


def test_a_record_of_65535_bytes_fits_and_one_more_does_not() -> None:
    assert len(canonical.encode("x" * (canonical.MAX_BYTES - 2))) == canonical.MAX_BYTES
    with pytest.raises(NotCanonical):
        canonical.encode("x" * (canonical.MAX_BYTES - 1))
    with pytest.raises(NotCanonical):
        canonical.parse(b" " * (canonical.MAX_BYTES + 1))
