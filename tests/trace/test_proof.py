from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinghuan.core.errors import Invalid
from qinghuan.trace.checkpoint import sign_checkpoint
from qinghuan.trace.errors import ProofMalformed, ProofWrong, SignatureMissing, TraceError
from qinghuan.trace.merkle import (
    consistency_ranges,
    hash_leaf,
    hashes_of,
    inclusion_ranges,
    root_of,
)
from qinghuan.trace.note import Ed25519Signer
from qinghuan.trace.proof import (
    MAX_PROOF_BYTES,
    Proof,
    check_growth,
    check_proof,
    read_proof,
    write_consistency,
    write_proof,
)
from qinghuan.trace.tiles import Frontier, TileNodes, extend

LOG = Ed25519Signer("log.example/one", bytes(range(32)))
ENTRIES = [f'{{"n":{number}}}'.encode() for number in range(300)]
HASHES = [hash_leaf(entry) for entry in ENTRIES]


@cache
def nodes() -> TileNodes:
    return TileNodes(extend(Frontier(), HASHES)[1])


def proof_file(index: int, size: int, *, with_entry: bool = True) -> bytes:
    return write_proof(
        Proof(
            index=index,
            hashes=hashes_of(inclusion_ranges(index, size), nodes().read),
            checkpoint_note=sign_checkpoint(size, root_of(HASHES[:size]), LOG).note,
            entry=ENTRIES[index] if with_entry else None,
        )
    )


def growth(old: int, new: int) -> tuple[str, str, str]:
    notes = [sign_checkpoint(size, root_of(HASHES[:size]), LOG).note for size in (old, new)]
    proof = write_consistency(hashes_of(consistency_ranges(old, new), nodes().read))
    return notes[0], notes[1], proof


@given(size=st.integers(1, 300), data=st.data())
def test_a_proof_file_alone_proves_its_entry(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proven = check_proof(proof_file(index, size), [LOG.verifier])

    assert (proven.entry, proven.index, proven.checkpoint.size) == (ENTRIES[index], index, size)


def test_the_file_is_laid_out_as_c2sp_says() -> None:
    lines = proof_file(0, 2).decode().split("\n")

    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra eyJuIjowfQ==", "index 0"]
    assert lines[4] == ""
    assert lines[5:7] == ["log.example/one", "2"]


def test_a_proof_without_its_entry_needs_the_entry() -> None:
    data = proof_file(3, 9, with_entry=False)

    with pytest.raises(ProofMalformed):
        check_proof(data, [LOG.verifier])
    assert check_proof(data, [LOG.verifier], entry=ENTRIES[3]).index == 3
    with pytest.raises(ProofWrong):
        check_proof(data, [LOG.verifier], entry=ENTRIES[4])


def test_a_proof_by_another_key_proves_nothing() -> None:
    other = Ed25519Signer("log.example/one", bytes(32))

    with pytest.raises(SignatureMissing):
        check_proof(proof_file(0, 2), [other.verifier])


@settings(max_examples=400)
@given(data=st.data())
def test_no_bent_byte_survives(data: st.DataObject) -> None:
    good = proof_file(37, 131)
    at = data.draw(st.integers(0, len(good) - 1))
    bent = good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at + 1 :]
    if bent == good:
        return
    with pytest.raises(TraceError) as caught:
        check_proof(bent, [LOG.verifier])
    assert isinstance(caught.value, Invalid)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_our_words(data: bytes) -> None:
    for front in (b"", b"c2sp.org/tlog-proof@v1\n", b"c2sp.org/tlog-proof@v1\nindex 0\n"):
        with pytest.raises(TraceError):
            check_proof(front + data, [LOG.verifier])


@pytest.mark.parametrize(
    "data",
    [
        b"", b"c2sp.org/tlog-proof@v2\nindex 0\n\nx\n", b"c2sp.org/tlog-proof@v1\n\nx\n",
        b"c2sp.org/tlog-proof@v1\nindex 00\n\nx\n", b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nx\n", b"\xff",
        b"x" * (MAX_PROOF_BYTES + 1),
        b"c2sp.org/tlog-proof@v1\nextra A\nindex 0\n\nx\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"A" * 43 + b"=\n" * 64 + b"\n\nx\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + (b"A" * 43 + b"=\n") * 64 + b"\nx\n",
        b"c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nx\r\n",
    ],
)  # fmt: skip
def test_what_is_no_proof_file_is_refused(data: bytes) -> None:
    with pytest.raises(ProofMalformed):
        read_proof(data)


@given(new=st.integers(1, 300), data=st.data())
def test_growth_verifies_and_rewriting_does_not(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    notes = growth(old, new)
    check_growth(*notes, [LOG.verifier])

    forked = sign_checkpoint(old, root_of([hash_leaf(b"other"), *HASHES[1:old]]), LOG).note
    with pytest.raises(ProofWrong):
        check_growth(forked, notes[1], notes[2], [LOG.verifier])


def test_checkpoints_of_two_logs_are_not_compared() -> None:
    other = Ed25519Signer("log.example/two", bytes(32))
    notes = [sign_checkpoint(2, root_of(HASHES[:2]), log).note for log in (LOG, other)]

    with pytest.raises(ProofMalformed):
        check_growth(notes[0], notes[1], "", [LOG.verifier, other.verifier])
