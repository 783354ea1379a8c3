"""A frame's place in the log's record of its batch. Pure."""

import json
from base64 import b64encode
from typing import Any


def batch_place(body: bytes, digest: bytes) -> tuple[int, int] | None:
    """Which of a record's frames has a digest, and how many it lists; None if none has.

    Args:
        body: The record's canonical JSON.
        digest: SHA-256 of the frame as received.
    """
    entry: Any = json.loads(body)
    listed = entry["data"].get("sha256", [])
    wanted = b64encode(digest).decode()
    return (listed.index(wanted) + 1, len(listed)) if wanted in listed else None
