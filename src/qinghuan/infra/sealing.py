"""Encryption of long contents in pieces, so that neither side holds them whole.

Each content has a key of its own, which is kept only wrapped under the installation's key:
losing the wrapped key destroys the content, wherever copies of its bytes may lie.
"""

import os
from collections.abc import Iterable, Iterator
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qinghuan.core.errors import Invalid
from qinghuan.infra.errors import InfraError

PIECE_BYTES = 1 << 20
"""Large enough that Python's share of the work is small, small enough for a phone's upload."""

_MAGIC = b"QHS1"
_TAG_BYTES = 16
_WRAP_NONCE_BYTES = 12


class SealBroken(InfraError, Invalid):
    """A sealed content was changed, cut short, or sealed under another key."""

    code: ClassVar[str] = "infra.seal-broken"
    zh: ClassVar[str] = "加密内容已被改动、不完整，或密钥不符"

    def __init__(self) -> None:
        """There is nothing more to tell."""
        super().__init__("sealed content does not open: changed, cut short or another key")


def new_content_key() -> bytes:
    """Make a key for one content."""
    return os.urandom(32)


def wrap(content_key: bytes, master_key: bytes) -> bytes:
    """Encrypt a content's key under the installation's key.

    Source:
        NIST SP 800-38D (AES-GCM), with a random 96-bit nonce, clause 8.2.2.
    """
    nonce = os.urandom(_WRAP_NONCE_BYTES)
    return nonce + AESGCM(master_key).encrypt(nonce, content_key, _MAGIC)


def unwrap(wrapped: bytes, master_key: bytes) -> bytes:
    """Get a content's key back.

    Raises:
        SealBroken: It was wrapped under another key or changed.
    """
    nonce, box = wrapped[:_WRAP_NONCE_BYTES], wrapped[_WRAP_NONCE_BYTES:]
    try:
        return AESGCM(master_key).decrypt(nonce, box, _MAGIC)
    except (InvalidTag, ValueError):
        raise SealBroken from None


def seal(chunks: Iterable[bytes], content_key: bytes) -> Iterator[bytes]:
    """Encrypt a content piece by piece.

    Each piece is bound to its number and to being the last one or not, so that pieces can
    neither be swapped nor dropped.

    Args:
        chunks: The content, cut anyhow.
        content_key: A key never used for another content.

    Source:
        The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM.
    """
    cipher = AESGCM(content_key)
    yield _MAGIC
    for number, (piece, is_last) in enumerate(_with_last(_recut(chunks, PIECE_BYTES))):
        yield cipher.encrypt(_nonce(number, is_last=is_last), piece, None)


def unseal(chunks: Iterable[bytes], content_key: bytes) -> Iterator[bytes]:
    """Decrypt what `seal` made; every piece given out is authentic.

    Raises:
        SealBroken: The content was changed, cut short, or has another key.
    """
    cipher = AESGCM(content_key)
    pieces = _recut(_without_magic(chunks), PIECE_BYTES + _TAG_BYTES)
    for number, (box, is_last) in enumerate(_with_last(pieces)):
        try:
            yield cipher.decrypt(_nonce(number, is_last=is_last), box, None)
        except (InvalidTag, ValueError):
            raise SealBroken from None


def _nonce(number: int, *, is_last: bool) -> bytes:
    """Number of a piece and whether it ends the content."""
    return number.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


def _without_magic(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Check and drop the first bytes."""
    head = b""
    rest = iter(chunks)
    while len(head) < len(_MAGIC):
        more = next(rest, None)
        if more is None:
            raise SealBroken
        head += more
    if not head.startswith(_MAGIC):
        raise SealBroken
    yield head[len(_MAGIC) :]
    yield from rest


def _recut(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Cut a content into pieces of one size; the last may be shorter, and one always comes."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > size:
            yield bytes(held[:size])
            del held[:size]
    yield bytes(held)


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Tell with each piece whether it is the last."""
    rest = iter(pieces)
    piece = next(rest)
    for following in rest:
        yield piece, False
        piece = following
    yield piece, True
