"""Identity of things: UUIDv7, so that ids sort by the time they were made."""

import os
import time
from uuid import UUID


def uuid7(unix_ms: int, entropy: bytes) -> UUID:
    """Build a UUIDv7 from a time and ten random bytes.

    Args:
        unix_ms: Milliseconds since 1970 UTC. [ms], 0 to 2^48 - 1
        entropy: Ten bytes of randomness.

    Source:
        RFC 9562, section 5.7.
    """
    value = int.from_bytes(unix_ms.to_bytes(6, "big") + entropy[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def new_id() -> UUID:
    """Make a fresh UUIDv7 from the machine's clock and randomness."""
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))
