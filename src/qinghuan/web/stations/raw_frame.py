"""A kept frame's bytes as people read them. Pure.

The bytes were masked before they came here, so neither check nor length fits them any more;
what was found is told as it was sent.
"""

import re
from dataclasses import dataclass

from qinghuan.sensing.errors import BadGrammar
from qinghuan.sensing.hj212.frame import Frame
from qinghuan.sensing.hj212.parse import parse

HEAD_BYTES = 6
"""`##` and the four digits of the length."""

CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFrame:
    """What the bytes say."""

    text: str
    """Printable; control characters as `\\x0d`."""
    length_declared: str
    """Four digits as sent; empty if there are none."""
    crc: str
    """As sent; empty if there is none."""
    frame: Frame | None
    """None where the fields cannot be read."""


def read_raw(raw: bytes) -> RawFrame:
    """Take a kept frame apart.

    Args:
        raw: As kept, passwords blanked.
    """
    body = raw.rstrip(b"\r\n")
    end = body.rfind(b"&&") + 2
    segment = body[HEAD_BYTES:end] if end > HEAD_BYTES else b""
    try:
        frame = parse(segment)
    except BadGrammar:
        frame = None
    return RawFrame(
        text=printable(body),
        length_declared=printable(body[2:HEAD_BYTES]) if body.startswith(b"##") else "",
        crc=printable(body[end:]).upper() if segment else "",
        frame=frame,
    )


def printable(raw: bytes) -> str:
    """Bytes as text: UTF-8 or GB 18030, what is neither as escapes."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        text = raw.decode("latin-1")
    return CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", text)


def item_of(text: str, code: str, kind: str) -> str:
    """The item of a frame's text that gave a value, such as `w01018-Avg=78.6`; empty if none."""
    found = re.search(rf"(?<![0-9A-Za-z]){re.escape(code)}-{re.escape(kind)}=[^,;&]*", text)
    return found.group() if found else ""
