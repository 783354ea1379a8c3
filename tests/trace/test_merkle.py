import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factories.reference_tree import mth, path, subproof
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.trace.errors import ProofWrong
from qinghuan.trace.merkle import (
    EMPTY_ROOT,
    CompactRange,
    ReadNode,
    check_consistency,
    check_inclusion,
    consistency_ranges,
    fold_pieces,
    hash_leaf,
    hash_node,
    hashes_of,
    inclusion_ranges,
    perfect_pieces,
    root_of,
)

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "golden" / "trace" / "rfc6962.json").read_text("utf-8")
)
LEAVES = [bytes.fromhex(text) for text in GOLDEN["leaves"]]
ROOTS = [bytes.fromhex(text) for text in GOLDEN["roots"]]

leaf_lists = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def prove_inclusion(index: int, leaves: list[bytes]) -> tuple[bytes, ...]:
    return hashes_of(inclusion_ranges(index, len(leaves)), read_from(leaves))


def prove_consistency(old: int, leaves: list[bytes]) -> tuple[bytes, ...]:
    return hashes_of(consistency_ranges(old, len(leaves)), read_from(leaves))


def read_from(leaves: list[bytes]) -> ReadNode:
    return lambda level, index: mth(leaves[index << level : (index + 1) << level])


def refused(check: Callable[..., None], *args: object) -> bool:
    try:
        check(*args)
    except ProofWrong:
        return True
    return False


@pytest.mark.parametrize("size", range(9))
def test_published_roots_come_out(size: int) -> None:
    assert root_of([hash_leaf(leaf) for leaf in LEAVES[:size]]) == ROOTS[size]
    assert mth(LEAVES[:size]) == ROOTS[size]


def test_published_leaf_and_node_hashes_come_out() -> None:
    assert hash_leaf(b"L123456").hex() == GOLDEN["leaf_of_L123456"]
    assert hash_node(b"N123", b"N456").hex() == GOLDEN["node_of_N123_N456"]
    hello = base64.b64encode(hash_leaf(b"hello world")).decode()
    assert hello == GOLDEN["leaf_of_hello_world_base64"]


@pytest.mark.parametrize("case", GOLDEN["inclusion"])
def test_published_inclusion_proofs_come_out_and_verify(case: dict[str, Any]) -> None:
    index, size = case["index"], case["size"]
    hashes = [bytes.fromhex(text) for text in case["hashes"]]

    assert list(prove_inclusion(index, LEAVES[:size])) == hashes
    check_inclusion(index, size, hash_leaf(LEAVES[index]), hashes, ROOTS[size])


@pytest.mark.parametrize("case", GOLDEN["consistency"])
def test_published_consistency_proofs_come_out_and_verify(case: dict[str, Any]) -> None:
    old, new = case["old"], case["new"]
    hashes = [bytes.fromhex(text) for text in case["hashes"]]

    assert list(prove_consistency(old, LEAVES[:new])) == hashes
    check_consistency(old, new, hashes, ROOTS[old], ROOTS[new])


def test_a_consistency_proof_from_the_empty_tree_is_an_error() -> None:
    for new in (0, 1, 8):
        with pytest.raises(ProofWrong):
            check_consistency(0, new, [], EMPTY_ROOT, ROOTS[new])
        with pytest.raises(ProofWrong):
            consistency_ranges(0, new)


def test_equal_sizes_need_equal_roots_and_no_hashes() -> None:
    check_consistency(1, 1, [], b"dummy 1", b"dummy 1")

    assert refused(check_consistency, 1, 1, [], ROOTS[1], ROOTS[2])
    assert refused(check_consistency, 1, 1, [ROOTS[2]], ROOTS[1], ROOTS[1])


def test_hashes_of_another_length_are_refused() -> None:
    leaf = hash_leaf(LEAVES[0])
    for short in (leaf[:-1], leaf + b"\0", b""):
        assert refused(check_inclusion, 0, 1, short, [], short)
        assert refused(check_inclusion, 0, 2, leaf, [short], ROOTS[2])
        assert refused(check_consistency, 1, 2, [short], ROOTS[1], ROOTS[2])


def test_an_index_outside_the_tree_is_refused() -> None:
    leaf = hash_leaf(LEAVES[0])

    assert refused(check_inclusion, 1, 1, leaf, [], leaf)
    assert refused(check_inclusion, -1, 1, leaf, [], leaf)
    assert refused(check_inclusion, 0, 0, leaf, [], EMPTY_ROOT)
    with pytest.raises(ProofWrong):
        inclusion_ranges(3, 3)


def inclusion_probes(index: int, size: int) -> list[tuple[Any, ...]]:
    """The families of wrong probes that transparency-dev/merkle generates."""
    leaf, root = hash_leaf(LEAVES[index]), ROOTS[size]
    proof = list(prove_inclusion(index, LEAVES[:size]))
    other = bytes(32)
    probes: list[tuple[Any, ...]] = [
        (index - 1, size, leaf, proof, root),
        (index + 1, size, leaf, proof, root),
        (index ^ 2, size, leaf, proof, root),
        (index, size // 2, leaf, proof, root),
        (index, size, b"WrongLeaf" + bytes(23), proof, root),
        (index, size, leaf, proof, EMPTY_ROOT),
        (index, size, leaf, proof, other),
        (index, size, b"", proof, root),
        (index, size, leaf, [*proof, b""], root),
        (index, size, leaf, [*proof, other], root),
        (index, size, leaf, [*proof, root], root),
        (index, size, leaf, [b"", *proof], root),
        (index, size, leaf, [root, *proof], root),
        (index, size, leaf, [leaf, *proof], root),
    ]
    if proof:
        probes += [(index, size, leaf, proof[:-1], root), (index, size, leaf, [], root)]
    for at, item in enumerate(proof):
        bent = bytes([item[0] ^ 16]) + item[1:]
        probes.append((index, size, leaf, [*proof[:at], bent, *proof[at + 1 :]], root))
    return probes


def test_every_wrong_inclusion_probe_is_refused() -> None:
    tried = 0
    for size in range(1, 9):
        for index in range(size):
            for probe in inclusion_probes(index, size):
                assert refused(check_inclusion, *probe), (index, size, probe)
                tried += 1

    assert tried > 500


def consistency_probes(old: int, new: int) -> list[tuple[Any, ...]]:
    """The same for consistency."""
    root1, root2 = ROOTS[old], ROOTS[new]
    proof = list(prove_consistency(old, LEAVES[:new]))
    probes: list[tuple[Any, ...]] = [
        (old - 1, new, proof, root1, root2),
        (old + 1, new, proof, root1, root2),
        (old ^ 2, new, proof, root1, root2),
        (old, new // 2, proof, root1, root2),
        (old, new, proof, bytes(32), root2),
        (old, new, proof, root1, bytes(32)),
        (old, new, proof, root2, root1),
        (old, new, [], root1, root2),
        (old, new, [*proof, b""], root1, root2),
        (old, new, [*proof, root1], root1, root2),
        (old, new, [*proof, root2], root1, root2),
        (old, new, [b"", *proof], root1, root2),
        (old, new, [root1, *proof], root1, root2),
        (old, new, [root2, *proof], root1, root2),
        (old, new, [proof[0], *proof], root1, root2),
        (old, new, proof[:-1], root1, root2),
    ]
    for at, item in enumerate(proof):
        bent = bytes([item[0] ^ 16]) + item[1:]
        probes.append((old, new, [*proof[:at], bent, *proof[at + 1 :]], root1, root2))
    return probes


def test_every_wrong_consistency_probe_is_refused() -> None:
    tried = 0
    for new in range(2, 9):
        for old in range(1, new):
            for probe in consistency_probes(old, new):
                assert refused(check_consistency, *probe), (old, new, probe)
                tried += 1

    assert tried > 400


@given(leaves=leaf_lists, data=st.data())
def test_every_leaf_can_be_proved_as_the_recursive_definition_does(
    leaves: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = prove_inclusion(index, leaves)

    assert list(proof) == path(index, leaves)
    check_inclusion(index, len(leaves), hash_leaf(leaves[index]), proof, mth(leaves))


@given(leaves=leaf_lists, data=st.data())
def test_every_growth_can_be_proved_as_the_recursive_definition_does(
    leaves: list[bytes], data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, len(leaves)))
    proof = prove_consistency(old, leaves)

    assert list(proof) == subproof(old, leaves)
    check_consistency(old, len(leaves), proof, mth(leaves[:old]), mth(leaves))


@given(leaves=leaf_lists)
def test_a_compact_range_knows_the_root_at_every_size(leaves: list[bytes]) -> None:
    growing = CompactRange()
    for size, leaf in enumerate(leaves, start=1):
        growing.append(hash_leaf(leaf))
        assert growing.root() == mth(leaves[:size])


@given(size=st.integers(0, 2**40))
def test_perfect_pieces_cover_a_tree_without_gap(size: int) -> None:
    end = 0
    for level, index in perfect_pieces(0, size):
        assert index << level == end
        end += 1 << level
    assert end == size


def test_an_empty_range_folds_to_the_empty_root() -> None:
    assert fold_pieces([]) == EMPTY_ROOT
