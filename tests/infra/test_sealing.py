"""Sealed contents open whole and unchanged, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.infra.sealing import (
    PIECE_BYTES,
    SealBroken,
    new_content_key,
    seal,
    unseal,
    unwrap,
    wrap,
)

KEY = bytes(range(32))


def opened(sealed: bytes, key: bytes = KEY) -> bytes:
    return b"".join(unseal([sealed], key))


@given(chunks=st.lists(st.binary(max_size=50), max_size=20))
def test_what_was_sealed_opens_the_same(chunks: list[bytes]) -> None:
    assert opened(b"".join(seal(chunks, KEY))) == b"".join(chunks)


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1])
def test_sizes_around_a_piece_open_the_same(size: int) -> None:
    content = b"\x5a" * size

    assert opened(b"".join(seal([content], KEY))) == content


@given(content=st.binary(min_size=1, max_size=100), data=st.data())
def test_any_changed_byte_breaks_the_seal(content: bytes, data: st.DataObject) -> None:
    sealed = bytearray(b"".join(seal([content], KEY)))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))

    with pytest.raises(SealBroken):
        opened(bytes(sealed))


@pytest.mark.parametrize("cut", [0, 3, 4, 10, PIECE_BYTES + 20, PIECE_BYTES + 21])
def test_a_content_cut_short_breaks_the_seal_also_between_pieces(cut: int) -> None:
    sealed = b"".join(seal([b"x" * (PIECE_BYTES + 100)], KEY))

    with pytest.raises(SealBroken):
        opened(sealed[:cut])


def test_swapped_pieces_break_the_seal() -> None:
    magic, first, second, last = seal([b"x" * (2 * PIECE_BYTES + 1)], KEY)

    with pytest.raises(SealBroken):
        opened(magic + second + first + last)


def test_another_key_does_not_open() -> None:
    with pytest.raises(SealBroken):
        opened(b"".join(seal([b"secret"], KEY)), new_content_key())


def test_a_wrapped_key_comes_back_under_the_same_master_only() -> None:
    wrapped = wrap(KEY, b"m" * 32)

    assert unwrap(wrapped, b"m" * 32) == KEY
    assert KEY not in wrapped
    with pytest.raises(SealBroken):
        unwrap(wrapped, b"n" * 32)


@pytest.mark.parametrize("wrapped", [b"", b"short", b"\x00" * 60])
def test_what_was_never_wrapped_does_not_unwrap(wrapped: bytes) -> None:
    with pytest.raises(SealBroken):
        unwrap(wrapped, b"m" * 32)
