"""Two languages: Chinese is the source, English a catalogue read at start."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
"""One catalogue for the web's own pages (`en.po`) and one for each room."""


class Language(StrEnum):
    """A language of the screens."""

    ZH = "zh"
    EN = "en"

    @property
    def tag(self) -> str:
        """BCP 47 tag for `<html lang>`."""
        return "zh-CN" if self is Language.ZH else "en"


def mark_for_translation(text: str) -> str:
    """Mark a Chinese text in Python code for the catalogue; it is translated when shown."""
    return text


@cache
def english() -> Mapping[str, str]:
    """Every Chinese text that has an English one."""
    found: dict[str, str] = {}
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="en", ignore_obsolete=True)
        found.update(
            (str(message.id), str(message.string))
            for message in catalogue
            if message.id and message.string and not message.fuzzy
        )
    return MappingProxyType(found)


def translate(text: str, language: Language) -> str:
    """A text in a language; the Chinese itself where the catalogue has no English."""
    return english().get(text, text) if language is Language.EN else text
