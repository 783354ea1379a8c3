"""Secrets that are shown once: session and API tokens, set-up and recovery codes.

Each is made from random bytes that come in, and only its SHA-256 is kept: the bytes are
too many to guess, so a slow hash would add nothing.
"""

import base64
import hashlib
import re

TOKEN_BYTES = 32
"""256 bits."""

CODE_BYTES = 10
"""80 bits: sixteen letters to copy by hand."""

API_PREFIX = "qht_"
"""Lets a scanner of leaked secrets recognise ours."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_CODE = re.compile(r"[A-Z2-7]{16}")


def session_token(entropy: bytes) -> str:
    """A session's token: 43 characters for a cookie."""
    return base64.urlsafe_b64encode(entropy[:TOKEN_BYTES]).decode().rstrip("=")


def api_token(entropy: bytes) -> str:
    """An API token, marked as ours."""
    return API_PREFIX + session_token(entropy)


def spoken_code(entropy: bytes) -> str:
    """A code for a person to copy: four groups of four."""
    letters = base64.b32encode(entropy[:CODE_BYTES]).decode()
    return "-".join(letters[place : place + 4] for place in range(0, 16, 4))


def fingerprint(secret: str) -> bytes:
    """What is kept of a secret; groups and case of a spoken code do not matter."""
    return hashlib.sha256(_canonical(secret).encode()).digest()


def is_session_token(text: str) -> bool:
    """Whether a text could be a session token at all."""
    return _TOKEN.fullmatch(text) is not None


def is_api_token(text: str) -> bool:
    """Whether a text could be an API token at all."""
    return text.startswith(API_PREFIX) and is_session_token(text.removeprefix(API_PREFIX))


def is_spoken_code(text: str) -> bool:
    """Whether a text could be a spoken code at all."""
    return _CODE.fullmatch(_bare(text)) is not None


def _canonical(secret: str) -> str:
    """Spoken codes without groups, in capitals; everything else as it is."""
    return _bare(secret) if is_spoken_code(secret) else secret


def _bare(text: str) -> str:
    """A text as a spoken code is compared."""
    return text.replace("-", "").replace(" ", "").upper()
