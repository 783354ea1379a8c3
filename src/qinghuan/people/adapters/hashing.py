"""Passwords as argon2id hashes."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

TIME_COST = 3
MEMORY_KIB = 65_536
PARALLELISM = 4
"""The second recommended set: 64 MiB a hash, about 85 ms on the machine it was tried on.

Source:
    RFC 9106, clause 4.
"""

AT_ONCE = 4
"""Hashes computed side by side: a flood of sign-ins waits instead of taking the memory."""


class Passwords:
    """Hashes and checks passwords; an unknown person costs the same time as a known one."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, time_cost: int = TIME_COST) -> None:
        """Take the cost; anything under the default is for tests.

        Args:
            memory_kib: Memory of one hash. [KiB]
            time_cost: Passes over it.
        """
        self._hasher = PasswordHasher(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=PARALLELISM, type=Type.ID
        )
        self._turns = BoundedSemaphore(AT_ONCE)
        self._nobodys = self._hasher.hash("nobody has this password")

    def hashed(self, password: str) -> str:
        """The hash to keep, its salt and cost inside."""
        with self._turns:
            return self._hasher.hash(password)

    def is_right(self, password: str, kept: str | None) -> bool:
        """Whether a password fits a kept hash; without one it takes as long and is wrong."""
        with self._turns:
            try:
                self._hasher.verify(kept or self._nobodys, password)
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made at another cost and should be made again."""
        return self._hasher.check_needs_rehash(kept)
