"""A log as a tree of files, laid out as a C2SP tile server lays out its addresses."""

from pathlib import Path


def write_file(directory: Path, path: str, content: bytes) -> None:
    """Write one file of the tree whole or not at all."""
    target = directory / path
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.new")
    draft.write_bytes(content)
    draft.replace(target)
