"""Time-based one-time passwords, each good once."""

import base64
from datetime import datetime

import pyotp

STEP_S = 30
DIGITS = 6

DRIFT_STEPS = 1
"""A phone's clock may be one step off either way."""

SECRET_BYTES = 20
"""The length of the HMAC's own output (RFC 4226, clause 4, R6)."""


def secret_from(entropy: bytes) -> str:
    """A new secret in base32, from twenty random bytes."""
    return base64.b32encode(entropy[:SECRET_BYTES]).decode()


def code_at(secret: str, at: datetime) -> str:
    """The code an authenticator shows at a moment."""
    return _totp(secret).at(at)


def step_of(secret: str, code: str, at: datetime, last_step: int) -> int | None:
    """The time step a code belongs to, if it is right and newer than the last one used.

    Args:
        secret: The shared secret, in base32.
        code: What the person typed.
        at: Now.
        last_step: Step of the last code taken; 0 before the first.

    Returns:
        The step to remember, or nothing for a wrong, old or replayed code.

    Source:
        RFC 6238, clause 5.2 (one acceptance per step, a small window); HMAC-SHA-1,
        30 seconds, six digits, as every authenticator speaks.
    """
    code = code.replace(" ", "")
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp = _totp(secret)
    present = totp.timecode(at)
    steps = range(max(present - DRIFT_STEPS, last_step + 1, 0), present + DRIFT_STEPS + 1)
    right = [step for step in steps if pyotp.utils.strings_equal(code, totp.generate_otp(step))]
    return right[0] if right else None


def provisioning_uri(secret: str, login_name: str, issuer: str) -> str:
    """The `otpauth://` address to draw as a QR code."""
    return _totp(secret).provisioning_uri(name=login_name, issuer_name=issuer)


def _totp(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
