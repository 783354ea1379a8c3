"""How a person wants the screens: language, theme, wall size. Kept in cookies, no secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from qinghuan.web.language import Language

LANGUAGE_COOKIE = "qh_language"
THEME_COOKIE = "qh_theme"
WALL_COOKIE = "qh_wall"
KEPT_FOR_S = 31_536_000
"""A year. [s]"""


class Theme(StrEnum):
    """A surrounding the screens are read in."""

    LIGHT = "light"
    DARK = "dark"
    SUN = "sun"

    @property
    def following(self) -> "Theme":
        """The theme that the switch turns to."""
        order = list(Theme)
        return order[(order.index(self) + 1) % len(order)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """A person's choices; Chinese and daylight unless said otherwise."""

    language: Language = Language.ZH
    theme: Theme = Theme.LIGHT
    is_wall: bool = False


def preferences_of(cookies: Mapping[str, str]) -> Preferences:
    """Read the choices from cookies; what is not understood counts as not said."""
    language, theme = cookies.get(LANGUAGE_COOKIE, ""), cookies.get(THEME_COOKIE, "")
    return Preferences(
        language=Language(language) if language in set(Language) else Language.ZH,
        theme=Theme(theme) if theme in set(Theme) else Theme.LIGHT,
        is_wall=cookies.get(WALL_COOKIE) == "1",
    )
