"""Draw the demo city's map anew: `python -m qinghuan.demo.geography.making [folder]`."""

import json
import sys
from pathlib import Path

from PIL import Image

from qinghuan.demo.geography.making import plan
from qinghuan.demo.geography.making.draughts import layers
from qinghuan.demo.geography.making.field import Field, Grid
from qinghuan.demo.geography.making.geojson import to_degrees
from qinghuan.demo.geography.making.landscape import SEED, Landscape, grow
from qinghuan.demo.geography.making.shading import hillshade, softened

DATUM_M = 100
"""Added to every height, so that the sea bed fits an unsigned pixel."""


def main(folder: Path) -> None:
    """Grow the landscape and write every file of the atlas."""
    landscape = grow()
    folder.mkdir(parents=True, exist_ok=True)
    for name, features in layers(landscape).items():
        collection = {"type": "FeatureCollection", "features": features}
        text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
        (folder / f"{name}.geojson").write_text(text + "\n", encoding="utf-8")
    _write_pictures(folder, landscape)
    _write_frame(folder)


def _write_pictures(folder: Path, landscape: Landscape) -> None:
    """Hillshade for the map and heights for whoever computes with them."""
    soft = softened(landscape.height, landscape.grid, radius=2, share=0.55)
    shade = hillshade(soft, landscape.grid, exaggeration=2.0, levels=20)
    shade.save(folder / "hillshade.png", optimize=True)
    grid, heights = _halved(landscape.height, landscape.grid)
    picture = Image.new("I;16", (grid.width, grid.height))
    picture.putdata([round(metres) + DATUM_M for metres in heights])
    picture.save(folder / "terrain.png", optimize=True)


def _halved(height: Field, grid: Grid) -> tuple[Grid, Field]:
    """Means of two by two cells."""
    half = Grid(width=grid.width // 2, height=grid.height // 2, cell_km=grid.cell_km * 2)
    means = []
    for row in range(half.height):
        for column in range(half.width):
            at = 2 * row * grid.width + 2 * column
            four = height[at : at + 2] + height[at + grid.width : at + grid.width + 2]
            means.append(sum(four) / 4)
    return half, means


def _write_frame(folder: Path) -> None:
    """Where the pictures lie, and what they mean."""
    west, south = to_degrees((0.0, 0.0))
    east, north = to_degrees(plan.FRAME_KM)
    frame = {
        "name_zh": plan.CITY[1],
        "name_en": plan.CITY[2],
        "coordinate_system": "WGS84",
        "bounds_deg": [west, south, east, north],
        "seed": SEED,
        "terrain": {"file": "terrain.png", "unit": "m", "datum_m": DATUM_M},
        "hillshade": {"file": "hillshade.png"},
        "note_zh": "演示地理：海岸、地形、地名均为程序生成，不对应任何真实地点。",
        "note_en": "Demo geography: coast, relief and names are generated; no real place is shown.",
    }
    text = json.dumps(frame, ensure_ascii=False, indent=2)
    (folder / "frame.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    default = Path(__file__).parents[1] / "data"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
