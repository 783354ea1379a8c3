"""Forms are bound to the session they were drawn for, so that no other site can send them."""

import hashlib
import hmac
import secrets

FIELD = "csrf"
HEADER = "x-csrf"
VISIT_COOKIE = "qh_visit"
"""Names a browser before it has signed in; holds nothing but randomness."""


def new_visit() -> str:
    """A fresh name for a browser."""
    return secrets.token_urlsafe(18)


def token_for(secret: bytes, binding: str) -> str:
    """The token of one session or visit.

    Args:
        secret: The server's own.
        binding: The session's cookie, or the visit's; never shown in the token.
    """
    return hmac.new(secret, b"form:" + binding.encode(), hashlib.sha256).hexdigest()


def is_right(secret: bytes, binding: str, shown: str | None) -> bool:
    """Whether a shown token belongs to the session or visit, compared in constant time."""
    return bool(binding and shown) and hmac.compare_digest(
        token_for(secret, binding).encode(), (shown or "").encode()
    )
