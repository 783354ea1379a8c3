from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.people.totp import code_at, provisioning_uri, secret_from, step_of

SECRET = b32encode(b"12345678901234567890").decode()
moments = st.integers(2**30, 2**32).map(lambda unix_s: datetime.fromtimestamp(unix_s, UTC))


@pytest.mark.parametrize(
    ("unix_s", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_vectors_of_the_standard_are_reproduced(unix_s: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1; the last six of its eight digits."""
    at = datetime.fromtimestamp(unix_s, UTC)

    assert code_at(SECRET, at) == code
    assert step_of(SECRET, code, at, last_step=0) == unix_s // 30


@given(at=moments)
def test_a_code_is_good_once(at: datetime) -> None:
    code = code_at(SECRET, at)
    step = step_of(SECRET, code, at, last_step=0)

    assert step is not None
    assert step_of(SECRET, code, at, last_step=step) in {None, step + 1}
    assert step_of(SECRET, code, at, last_step=step + 1) is None


@given(at=moments, drift_s=st.integers(-30, 30))
def test_a_clock_half_a_minute_off_still_works(at: datetime, drift_s: int) -> None:
    shown = code_at(SECRET, at + timedelta(seconds=drift_s))

    assert step_of(SECRET, shown, at, last_step=0) is not None


@given(code=st.text(max_size=8), at=moments)
def test_what_is_no_code_is_wrong_and_breaks_nothing(code: str, at: datetime) -> None:
    digits = code.replace(" ", "")
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        assert step_of(SECRET, code, at, last_step=0) is None


def test_an_old_code_is_wrong() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)

    assert step_of(SECRET, code_at(SECRET, at - timedelta(seconds=61)), at, 0) is None


def test_a_secret_has_160_bits_and_goes_into_a_qr_code() -> None:
    secret = secret_from(bytes(range(20)))

    assert len(secret) == 32
    assert provisioning_uri(secret, "lin.jie", "青环").startswith("otpauth://totp/")
