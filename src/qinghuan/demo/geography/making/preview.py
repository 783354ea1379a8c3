"""A look at the atlas without a browser: `python -m qinghuan.demo.geography.making.preview`."""

import json
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

_DATA = Path(__file__).parents[1] / "data"
_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
_INK = {
    "sea": "#D3DFE2", "land": "#EFF1EC", "focus": "#FAFBF8", "line": "#9AA8A6",
    "edge": "#42524F", "label": "#4A5957", "built-up": "#E3E2DC", "river": "#A9C3CC",
    "isobath": "#C3D1D4", "expressway": "#B9A58A", "main": "#C9C2B4", "county": "#D8D5CC",
    "rail": "#8E9896",
}  # fmt: skip
_ROAD_WIDTHS = {"expressway": 5, "main": 4, "county": 2, "rail": 2}
_SCALE = 2


class Sheet:
    """A picture on which degrees are drawn as pixels."""

    def __init__(self, folder: Path) -> None:
        """Open a blank sea over the frame."""
        self.folder = folder
        frame = json.loads((folder / "frame.json").read_text(encoding="utf-8"))
        self.west, self.south, self.east, self.north = frame["bounds_deg"]
        shade = Image.open(folder / "hillshade.png")
        self.size = (shade.width * _SCALE, shade.height * _SCALE)
        self.picture = Image.new("RGB", self.size, _INK["sea"])
        self.pen = ImageDraw.Draw(self.picture)

    def features(self, layer: str) -> list[dict[str, Any]]:
        """One layer's features."""
        text = (self.folder / f"{layer}.geojson").read_text(encoding="utf-8")
        found: list[dict[str, Any]] = json.loads(text)["features"]
        return found

    def at(self, degrees: list[float]) -> tuple[float, float]:
        """Pixel of a longitude and latitude."""
        x = (degrees[0] - self.west) / (self.east - self.west) * self.size[0]
        y = (self.north - degrees[1]) / (self.north - self.south) * self.size[1]
        return x, y

    def fill(self, feature: dict[str, Any], ink: str, hole: str) -> None:
        """Fill a MultiPolygon; holes take another colour."""
        for polygon in feature["geometry"]["coordinates"]:
            self.pen.polygon([self.at(p) for p in polygon[0]], fill=ink)
            for ring in polygon[1:]:
                self.pen.polygon([self.at(p) for p in ring], fill=hole)

    def outline(self, feature: dict[str, Any], ink: str, width: int) -> None:
        """Draw a feature's lines or rings."""
        lines = feature["geometry"]["coordinates"]
        if feature["geometry"]["type"] == "MultiPolygon":
            lines = [ring for polygon in lines for ring in polygon]
        for line in lines:
            self.pen.line([self.at(p) for p in line], fill=ink, width=width, joint="curve")

    def name(self, degrees: list[float], text: str, size: int) -> None:
        """Write a name on a light halo."""
        font = ImageFont.truetype(_FONT, size)
        x, y = self.at(degrees)
        self.pen.text(
            (x, y), text, font=font, fill=_INK["label"], anchor="mm", stroke_width=3,
            stroke_fill=_INK["focus"],
        )  # fmt: skip


def draw(folder: Path) -> Image.Image:
    """The whole map."""
    sheet = Sheet(folder)
    areas, land, water = (sheet.features(name) for name in ("areas", "land", "water"))
    for feature in water:
        if feature["properties"]["kind"] == "isobath":
            sheet.outline(feature, _INK["isobath"], 1)
    sheet.fill(land[0], _INK["land"], _INK["sea"])
    sheet.fill(areas[0], _INK["focus"], _INK["sea"])
    sheet.fill(land[2], _INK["built-up"], _INK["focus"])
    _lay_shade(sheet)
    _draw_lines(sheet, areas, land, water)
    _write_names(sheet, areas)
    return sheet.picture


def _lay_shade(sheet: Sheet) -> None:
    """Lay the hillshade over the ground."""
    shade = Image.open(sheet.folder / "hillshade.png").convert("RGBA").resize(sheet.size)
    shade.putalpha(shade.getchannel("A").point(lambda a: a * 0.5))
    sheet.picture.paste(shade, (0, 0), shade)


def _draw_lines(
    sheet: Sheet,
    areas: list[dict[str, Any]],
    land: list[dict[str, Any]],
    water: list[dict[str, Any]],
) -> None:
    """Rivers, roads, borders."""
    for feature in water:
        kind = feature["properties"]["kind"]
        if kind == "river":
            sheet.outline(feature, _INK["river"], (7, 4, 2)[feature["properties"]["rank"] - 1])
        elif kind == "reservoir":
            sheet.fill(feature, _INK["river"], _INK["focus"])
    for feature in sheet.features("roads"):
        kind = feature["properties"]["kind"]
        sheet.outline(feature, _INK[kind], _ROAD_WIDTHS[kind])
    sheet.outline(land[1], _INK["line"], 2)
    for level, ink, width in ((5, "#D5DCDA", 1), (4, _INK["line"], 2), (3, _INK["edge"], 3)):
        for feature in areas:
            if feature["properties"]["level"] == level:
                sheet.outline(feature, ink, width)
    sheet.outline(areas[0], _INK["edge"], 5)


def _write_names(sheet: Sheet, areas: list[dict[str, Any]]) -> None:
    """Districts, townships and other places."""
    for feature in areas:
        facts = feature["properties"]
        if facts["level"] in (3, 4):
            sheet.name(facts["label"], facts["name"], 40 if facts["level"] == 3 else 22)
    for feature in sheet.features("places"):
        facts = feature["properties"]
        if facts["kind"] != "town":
            text = facts["name"] + (f" {facts['height_m']}" if "height_m" in facts else "")
            sheet.name(feature["geometry"]["coordinates"], text, 20)


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else "preview.png"
    draw(Path(sys.argv[2]) if len(sys.argv) > 2 else _DATA).save(target)
