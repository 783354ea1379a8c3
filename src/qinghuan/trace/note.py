"""Signed notes: a text, a blank line, and one line for each signature.

Compatible with Go's `golang.org/x/mod/sumdb/note` for Ed25519 keys.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from qinghuan.trace.errors import KeyMalformed, NoteMalformed, SignatureMissing, SignatureWrong
from qinghuan.trace.model import Signer, Verifier

ED25519 = b"\x01"
"""Signature type of C2SP signed-note."""

MAX_SIGNATURES = 64
"""A verifier must accept 16; more than this is a flood."""

MAX_NOTE_BYTES = 1_000_000

_DASH = "\u2014 "
_PRIVATE = "PRIVATE+KEY+"
_KEY_ID = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature line."""

    name: str
    key_id: bytes
    blob: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note taken apart; nothing in it is verified yet."""

    text: str
    """With its final newline; this is what was signed."""
    signatures: tuple[Signature, ...]


class Ed25519Verifier:
    """A public Ed25519 key under a name."""

    def __init__(self, name: str, public: bytes) -> None:
        """Take the name and the 32 raw bytes of the key.

        Raises:
            KeyMalformed: The name holds spaces or plus signs, or the key is not 32 bytes.
        """
        if not is_key_name(name):
            raise KeyMalformed("a key name has no spaces and no plus sign")
        if len(public) != 32:
            raise KeyMalformed("an Ed25519 key is 32 bytes")
        self.name = name
        self.key_id = sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]
        self._public = public
        self._key = Ed25519PublicKey.from_public_bytes(public)

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def vkey(self) -> str:
        """The key as text, for publishing: `name+hash+base64`."""
        return f"{self.name}+{self.key_id.hex()}+{_to_base64(ED25519 + self._public)}"


class Ed25519Signer:
    """A private Ed25519 key under a name, from its 32-byte seed."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Take the name and the seed (RFC 8032 private key).

        Raises:
            KeyMalformed: The name or the seed is no such thing.
        """
        if len(seed) != 32:
            raise KeyMalformed("an Ed25519 seed is 32 bytes")
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Ed25519Verifier(name, self._key.public_key().public_bytes_raw())
        self.name = name
        self.key_id = self.verifier.key_id

    def sign(self, message: bytes) -> bytes:
        """Sign a message; the same message always gives the same 64 bytes."""
        return self._key.sign(message)

    def skey(self) -> str:
        """The private key as text, for a key file: `PRIVATE+KEY+name+hash+base64`."""
        return f"{_PRIVATE}{self.name}+{self.key_id.hex()}+{_to_base64(ED25519 + self._seed)}"


def read_vkey(text: str) -> Ed25519Verifier:
    """Read a public key from its text.

    Raises:
        KeyMalformed: Not `name+hash+base64`, another algorithm, or a hash that does not fit.
    """
    name, key_id, key = _split_key(text)
    verifier = Ed25519Verifier(name, key)
    if verifier.key_id != key_id:
        raise KeyMalformed("the hash does not fit the key")
    return verifier


def read_skey(text: str) -> Ed25519Signer:
    """Read a private key from its text.

    Raises:
        KeyMalformed: Not `PRIVATE+KEY+name+hash+base64`, another algorithm, or a hash that
            does not fit.
    """
    if not text.startswith(_PRIVATE):
        raise KeyMalformed("a private key begins with PRIVATE+KEY+")
    name, key_id, seed = _split_key(text.removeprefix(_PRIVATE))
    signer = Ed25519Signer(name, seed)
    if signer.key_id != key_id:
        raise KeyMalformed("the hash does not fit the key")
    return signer


def sign_note(text: str, *signers: Signer) -> str:
    """Sign a text; the result is the note, ready to be written down.

    Raises:
        NoteMalformed: The text is empty, does not end its line, or holds control characters.
    """
    _check_text(text)
    lines = [
        f"{_DASH}{signer.name} {_to_base64(signer.key_id + signer.sign(text.encode()))}\n"
        for signer in signers
    ]
    return f"{text}\n{''.join(lines)}"


def parse_note(note: str) -> Note:
    """Take a note apart without verifying it.

    Raises:
        NoteMalformed: No blank line before the signatures, no signatures, a line that is no
            signature, control characters, or too long.

    Source:
        C2SP signed-note, Format.
    """
    if len(note) > MAX_NOTE_BYTES:
        raise NoteMalformed("too long")
    cut = note.rfind("\n\n")
    if cut < 0:
        raise NoteMalformed("no blank line before the signatures")
    text, lines = note[: cut + 1], note[cut + 2 :]
    _check_text(text)
    if not lines.endswith("\n"):
        raise NoteMalformed("the last signature does not end its line")
    signatures = tuple(_signature(line) for line in lines.removesuffix("\n").split("\n"))
    if len(signatures) > MAX_SIGNATURES:
        raise NoteMalformed("too many signatures")
    return Note(text=text, signatures=signatures)


def open_note(note: str, verifiers: Sequence[Verifier]) -> Note:
    """Take a note apart and verify it; the result holds only signatures that verified.

    Signatures of unknown keys are passed over; one wrong signature of a known key spoils
    the note.

    Raises:
        NoteMalformed: It is no note.
        SignatureWrong: A known key's signature does not verify.
        SignatureMissing: No known key signed.

    Source:
        C2SP signed-note, Signatures.
    """
    parsed = parse_note(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    good = []
    for signature in parsed.signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None:
            continue
        if not verifier.verifies(parsed.text.encode(), signature.blob):
            raise SignatureWrong(signature.name)
        good.append(signature)
    if not good:
        raise SignatureMissing
    return Note(text=parsed.text, signatures=tuple(good))


def is_key_name(name: str) -> bool:
    """Whether a text may name a key."""
    return bool(name) and "+" not in name and not any(mark.isspace() for mark in name)


def decode_base64(text: str) -> bytes:
    """Strict standard Base64: padding present, no foreign characters, one spelling.

    Raises:
        ValueError: Anything else.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not standard Base64") from error
    if _to_base64(data) != text:
        raise ValueError("not standard Base64")
    return data


def _check_text(text: str) -> None:
    """Refuse a text that cannot be signed."""
    if not text.endswith("\n"):
        raise NoteMalformed("the text does not end its line")
    if any(mark < " " and mark != "\n" for mark in text):
        raise NoteMalformed("control characters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoteMalformed("not UTF-8") from error


def _signature(line: str) -> Signature:
    """Read one signature line."""
    name, _, coded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not is_key_name(name):
        raise NoteMalformed("a line after the blank one is no signature")
    try:
        data = decode_base64(coded)
    except ValueError as error:
        raise NoteMalformed(f"a signature of {name[:40]} is not Base64") from error
    if len(data) < 5:
        raise NoteMalformed(f"a signature of {name[:40]} is too short")
    return Signature(name=name, key_id=data[:4], blob=data[4:])


def _split_key(text: str) -> tuple[str, bytes, bytes]:
    """Cut a key's text into name, key id and the 32 bytes of an Ed25519 key."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or _KEY_ID.fullmatch(parts[1]) is None:
        raise KeyMalformed("a key is name+hash+base64")
    try:
        key_id, data = bytes.fromhex(parts[1]), decode_base64(parts[2])
    except ValueError as error:
        raise KeyMalformed("a key is name+hash+base64") from error
    if data[:1] != ED25519:
        raise KeyMalformed("only Ed25519 keys are known here")
    return parts[0], key_id, data[1:]


def _to_base64(data: bytes) -> str:
    """Standard Base64."""
    return base64.b64encode(data).decode("ascii")
