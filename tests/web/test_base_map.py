"""A site's own base map is drawn for whoever is signed in, and for nobody else."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from qinghuan.web.base_map import base_map_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "land.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    (tmp_path / "hillshade.png").write_bytes(b"\x89PNG")
    (tmp_path / "frame.json").write_text(json.dumps({"bounds_deg": [1, 2, 3, 4]}))
    (tmp_path / "secret.txt").write_text("no")
    return tmp_path


def test_a_base_map_offers_the_layers_it_has(folder: Path) -> None:
    base = base_map_in(folder)

    assert base is not None
    assert list(base.layers) == ["land"]
    assert base.hillshade is not None
    assert (base.hillshade.west_deg, base.hillshade.north_deg) == (1, 4)


def test_a_site_without_one_has_none(tmp_path: Path) -> None:
    assert base_map_in(None) is None
    assert base_map_in(tmp_path / "nothing") is None


def test_a_picture_without_its_bounds_is_not_drawn(folder: Path) -> None:
    (folder / "frame.json").unlink()
    base = base_map_in(folder)

    assert base is not None
    assert base.hillshade is None


def test_an_address_changes_when_its_file_does(folder: Path) -> None:
    before = base_map_in(folder)
    (folder / "land.geojson").write_text("{}")
    (folder / "land.geojson").touch()
    after = base_map_in(folder)

    assert before is not None
    assert after is not None
    assert before.layers["land"] != after.layers["land"]


@pytest.mark.db
def test_only_its_own_files_are_served_and_only_inside(
    app: FastAPI, browser: httpx.Client, enter: Callable[[str], httpx.Client], folder: Path
) -> None:
    app.state.base_map = folder
    outside = browser.get("/basemap/land.geojson")
    inside = enter("duty")

    assert outside.headers["location"].startswith("/sign-in")
    assert inside.get("/basemap/land.geojson").headers["content-type"] == "application/geo+json"
    assert "private" in inside.get("/basemap/land.geojson").headers["cache-control"]
    assert inside.get("/basemap/secret.txt").status_code == 404
    assert inside.get("/basemap/water.geojson").status_code == 404
    assert inside.get("/cockpit/map.json").json()["base"]["land"].startswith("/basemap/land")
