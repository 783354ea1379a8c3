"""Templates keep to the content policy and speak both languages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from qinghuan.web.assets import STATIC, Assets
from qinghuan.web.language import Language
from qinghuan.web.rendering import TEMPLATES, Face

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*="),
    "a style element": re.compile(r"<style"),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "an event attribute": re.compile(r"\son[a-z]+\s*="),
    "htmx evaluation": re.compile(r"\shx-on|\shx-vars|hx-(vals|headers)=['\"]js:"),
    "another host": re.compile(r"(src|href|action)\s*=\s*['\"](https?:)?//"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_template_holds_nothing_the_content_policy_forbids(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]

    assert not found


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_well_formed_in_both_languages(name: str) -> None:
    face = Face(Assets())
    for language in Language:
        assert face.environment(language).get_template(name).name == name


def test_every_text_of_the_screens_has_an_english_one_and_none_is_left_over() -> None:
    done = subprocess.run(
        [sys.executable, "tools/catalogue.py", "--check"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_english_text_keeps_the_places_of_the_chinese_one() -> None:
    from qinghuan.web.language import english  # noqa: PLC0415  read once here

    place = re.compile(r"%\((\w+)\)s|\{(\w*)\}")
    wrong = {
        chinese: said
        for chinese, said in english().items()
        if sorted(place.findall(chinese)) != sorted(place.findall(said))
    }

    assert not wrong


def test_style_sheets_take_every_colour_from_the_tokens() -> None:
    allowed = {"tokens.css", "account.css"}  # a QR code is black on white in every theme
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b")
    found = {
        path.name: hits
        for path in (STATIC / "css").glob("*.css")
        if path.name not in allowed
        and (hits := [h for h in literal.findall(path.read_text(encoding="utf-8")) if h != "#fff"])
    }

    assert not found


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'symbol id="([a-z]+)"', sprite))
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'icon\("([a-z]+)"', path.read_text(encoding="utf-8"))
    }

    assert named <= drawn
