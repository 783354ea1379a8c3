from statistics import median
from time import perf_counter

from qinghuan.people.adapters.hashing import Passwords

QUICK = Passwords(memory_kib=64, time_cost=1)


def test_a_password_fits_its_own_hash_only() -> None:
    kept = QUICK.hashed("Tidal-Marsh-42")

    assert kept.startswith("$argon2id$")
    assert QUICK.is_right("Tidal-Marsh-42", kept)
    assert not QUICK.is_right("Tidal-Marsh-43", kept)
    assert not QUICK.is_right("Tidal-Marsh-42", "no hash")


def test_nobodys_password_is_never_right() -> None:
    assert not QUICK.is_right("nobody has this password", None)


def test_a_hash_of_another_cost_is_outdated() -> None:
    assert Passwords().is_outdated(QUICK.hashed("Tidal-Marsh-42"))
    assert not QUICK.is_outdated(QUICK.hashed("Tidal-Marsh-42"))


def test_an_unknown_person_takes_as_long_as_a_known_one() -> None:
    passwords = Passwords(memory_kib=16_384, time_cost=2)
    kept = passwords.hashed("Tidal-Marsh-42")
    took: dict[str | None, list[float]] = {kept: [], None: []}
    for _ in range(9):
        for case, seconds in took.items():
            begun = perf_counter()
            passwords.is_right("wrong", case)
            seconds.append(perf_counter() - begun)

    ratio = median(took[None]) / median(took[kept])
    assert 0.5 < ratio < 2
