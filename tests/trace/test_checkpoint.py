import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.trace.checkpoint import open_checkpoint, read_decimal, sign_checkpoint
from qinghuan.trace.errors import NoteMalformed, SignatureMissing
from qinghuan.trace.merkle import EMPTY_ROOT
from qinghuan.trace.note import Ed25519Signer, sign_note

OURS = Ed25519Signer("log.example/one", bytes(range(32)))
OTHER = Ed25519Signer("log.example/two", bytes(32))
ROOT_TEXT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_a_checkpoint_says_origin_size_and_root() -> None:
    checkpoint = sign_checkpoint(0, EMPTY_ROOT, OURS)

    assert checkpoint.note.startswith(f"log.example/one\n0\n{ROOT_TEXT}\n\n— log.example/one ")
    assert open_checkpoint(checkpoint.note, [OURS.verifier]) == checkpoint


@given(size=st.integers(0, 2**63 - 1), root=st.binary(min_size=32, max_size=32))
def test_what_is_signed_opens(size: int, root: bytes) -> None:
    opened = open_checkpoint(sign_checkpoint(size, root, OURS).note, [OURS.verifier])

    assert (opened.size, opened.root) == (size, root)


def test_extension_lines_are_passed_over() -> None:
    note = sign_note(f"log.example/one\n7\n{ROOT_TEXT}\nextension\n", OURS)

    assert open_checkpoint(note, [OURS.verifier]).size == 7


@pytest.mark.parametrize(
    "text",
    [
        "log.example/one\n7\n",
        f"log.example/one\n07\n{ROOT_TEXT}\n",
        f"log.example/one\n-1\n{ROOT_TEXT}\n",
        f"log.example/one\n{2**63}\n{ROOT_TEXT}\n",
        f"log.example/one\n٧\n{ROOT_TEXT}\n",
        f"\n7\n{ROOT_TEXT}\n",
        "log.example/one\n7\nAAAA\n",
        "log.example/one\n7\n!!!!\n",
        f"log.example/one\n7\n{ROOT_TEXT}\n\nextension\n",
        f"log.example/two\n7\n{ROOT_TEXT}\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_of_this_log_is_refused(text: str) -> None:
    with pytest.raises(NoteMalformed):
        open_checkpoint(sign_note(text, OURS), [OURS.verifier])


def test_another_logs_checkpoint_is_refused() -> None:
    with pytest.raises(SignatureMissing):
        open_checkpoint(sign_checkpoint(7, EMPTY_ROOT, OTHER).note, [OURS.verifier])


def test_decimals_have_one_spelling() -> None:
    assert read_decimal("0") == 0
    for text in ("", "00", "+1", "1_0", "²", "1" * 30):
        with pytest.raises(NoteMalformed):
            read_decimal(text)
