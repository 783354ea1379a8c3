"""Proof files: an entry, its place, and the way from it to a signed root.

The file is a C2SP tlog-proof whose extra data is the entry itself, so that it can be read
and verified with nothing but the log's public key.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from qinghuan.trace.checkpoint import open_checkpoint, read_decimal
from qinghuan.trace.errors import NoteMalformed, ProofMalformed
from qinghuan.trace.merkle import HASH_BYTES, check_consistency, check_inclusion, hash_leaf
from qinghuan.trace.model import Checkpoint, Verifier
from qinghuan.trace.note import decode_base64

HEADER = "c2sp.org/tlog-proof@v1"

MAX_HASHES = 63
"""A tree below 2^63 leaves is no taller."""

MAX_PROOF_BYTES = 1_100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A proof taken apart; nothing in it is verified yet."""

    index: int
    hashes: tuple[bytes, ...]
    """From the leaf's sibling to the root's child."""
    checkpoint_note: str
    entry: bytes | None
    """The extra data: the entry's bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a verified proof says."""

    entry: bytes
    index: int
    checkpoint: Checkpoint


def write_proof(proof: Proof) -> bytes:
    """Bytes of a proof file.

    Source:
        C2SP tlog-proof, Format.
    """
    extra = [] if proof.entry is None else [f"extra {_to_base64(proof.entry)}"]
    lines = [
        HEADER,
        *extra,
        f"index {proof.index}",
        *map(_to_base64, proof.hashes),
        "",
        proof.checkpoint_note,
    ]
    return "\n".join(lines).encode()


def read_proof(data: bytes) -> Proof:
    """Take a proof file apart.

    Raises:
        ProofMalformed: It is no such file.
    """
    head, note = _cut(data)
    lines = head.split("\n")
    if lines[0] != HEADER:
        raise ProofMalformed(f"the first line is not {HEADER}")
    entry = None
    if len(lines) > 1 and lines[1].startswith("extra "):
        entry = _from_base64(lines.pop(1).removeprefix("extra "))
    if len(lines) < 2 or not lines[1].startswith("index "):
        raise ProofMalformed("no index line")
    try:
        index = read_decimal(lines[1].removeprefix("index "))
    except NoteMalformed as error:
        raise ProofMalformed("the index is no number") from error
    hashes = read_hashes(lines[2:])
    return Proof(index=index, hashes=hashes, checkpoint_note=note, entry=entry)


def check_proof(
    data: bytes, verifiers: Sequence[Verifier], *, entry: bytes | None = None
) -> Proven:
    """Verify a proof file.

    Args:
        data: The file.
        verifiers: The log's keys.
        entry: The entry's bytes, if the caller has them; else those in the file.

    Raises:
        ProofMalformed: It is no proof, or holds no entry and none was given.
        NoteMalformed: Its checkpoint is none.
        SignatureWrong: The checkpoint's signature does not verify.
        SignatureMissing: None of the keys signed it.
        ProofWrong: The hashes do not lead from the entry to the signed root.
    """
    proof = read_proof(data)
    found = entry if entry is not None else proof.entry
    if found is None:
        raise ProofMalformed("no entry in the file")
    checkpoint = open_checkpoint(proof.checkpoint_note, verifiers)
    check_inclusion(proof.index, checkpoint.size, hash_leaf(found), proof.hashes, checkpoint.root)
    return Proven(entry=found, index=proof.index, checkpoint=checkpoint)


def write_consistency(hashes: Sequence[bytes]) -> str:
    """Text of a consistency proof: one hash a line, as the witness protocol sends it."""
    return "".join(f"{_to_base64(item)}\n" for item in hashes)


def check_growth(
    old_note: str, new_note: str, proof: str, verifiers: Sequence[Verifier]
) -> tuple[Checkpoint, Checkpoint]:
    """Verify that a log that signed the old checkpoint only grew until it signed the new.

    Raises:
        ProofMalformed: The proof is no list of hashes.
        ProofWrong: The log was rewritten between the two.
        NoteMalformed: A checkpoint is none.
        SignatureWrong: A signature does not verify.
        SignatureMissing: None of the keys signed.
    """
    old, new = open_checkpoint(old_note, verifiers), open_checkpoint(new_note, verifiers)
    if old.origin != new.origin:
        raise ProofMalformed("checkpoints of two logs")
    hashes = read_hashes(proof.removesuffix("\n").split("\n") if proof else [])
    check_consistency(old.size, new.size, hashes, old.root, new.root)
    return old, new


def read_hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    """Read hashes, one a line.

    Raises:
        ProofMalformed: Not Base64, not 32 bytes, or too many.
    """
    if len(lines) > MAX_HASHES:
        raise ProofMalformed("too many hashes")
    hashes = tuple(map(_from_base64, lines))
    if any(len(item) != HASH_BYTES for item in hashes):
        raise ProofMalformed(f"a hash is not {HASH_BYTES} bytes")
    return hashes


def _cut(data: bytes) -> tuple[str, str]:
    """Cut a proof file at its first blank line: proof lines and checkpoint."""
    if len(data) > MAX_PROOF_BYTES:
        raise ProofMalformed("too long")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ProofMalformed("not UTF-8") from error
    head, blank, note = text.partition("\n\n")
    if not blank:
        raise ProofMalformed("no checkpoint")
    return head, note


def _from_base64(text: str) -> bytes:
    """Standard Base64, in the words of a proof file."""
    try:
        return decode_base64(text)
    except ValueError as error:
        raise ProofMalformed("a line is not Base64") from error


def _to_base64(data: bytes) -> str:
    """Standard Base64."""
    return base64.b64encode(data).decode("ascii")
