"""Choices come from cookies; nonsense counts as not said."""

from hypothesis import given
from hypothesis import strategies as st

from qinghuan.web.language import Language
from qinghuan.web.preferences import Preferences, Theme, preferences_of


def test_nothing_said_is_chinese_in_daylight() -> None:
    assert preferences_of({}) == Preferences(language=Language.ZH, theme=Theme.LIGHT)


def test_what_was_chosen_is_read() -> None:
    cookies = {"qh_language": "en", "qh_theme": "sun", "qh_wall": "1"}

    assert preferences_of(cookies) == Preferences(
        language=Language.EN, theme=Theme.SUN, is_wall=True
    )


@given(st.dictionaries(st.sampled_from(["qh_language", "qh_theme", "qh_wall"]), st.text()))
def test_any_cookie_whatever_gives_some_choice(cookies: dict[str, str]) -> None:
    assert isinstance(preferences_of(cookies), Preferences)


def test_the_theme_switch_goes_round() -> None:
    assert [theme.following for theme in Theme] == [Theme.DARK, Theme.SUN, Theme.LIGHT]
