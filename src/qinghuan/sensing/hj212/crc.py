"""The check of HJ 212, Annex A.

Each step is `crc = T[(crc >> 8) ^ byte]`, so only eight bits of state survive a byte, and
those eight bits return to themselves after eight bytes. The check is therefore the exclusive
or of the data's eight-byte columns, seen through one table: it can be folded in a few wide
steps instead of one step a byte, and damage that strikes twice, eight bytes apart, escapes it.
"""


def _step(byte: int) -> int:
    """Shift one byte through the polynomial A001, eight times."""
    for _ in range(8):
        byte = (byte >> 1) ^ 0xA001 if byte & 1 else byte >> 1
    return byte


_TABLE = tuple(_step(byte) for byte in range(256))

_STATES = tuple(value >> 8 for value in _TABLE)
"""The eight bits that survive."""

_FOLDS = tuple((64 << power, (1 << (64 << power)) - 1) for power in range(11, -1, -1))
"""Shifts from 131 072 bits down to one word of 64, each with the mask of what stays."""

FOLDABLE_BYTES = 2 * _FOLDS[0][0] // 8
"""What the folds reach; longer data than any frame may have."""


def crc(data: bytes) -> int:
    """Check value of a data segment, 0 to 65 535.

    Args:
        data: From the first byte after the length to the closing `&&`, at most
            `FOLDABLE_BYTES` long.

    Source:
        HJ 212-2017, Annex A.
    """
    size = len(data)
    if not size:
        return 0xFFFF
    folded, bits = int.from_bytes(data, "big"), 8 * size
    for shift, mask in _FOLDS:
        if bits > shift:
            folded = folded >> shift ^ folded & mask
            bits = shift
    folded ^= 0xFF << 8 * ((size - 1) % 8)
    *firsts, last = folded.to_bytes(8, "big")
    state = 0
    for byte in firsts:
        state = _STATES[state ^ byte]
    return _TABLE[state ^ last]


def crc_text(data: bytes) -> bytes:
    """Check value as a frame carries it: four hexadecimal digits, high byte first."""
    return b"%04X" % crc(data)
