"""Checkpoints: the log's signed word about its size and root."""

import base64
from collections.abc import Sequence
from datetime import datetime

from qinghuan.trace.errors import NoteMalformed
from qinghuan.trace.merkle import HASH_BYTES
from qinghuan.trace.model import Checkpoint, Signer, Verifier
from qinghuan.trace.note import decode_base64, open_note, sign_note


def sign_checkpoint(
    size: int, root: bytes, signer: Signer, *, at: datetime | None = None
) -> Checkpoint:
    """Sign a size and a root in the signer's name, which is the log's origin.

    The time `at` is kept beside the note; the note itself carries none.

    Source:
        C2SP tlog-checkpoint, Note text.
    """
    text = f"{signer.name}\n{size}\n{base64.b64encode(root).decode()}\n"
    note = sign_note(text, signer)
    return Checkpoint(origin=signer.name, size=size, root=root, note=note, signed_at=at)


def open_checkpoint(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """Verify a checkpoint's signatures and read it.

    The origin must be the name of one of the keys, so that one log's checkpoint cannot
    stand for another's.

    Raises:
        NoteMalformed: It is no checkpoint, or of another log.
        SignatureWrong: A known key's signature does not verify.
        SignatureMissing: No known key signed.
    """
    opened = open_note(note, verifiers)
    origin, size, root = _read_text(opened.text)
    if origin not in {signature.name for signature in opened.signatures}:
        raise NoteMalformed(f"checkpoint of another log: {origin[:80]}")
    return Checkpoint(origin=origin, size=size, root=root, note=note)


def _read_text(text: str) -> tuple[str, int, bytes]:
    """Read origin, size and root from a checkpoint's text."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise NoteMalformed("a checkpoint has an origin, a size and a root")
    try:
        root = decode_base64(lines[2])
    except ValueError as error:
        raise NoteMalformed("the root is not Base64") from error
    if len(root) != HASH_BYTES:
        raise NoteMalformed(f"the root is not {HASH_BYTES} bytes")
    return lines[0], read_decimal(lines[1]), root


def read_decimal(digits: str) -> int:
    """Read a decimal number below 2^63 in its only spelling.

    Raises:
        NoteMalformed: Leading zeroes, signs, other digits, or too large.
    """
    is_plain = digits.isascii() and digits.isdigit() and len(digits) <= 19
    if not is_plain or str(int(digits)) != digits or int(digits) >= 2**63:
        raise NoteMalformed(f"not a decimal number: {digits[:24]!r}")
    return int(digits)
