"""The log's private key in a file that only the owner reads."""

import os
import tempfile
from pathlib import Path

from qinghuan.trace.errors import KeyMalformed
from qinghuan.trace.note import Ed25519Signer, read_skey


def load_or_make(path: Path, name: str) -> Ed25519Signer:
    """Read the log's key, making it the first time.

    Two processes that start at once end with the same key: the file appears whole or not at
    all, and the first one wins.

    Args:
        path: The key file; one line, as Go's note package writes private keys.
        name: The log's origin; a key of another name is refused.

    Raises:
        KeyMalformed: The file holds no key, or another log's.
    """
    if not path.exists():
        _write_once(path, Ed25519Signer(name, os.urandom(32)).skey() + "\n")
    signer = read_skey(path.read_text(encoding="utf-8").strip())
    if signer.name != name:
        raise KeyMalformed(f"the key file is of the log {signer.name}, not {name}")
    return signer


def _write_once(path: Path, text: str) -> None:
    """Write a file that only the owner reads, unless it exists by then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()
