import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.people.area import (
    FULL_LENGTHS,
    PROVINCE_CODES,
    Level,
    ancestors_of,
    contains,
    full_code,
    is_fictional,
    is_short,
    level_of,
    parent_of,
    short_code,
)
from qinghuan.people.errors import AreaCodeMalformed

province = st.sampled_from([*sorted(PROVINCE_CODES), "99"])
two = st.integers(1, 99).map("{:02d}".format)
three = st.integers(1, 999).map("{:03d}".format)


@st.composite
def codes(draw: st.DrawFn) -> str:
    """A short code of any level, with a group at each level."""
    groups = [draw(province), draw(two), draw(two), draw(three), draw(three), draw(three)]
    return "".join(groups[: draw(st.integers(1, 6))])


@pytest.mark.parametrize(
    ("full", "short", "level", "parent"),
    [
        ("440000", "44", Level.PROVINCE, None),
        ("440800", "4408", Level.CITY, "44"),
        ("440803", "440803", Level.DISTRICT, "4408"),
        ("440803001", "440803001", Level.TOWNSHIP, "440803"),
        ("440803001002", "440803001002", Level.VILLAGE, "440803001"),
        ("440803001002003", "440803001002003", Level.GRID, "440803001002"),
        ("110000", "11", Level.PROVINCE, None),
        ("500200", "5002", Level.CITY, "50"),
    ],
)
def test_a_full_code_is_shortened_and_placed(
    full: str, short: str, level: Level, parent: str | None
) -> None:
    assert short_code(full) == short
    assert full_code(short) == full
    assert level_of(full) == level
    assert parent_of(full) == parent


def test_a_longer_full_code_names_the_same_place() -> None:
    assert short_code("440803000000") == "440803"
    assert short_code("440800000000000") == "4408"


def test_a_town_of_a_city_without_districts_lies_in_the_city() -> None:
    assert short_code("441900003") == "441900003"
    assert parent_of("441900003") == "4419"
    assert ancestors_of("441900003101") == ("441900003", "4419", "44")


def test_a_grid_directly_under_a_township_lies_in_it() -> None:
    assert parent_of("990101001000007") == "990101001"


def test_the_code_of_a_city_written_as_a_district_is_not_short() -> None:
    assert not is_short("441900")
    assert is_short("4419")


@pytest.mark.parametrize(
    "wrong", ["", "4", "440", "44080", "4408031", "44o803", "４４０８", "-4", "100000", "000000"]
)
def test_what_is_no_code_is_refused_and_said_why(wrong: str) -> None:
    with pytest.raises(AreaCodeMalformed) as caught:
        short_code(wrong)

    assert wrong[:20] in caught.value.message_zh()


def test_invented_places_are_told_from_real_ones() -> None:
    assert is_fictional("990101")
    assert not is_fictional("440803")


@given(code=codes())
def test_short_and_full_code_are_each_others_undoing(code: str) -> None:
    assert short_code(full_code(code)) == code
    assert is_short(code)
    assert len(full_code(code)) in FULL_LENGTHS


@given(code=codes())
def test_a_place_lies_in_all_its_ancestors_and_they_never_in_it(code: str) -> None:
    for above in ancestors_of(code):
        assert contains(above, code)
        assert not contains(code, above)
    assert len(ancestors_of(code)) == list(Level).index(level_of(code))


@given(text=st.text(max_size=18))
def test_any_text_is_either_a_code_or_refused_in_words(text: str) -> None:
    try:
        short = short_code(text)
    except AreaCodeMalformed:
        return
    assert short_code(short) == short
