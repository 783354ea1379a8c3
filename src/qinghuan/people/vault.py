"""Personal values at rest: sealed with AES-GCM, bound to the place they are kept.

A sealed value begins with a version byte and its key's fingerprint, so that keys can be
changed: new values use the first key, old ones open with the key that sealed them.
"""

import hashlib
import hmac
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from qinghuan.people.errors import SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_NAME_BYTES = 4
VERSION = b"\x01"


class Vault:
    """Seals and opens values; holds the keys and shows them to nobody."""

    __slots__ = ("_blind_key", "_ciphers", "_current", "_entropy")

    def __init__(
        self,
        key: bytes,
        *former_keys: bytes,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """Take the keys.

        Args:
            key: Seals from now on; 32 bytes.
            former_keys: Still open what they sealed.
            entropy: Source of nonces; a test may fix it, nothing else should.

        Raises:
            ValueError: A key has not 32 bytes.
        """
        if any(len(each) != KEY_BYTES for each in (key, *former_keys)):
            raise ValueError("a vault key has 32 bytes")
        self._ciphers = {_name_of(each): AESGCM(each) for each in (*former_keys, key)}
        self._current = _name_of(key)
        self._entropy = entropy
        self._blind_key = HKDF(SHA256(), KEY_BYTES, None, b"qinghuan blind index").derive(key)

    def seal(self, value: str, place: str) -> bytes:
        """Seal a value for a place such as `people_person.phone/<id>`."""
        nonce = self._entropy(NONCE_BYTES)
        head = VERSION + self._current
        cipher = self._ciphers[self._current]
        return head + nonce + cipher.encrypt(nonce, value.encode(), head + place.encode())

    def unseal(self, sealed: bytes, place: str) -> str:
        """Open a value sealed for the same place.

        Raises:
            SealBroken: Another key, another place, or changed bytes.
        """
        head, rest = sealed[: 1 + KEY_NAME_BYTES], sealed[1 + KEY_NAME_BYTES :]
        cipher = self._ciphers.get(head[1:]) if head[:1] == VERSION else None
        if cipher is None or len(rest) <= NONCE_BYTES:
            raise SealBroken
        try:
            opened = cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + place.encode())
        except InvalidTag as error:
            raise SealBroken from error
        return opened.decode()

    def blind(self, value: str) -> bytes:
        """A keyed fingerprint of a value, to count by it without keeping it.

        It changes with the key, so it suits counters that are forgotten anyway.
        """
        return hmac.digest(self._blind_key, value.encode(), "sha256")


def _name_of(key: bytes) -> bytes:
    """Fingerprint that tells keys apart and says nothing of them."""
    return hashlib.sha256(b"qinghuan vault key" + key).digest()[:KEY_NAME_BYTES]
