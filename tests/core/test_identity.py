from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from qinghuan.core.identity import new_id, uuid7


def test_the_example_of_the_standard_is_reproduced() -> None:
    """RFC 9562, appendix A.6."""
    entropy = bytes.fromhex("0cc318c4dc0c0c07398f")

    assert uuid7(0x017F22E279B0, entropy) == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


@given(ms=st.integers(0, 2**48 - 1), entropy=st.binary(min_size=10, max_size=10))
def test_an_id_says_its_version_and_sorts_by_time(ms: int, entropy: bytes) -> None:
    made = uuid7(ms, entropy)

    assert made.version == 7
    assert made.int >> 80 == ms


def test_fresh_ids_differ() -> None:
    assert new_id() != new_id()
