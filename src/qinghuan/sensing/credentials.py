"""Passwords of stations, as they are kept and checked.

The password of HJ 212 is six characters that travel in clear text in every frame, and frames
are kept as evidence; a slow hash would cost the gateway dearly and hide nothing. What is kept
is salted, so that equal passwords do not look equal, and compared in constant time.
"""

from hashlib import blake2b
from hmac import compare_digest

SALT_BYTES = 16


def hash_password(password: str, salt: bytes) -> bytes:
    """What is kept of a password.

    Args:
        password: As the station sends it.
        salt: `SALT_BYTES` of randomness, kept beside it.
    """
    return blake2b(password.encode(), salt=salt, digest_size=32).digest()


def is_password(password: str, salt: bytes, kept: bytes) -> bool:
    """Whether a password is the one kept."""
    return compare_digest(hash_password(password, salt), kept)
