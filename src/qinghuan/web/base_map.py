"""The site's own base map: files in a folder, served to whoever is signed in.

Nothing is fetched from elsewhere and nothing is shown to the public: maps for the public
need a review number first.

Source:
    地图管理条例 (2015), Art. 15 and 34 (review, and the number on what is published).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from qinghuan.web.access import SIGNED_IN, Caller, access
from qinghuan.web.errors import PageUnknown
from qinghuan.web.overview import Hillshade

router = APIRouter(include_in_schema=False)

LAYERS = ("land", "water", "roads", "places")
"""GeoJSON layers a base map may have, WGS84, in the order they are drawn."""

SHADE = "hillshade.png"
TYPES = {".geojson": "application/geo+json", ".png": "image/png"}
NAMES = frozenset({*(f"{layer}.geojson" for layer in LAYERS), SHADE})
KEPT = "private, max-age=86400"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMap:
    """What of a base map there is."""

    layers: dict[str, str]
    """Address of each layer that exists."""
    hillshade: Hillshade | None = None


def base_map_in(folder: Path | None) -> BaseMap | None:
    """The base map laid in a folder; nothing if there is none."""
    if folder is None or not folder.is_dir():
        return None
    layers = {
        layer: _address(folder / f"{layer}.geojson")
        for layer in LAYERS
        if (folder / f"{layer}.geojson").is_file()
    }
    return BaseMap(layers=layers, hillshade=_shade(folder))


def base_map_of(request: Request) -> BaseMap | None:
    """The base map of the application that is asked."""
    return base_map_in(_folder(request))


@router.get("/basemap/{name}")
def base_map_file(
    request: Request,
    name: str,
    caller: Annotated[Caller, access(SIGNED_IN)],  # noqa: ARG001  who is not signed in sees no map
) -> Response:
    """One file of the base map."""
    folder = _folder(request)
    if folder is None or name not in NAMES or not (folder / name).is_file():
        raise PageUnknown(f"no base map file {name[:40]}")
    path = folder / name
    return FileResponse(path, media_type=TYPES[path.suffix], headers={"cache-control": KEPT})


def _folder(request: Request) -> Path | None:
    found = getattr(request.app.state, "base_map", None)
    return found if isinstance(found, Path) else None


def _address(path: Path) -> str:
    """Address of a file, which changes when the file does."""
    return f"/basemap/{path.name}?v={path.stat().st_mtime_ns:x}"


def _shade(folder: Path) -> Hillshade | None:
    """Terrain shading, if the folder has the picture and says which bounds it fills."""
    frame = folder / "frame.json"
    if not (frame.is_file() and (folder / SHADE).is_file()):
        return None
    west, south, east, north = json.loads(frame.read_text(encoding="utf-8"))["bounds_deg"]
    return Hillshade(
        url=_address(folder / SHADE),
        west_deg=west,
        south_deg=south,
        east_deg=east,
        north_deg=north,
    )
