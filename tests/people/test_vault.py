import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.people.errors import SealBroken
from qinghuan.people.vault import Vault

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
PLACE = "people_person.phone/1"


@given(value=st.text(max_size=80), place=st.text(max_size=30))
def test_what_is_sealed_opens_in_its_place(value: str, place: str) -> None:
    vault = Vault(OLD)

    assert vault.unseal(vault.seal(value, place), place) == value


@given(place=st.integers(0, 200), bit=st.integers(0, 7))
def test_any_changed_bit_breaks_the_seal(place: int, bit: int) -> None:
    sealed = bytearray(Vault(OLD).seal("13800000007", PLACE))
    sealed[place % len(sealed)] ^= 1 << bit

    with pytest.raises(SealBroken):
        Vault(OLD).unseal(bytes(sealed), PLACE)


def test_a_value_carried_to_another_row_does_not_open() -> None:
    vault = Vault(OLD)

    with pytest.raises(SealBroken):
        vault.unseal(vault.seal("13800000007", PLACE), "people_person.phone/2")


def test_after_a_change_of_key_the_old_still_opens_and_the_new_seals() -> None:
    sealed = Vault(OLD).seal("13800000007", PLACE)
    changed = Vault(NEW, OLD)

    assert changed.unseal(sealed, PLACE) == "13800000007"
    with pytest.raises(SealBroken):
        Vault(OLD).unseal(changed.seal("13800000007", PLACE), PLACE)


def test_the_number_is_not_in_the_sealed_bytes_and_two_seals_differ() -> None:
    vault = Vault(OLD)
    first, second = (vault.seal("13800000007", PLACE) for _ in range(2))

    assert b"13800000007" not in first
    assert first != second


@pytest.mark.parametrize("cut", [b"", b"\x01", b"\x01abcd", b"\x02" + bytes(40)])
def test_what_was_never_sealed_does_not_open(cut: bytes) -> None:
    with pytest.raises(SealBroken):
        Vault(OLD).unseal(cut, PLACE)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short")


def test_a_blind_fingerprint_depends_on_value_and_key() -> None:
    assert Vault(OLD).blind("lin.jie") == Vault(OLD).blind("lin.jie")
    assert Vault(OLD).blind("lin.jie") != Vault(OLD).blind("lin.jia")
    assert Vault(OLD).blind("lin.jie") != Vault(NEW).blind("lin.jie")
