"""Static files are named by their content and served as one set."""

import gzip
from pathlib import Path

import pytest

from qinghuan.web.assets import Assets, style_sheet


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "css").mkdir()
    for name in ("print", "badge", "tokens", "base", "responsive"):
        (tmp_path / "css" / f"{name}.css").write_text(f"/* {name} */", encoding="utf-8")
    (tmp_path / "icons.svg").write_text("<svg/>" + " " * 2_000, encoding="utf-8")
    return tmp_path


def test_tokens_come_first_and_print_last(folder: Path) -> None:
    sheet = style_sheet(folder / "css").decode()

    order = [
        sheet.index(f"/* {name} */") for name in ("tokens", "base", "badge", "responsive", "print")
    ]
    assert order == sorted(order)


def test_an_address_changes_with_any_content(folder: Path) -> None:
    before = Assets(folder).url("icons.svg")
    (folder / "css" / "badge.css").write_text("/* other */", encoding="utf-8")

    assert Assets(folder).url("icons.svg") != before


def test_larger_files_are_packed(folder: Path) -> None:
    asset = Assets(folder).get("icons.svg")

    assert asset is not None
    assert asset.packed is not None
    assert gzip.decompress(asset.packed) == asset.body


def test_a_file_nobody_has_is_an_error_for_a_template_and_nothing_for_a_visitor(
    folder: Path,
) -> None:
    assets = Assets(folder)

    assert assets.get("../settings.py") is None
    with pytest.raises(KeyError):
        assets.url("nothing.css")


def test_pages_know_when_the_client_was_not_built(folder: Path) -> None:
    assert not Assets(folder).has_client
    (folder / "built").mkdir()
    (folder / "built" / "core.js").write_text("export {};", encoding="utf-8")
    assert Assets(folder).has_client
