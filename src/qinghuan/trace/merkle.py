"""The Merkle tree of RFC 6962: hashes, proofs, and how to check them.

A tree over n leaves splits at the largest power of two below n, so every perfect subtree
[i·2^k, (i+1)·2^k) keeps its hash for ever and proofs are made of such subtrees only.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from qinghuan.trace.errors import ProofWrong

HASH_BYTES = 32

EMPTY_ROOT = sha256(b"").digest()
"""Root of a tree without leaves (RFC 6962, section 2.1)."""

ReadNode = Callable[[int, int], bytes]
"""Gives the hash of the perfect subtree (level, index), covering index·2^level onwards."""


def hash_leaf(data: bytes) -> bytes:
    """Hash of a leaf; the 0x00 keeps leaves and nodes apart."""
    return sha256(b"\x00" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def perfect_pieces(start: int, end: int) -> list[tuple[int, int]]:
    """Split the leaves [start, end) into perfect subtrees, left to right.

    Args:
        start: First leaf, a multiple of the largest power of two not above the width.
        end: One past the last leaf.

    Returns:
        Pairs (level, index); the widths fall from left to right.
    """
    pieces = []
    while start < end:
        level = (end - start).bit_length() - 1
        pieces.append((level, start >> level))
        start += 1 << level
    return pieces


def fold_pieces(hashes: Sequence[bytes]) -> bytes:
    """Root over perfect subtrees of falling width."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = hash_node(left, root)
    return root


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Leaf ranges whose hashes prove a leaf, its sibling first.

    Source:
        RFC 6962, section 2.1.1, turned from recursion into a walk from root to leaf.

    Raises:
        ProofWrong: The index is not below the size.
    """
    if not 0 <= index < size:
        raise ProofWrong(f"index {index} is not in a tree of {size}")
    ranges = []
    start, end = 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((start, split))
            start = split
    return ranges[::-1]


def consistency_ranges(old_size: int, new_size: int) -> list[tuple[int, int]]:
    """Leaf ranges whose hashes prove that the old tree begins the new one.

    Source:
        RFC 6962, section 2.1.2.

    Raises:
        ProofWrong: Not 0 < old_size ≤ new_size.
    """
    if not 0 < old_size <= new_size:
        raise ProofWrong(f"no consistency from size {old_size} to {new_size}")
    ranges = []
    start, end = 0, new_size
    while end > old_size:
        split = start + _split(end - start)
        if old_size <= split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((start, split))
            start = split
    if start > 0:
        ranges.append((start, end))
    return ranges[::-1]


def hashes_of(ranges: Sequence[tuple[int, int]], read: ReadNode) -> tuple[bytes, ...]:
    """Hash of each range, from the perfect subtrees it is made of."""
    return tuple(
        fold_pieces([read(level, index) for level, index in perfect_pieces(start, end)])
        for start, end in ranges
    )


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root over leaf hashes held in memory."""
    peaks = CompactRange()
    for leaf_hash in leaf_hashes:
        peaks.append(leaf_hash)
    return peaks.root()


def check_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf stands at an index of the tree with this root.

    Raises:
        ProofWrong: It does not, or an input is not what a proof is made of.

    Source:
        RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise ProofWrong(f"index {index} is not in a tree of {size}")
    _check_lengths([leaf_hash, root, *proof])
    here, last, found = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise ProofWrong("too many hashes")
        if here & 1 or here == last:
            found = hash_node(sibling, found)
            here, last = _climb_left(here, last)
        else:
            found = hash_node(found, sibling)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise ProofWrong("too few hashes")
    if found != root:
        raise ProofWrong("the hashes lead to another root")


def check_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that the tree of the old root is the beginning of the new one's.

    An old size of 0 is an error: an empty tree proves nothing about what follows.

    Raises:
        ProofWrong: It is not, or an input is not what a proof is made of.

    Source:
        RFC 9162, section 2.1.4.2; the rule for size 0 as transparency-dev/merkle has it.
    """
    if not 0 < old_size <= new_size:
        raise ProofWrong(f"no consistency from size {old_size} to {new_size}")
    if old_size == new_size:
        if proof or old_root != new_root:
            raise ProofWrong("equal sizes need equal roots and no hashes")
        return
    _check_lengths([old_root, new_root, *proof])
    if not proof:
        raise ProofWrong("too few hashes")
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    old_found, new_found = _climb_both(old_size, new_size, steps)
    if old_found != old_root:
        raise ProofWrong("the hashes lead to another old root")
    if new_found != new_root:
        raise ProofWrong("the hashes lead to another new root")


class CompactRange:
    """The right edge of a growing tree: enough to append leaves and to know the root."""

    __slots__ = ("peaks", "size")

    def __init__(self) -> None:
        """Start with an empty tree."""
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, leaf_hash: bytes) -> list[bytes]:
        """Add a leaf; return the hashes of the perfect subtrees it completes, lowest first."""
        made = [leaf_hash]
        width = self.size
        while width & 1:
            made.append(hash_node(self.peaks.pop(), made[-1]))
            width >>= 1
        self.peaks.append(made[-1])
        self.size += 1
        return made

    def root(self) -> bytes:
        """Root over all leaves so far."""
        return fold_pieces(self.peaks)


def _split(width: int) -> int:
    """Largest power of two below a width of at least two."""
    return 1 << ((width - 1).bit_length() - 1)


def _climb_left(here: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the rightmost node has no sibling."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _climb_both(old_size: int, new_size: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Rebuild both roots from the steps of a consistency proof."""
    here, last = old_size - 1, new_size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old_found = new_found = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofWrong("too many hashes")
        if here & 1 or here == last:
            old_found = hash_node(step, old_found)
            new_found = hash_node(step, new_found)
            here, last = _climb_left(here, last)
        else:
            new_found = hash_node(new_found, step)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise ProofWrong("too few hashes")
    return old_found, new_found


def _check_lengths(hashes: Sequence[bytes]) -> None:
    """Refuse anything that is no SHA-256 hash."""
    if any(len(item) != HASH_BYTES for item in hashes):
        raise ProofWrong(f"a hash is not {HASH_BYTES} bytes")
