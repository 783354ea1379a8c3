"""Every pair of tokens that text or an edge is drawn with is legible in all three themes.

Source:
    WCAG 2.1, success criteria 1.4.3 (text 4.5:1) and 1.4.11 (controls and marks 3:1).
"""

import re
from itertools import product

import pytest

from qinghuan.web.assets import STATIC

SHEET = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("bg-0", "bg-1", "bg-2", "ac-soft")
TEXTS = ("tx-1", "tx-2", "tx-3")
STATES = ("ok", "run", "warn", "bad", "hold", "idle")

TEXT_PAIRS = (
    *product(TEXTS, GROUNDS),
    *product(("ac-tx",), ("bg-0", "bg-1", "bg-2", "ac-soft")),
    ("on-ac", "ac"),
    *((state, ground) for state in STATES for ground in ("bg-0", "bg-1", f"{state}-soft")),
    *(("on-fill", f"{state}-fill") for state in STATES),
    *((text, f"{state}-soft") for state in STATES for text in ("tx-1", "tx-2")),
    ("tx-1", "bg-3"),
    *product(("map-label",), ("map-land", "map-focus")),
)
EDGE_PAIRS = (
    *product(("line-ctl", "focus"), ("bg-0", "bg-1")),
    ("map-edge", "map-focus"),
    ("map-edge", "map-sea"),
    *((f"{state}-fill", ground) for state in STATES for ground in ("bg-1", "map-focus")),
)


def _theme(name: str) -> dict[str, str]:
    """Colours of a theme by token."""
    blocks = re.findall(r"([^{}]*)\{([^{}]*)\}", SHEET)
    found: dict[str, str] = {}
    for selectors, body in blocks:
        chosen = re.sub(r"/\*.*?\*/", "", selectors, flags=re.DOTALL).split(",")
        if any(each.strip() in {":root", f'[data-theme="{name}"]'} for each in chosen):
            found.update(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-fA-F]{3,6})", body))
    return found


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(sign * 2 for sign in digits)
    channels = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours [1 to 21]."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_every_text_is_legible_on_its_ground(theme: str) -> None:
    colours = _theme(theme)
    faint = {
        (text, ground): round(ratio, 2)
        for text, ground in TEXT_PAIRS
        if (ratio := contrast(colours[text], colours[ground])) < 4.5
    }

    assert not faint


@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_every_edge_and_mark_stands_out_from_its_ground(theme: str) -> None:
    colours = _theme(theme)
    faint = {
        (mark, ground): round(ratio, 2)
        for mark, ground in EDGE_PAIRS
        if (ratio := contrast(colours[mark], colours[ground])) < 3
    }

    assert not faint


def test_the_text_on_each_standard_colour_is_legible() -> None:
    colours = _theme("light")
    dark, light = colours["aqi-on-light"], colours["aqi-on-dark"]
    on_dark_text = [f"aqi-{n}" for n in range(1, 5)] + [f"wq-{n}" for n in range(1, 7)]

    assert min(contrast(dark, colours[token]) for token in on_dark_text) >= 4.5
    assert min(contrast(light, colours[token]) for token in ("aqi-5", "aqi-6")) >= 4.5
