"""The vault's key on disk, for a house that is given none."""

import os
from pathlib import Path

from qinghuan.people.vault import KEY_BYTES


def read_or_make_key(path: Path) -> bytes:
    """The key kept in a file, made on first use and readable by its owner only.

    Two processes that start at once agree on one key: the file appears whole or not at all.

    Raises:
        ValueError: The file does not hold a key.
    """
    if not path.exists():
        _make(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} does not hold a vault key of {KEY_BYTES} bytes")
    return key


def _make(path: Path) -> None:
    """Write a fresh key beside the file and link it into place, unless another was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
