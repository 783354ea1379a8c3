"""Keep the English catalogues: find every Chinese text of the screens, keep what is translated.

Texts of a room's own pages go into `locale/<room>.po`, the web's own and shared ones into
`locale/en.po`. A text that `en.po` has is not said again elsewhere.

Run: uv run python tools/catalogue.py [ROOM …]   (write all, or some)
     uv run python tools/catalogue.py --check    (fail if a text is missing or left over)
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parents[1] / "src" / "qinghuan" / "web"
LOCALE = WEB / "locale"
OWN_FOLDERS = ("account", "cockpit", "components", "search", "style")
"""Folders of the web's own pages."""

DATED = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Last-Translator")
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "templates/**.html": {
        "extensions": "jinja2.ext.do",
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
    }
}
KEYWORDS = {"_": None, "gettext": None, "N_": None, "mark_for_translation": None}


def main() -> int:
    """Write or check the catalogues; return an exit code."""
    kept = _kept()
    found = texts_by_room()
    all_found = {text for texts in found.values() for text in texts}
    faults = [f"no English for: {text}" for text in sorted(all_found) if not kept.get(text)]
    if "--check" in sys.argv:
        rooms = "".join(p.read_text("utf-8") for p in WEB.parent.glob("[cp]*/**/*.py"))
        faults += [f"no screen says: {t}" for t in kept if t not in all_found and t not in rooms]
        print("\n".join(faults) or "the catalogues are whole")
        return 1 if faults else 0
    for room in found if len(sys.argv) < 2 else sys.argv[1:]:
        _write(room, {text: kept.get(text, "") for text in sorted(found[room])})
    print("\n".join(faults))
    return 0


def texts_by_room() -> dict[str, set[str]]:
    """Every text that templates and code mark for translation, by the catalogue it belongs to."""
    found: dict[str, set[str]] = {"en": set()}
    for file_name, _, message, _, _ in extract_from_dir(
        WEB, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=_is_ours
    ):
        text = message if isinstance(message, str) else message[0]
        found.setdefault(_room_of(file_name), set()).add(text)
    shared = found["en"]
    return {room: texts if room == "en" else texts - shared for room, texts in found.items()}


def _room_of(file_name: str) -> str:
    """The catalogue of a file: its room's, or the web's own."""
    parts = Path(file_name).parts
    folders = parts[1:-1] if parts[0] == "templates" else parts[:-1]
    return folders[0] if folders and folders[0] not in OWN_FOLDERS else "en"


def _write(room: str, texts: dict[str, str]) -> None:
    catalogue = Catalog(
        locale="en",
        project="qinghuan",
        fuzzy=False,
        header_comment="# English of the screens.",
    )
    for text, english in texts.items():
        catalogue.add(text, english)
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, no_location=True, sort_output=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    LOCALE.mkdir(exist_ok=True)
    (LOCALE / f"{room}.po").write_text(
        "".join(line for line in lines if not any(word in line for word in DATED)),
        encoding="utf-8",
    )


def _is_ours(folder: str) -> bool:
    return Path(folder).name not in {"client", "static", "node_modules", "__pycache__"}


def _kept() -> dict[str, str]:
    kept: dict[str, str] = {}
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            said = {str(m.id): str(m.string) for m in read_po(file, locale="en") if m.id}
        kept.update({text: english for text, english in said.items() if english})
        kept = {**said, **kept}
    return kept


if __name__ == "__main__":
    sys.exit(main())
