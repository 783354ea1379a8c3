"""Static files: read once at start, named by their content, kept by browsers for a year.

The style sheets lie as one file a component and are served as one. The bundled client may
be missing (see `hatch_build.py`); pages then go without maps and charts.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

STATIC = Path(__file__).parent / "static"
FACE = "face.css"
"""The style sheets in one."""
FIRST_SHEETS = ("tokens.css", "base.css")
LAST_SHEETS = ("responsive.css", "print.css")
TYPES = MappingProxyType(
    {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".css": "text/css",
        ".svg": "image/svg+xml",
        ".webmanifest": "application/manifest+json",
    }
)
HIDDEN = (".lock", "stamp.txt")
WORTH_PACKING = 1_024
"""Smaller files gain nothing by gzip. [bytes]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One static file, plain and packed."""

    path: str
    body: bytes
    packed: bytes | None
    media_type: str


class Assets:
    """All static files under one name that changes when any of them does."""

    def __init__(self, folder: Path = STATIC) -> None:
        """Read the folder."""
        found = {FACE: _asset(FACE, style_sheet(folder / "css"))}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not name.startswith("css/") and path.name not in HIDDEN:
                found[name] = _asset(name, path.read_bytes())
        self.files: Mapping[str, Asset] = MappingProxyType(found)
        self.version = _version(found)

    @property
    def has_client(self) -> bool:
        """Whether the client was bundled."""
        return "built/core.js" in self.files

    def url(self, path: str) -> str:
        """Address of a file, which changes with its content.

        Raises:
            KeyError: There is no such file; a template names one that does not exist.
        """
        return f"/static/{self.version}/{self.files[path].path}"

    def get(self, path: str) -> Asset | None:
        """A file by its path, without the version."""
        return self.files.get(path)


def style_sheet(folder: Path) -> bytes:
    """Every sheet of the folder in one: tokens first, then by name."""
    names = sorted(path.name for path in folder.glob("*.css"))
    between = [name for name in names if name not in FIRST_SHEETS + LAST_SHEETS]
    order = [*FIRST_SHEETS, *between, *(name for name in LAST_SHEETS if name in names)]
    return b"\n".join((folder / name).read_bytes() for name in order)


def _asset(path: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 6, mtime=0) if len(body) >= WORTH_PACKING else None
    suffix = Path(path).suffix
    media_type = TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Asset(path=path, body=body, packed=packed, media_type=media_type)


def _version(files: Mapping[str, Asset]) -> str:
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0" + hashlib.sha256(files[name].body).digest())
    return total.hexdigest()[:12]
