"""The demo city's map as files: read from the package, laid into a site's base map folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from qinghuan.core.geo import Place

LAYERS = ("areas", "land", "water", "roads", "places")
"""GeoJSON files, in the order in which a map draws them."""

PICTURES = ("hillshade.png", "terrain.png")

_DATA = files("qinghuan.demo.geography") / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArea:
    """An area of the demo city, as the atlas gives it."""

    area_code: str
    name: str
    name_en: str
    middle: Place
    """A point well inside, where its name is written."""


def document(layer: str) -> bytes:
    """One layer as GeoJSON in WGS84."""
    return (_DATA / f"{layer}.geojson").read_bytes()


def demo_areas() -> Iterator[DemoArea]:
    """Every area from the city down to the villages, parents first."""
    for feature in json.loads(document("areas"))["features"]:
        facts = feature["properties"]
        longitude_deg, latitude_deg = facts["label"]
        yield DemoArea(
            area_code=facts["area_code"],
            name=facts["name"],
            name_en=facts["name_en"],
            middle=Place(longitude_deg=longitude_deg, latitude_deg=latitude_deg),
        )


def lay_base_map(folder: Path) -> None:
    """Lay the atlas's files into a folder, as a site lays its own base map there.

    A file that lies there unchanged is left, so that browsers keep what they have.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{layer}.geojson" for layer in LAYERS]
    for name in (*names, *PICTURES, "frame.json"):
        content, laid = (_DATA / name).read_bytes(), folder / name
        if not laid.exists() or laid.read_bytes() != content:
            laid.write_bytes(content)
