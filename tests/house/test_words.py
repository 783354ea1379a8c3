"""The project speaks of the project alone, and of no registry's address."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORBIDDEN = [
    *(name + ".org" for name in ("pypi", "pythonhosted", "npmjs")),
    "files.python" + "hosted",
    "registry." + "npm",
    "/work" + "/main",
    "/work" + "/shared",
    ".." + "/shared",
    "helper" + "-1",
]


def test_no_committed_file_names_a_registry_or_a_workplace_path() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    found = []
    for name in filter(None, listed):
        path = ROOT / name
        if not path.is_file():
            continue
        text = path.read_bytes()
        found += [f"{name}: {word}" for word in FORBIDDEN if word.encode() in text]

    assert not found


def test_the_repository_stays_small() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    size = sum((ROOT / name).stat().st_size for name in listed if name and (ROOT / name).is_file())

    assert size < 60_000_000
