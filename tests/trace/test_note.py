import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinghuan.trace.errors import KeyMalformed, NoteMalformed, SignatureMissing, SignatureWrong
from qinghuan.trace.note import (
    MAX_NOTE_BYTES,
    Ed25519Signer,
    Ed25519Verifier,
    decode_base64,
    open_note,
    parse_note,
    read_skey,
    read_vkey,
    sign_note,
)

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "golden" / "trace" / "notes.json").read_text("utf-8")
)
GO = read_skey(GOLDEN["go"]["skey"])
OURS = Ed25519Signer("log.example/one", bytes(range(32)))
OTHER = Ed25519Signer("log.example/two", bytes(32))


def test_the_published_c2sp_note_verifies() -> None:
    vkey = read_vkey(GOLDEN["c2sp"]["vkey"])
    note = open_note(GOLDEN["c2sp"]["note"], [vkey])

    assert note.text == "This is an example message.\n"
    assert vkey.key_id.hex() == "530d903a"


def test_signing_gives_the_bytes_that_go_gives() -> None:
    note = sign_note(GOLDEN["go"]["text"], GO)

    assert note == f"{GOLDEN['go']['text']}\n{GOLDEN['go']['signature']}"
    assert open_note(note, [read_vkey(GOLDEN["go"]["vkey"])]).text == GOLDEN["go"]["text"]


def test_go_keys_read_and_write_byte_for_byte() -> None:
    assert GO.skey() == GOLDEN["go"]["skey"]
    assert GO.verifier.vkey() == GOLDEN["go"]["vkey"]
    assert read_vkey(GOLDEN["c2sp"]["vkey"]).vkey() == GOLDEN["c2sp"]["vkey"]


@pytest.mark.parametrize(
    "text",
    [
        "", "name", "name+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10Q=",
        "PeterNeumann+c74f20zz+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)  # fmt: skip
def test_a_bent_key_is_refused(text: str) -> None:
    with pytest.raises(KeyMalformed):
        read_vkey(text)
    with pytest.raises(KeyMalformed):
        read_skey(f"PRIVATE+KEY+{text}")
    with pytest.raises(KeyMalformed):
        read_skey(text)


def test_a_private_key_never_shows_in_its_error() -> None:
    bent = GOLDEN["go"]["skey"][:-4] + "AAAA"
    with pytest.raises(KeyMalformed) as caught:
        read_skey(bent)

    assert "AYEK" not in str(caught.value)


def test_keys_of_the_wrong_length_are_refused() -> None:
    with pytest.raises(KeyMalformed):
        Ed25519Signer("a", bytes(31))
    with pytest.raises(KeyMalformed):
        Ed25519Verifier("a", bytes(33))
    with pytest.raises(KeyMalformed):
        Ed25519Signer("a b", bytes(32))


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    note = sign_note("text\n", OTHER, OURS)

    assert [s.name for s in open_note(note, [OURS.verifier]).signatures] == ["log.example/one"]
    assert len(open_note(note, [OURS.verifier, OTHER.verifier]).signatures) == 2


def test_the_same_name_with_another_key_is_an_unknown_key() -> None:
    impostor = Ed25519Signer(OURS.name, bytes(32))

    with pytest.raises(SignatureMissing):
        open_note(sign_note("text\n", impostor), [OURS.verifier])
    assert open_note(sign_note("text\n", impostor, OURS), [OURS.verifier]).text == "text\n"


def test_one_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    good = sign_note("text\n", OURS)
    bent = sign_note("other\n", OURS).split("\n\n")[1]

    with pytest.raises(SignatureWrong):
        open_note(good + bent, [OURS.verifier])


def test_a_note_nobody_signed_is_no_note() -> None:
    with pytest.raises(NoteMalformed):
        parse_note(sign_note("text\n"))


def test_sixteen_signatures_are_accepted_and_a_flood_is_not() -> None:
    signers = [Ed25519Signer(f"k{at}", bytes([at]) * 32) for at in range(65)]

    assert len(parse_note(sign_note("text\n", *signers[:16])).signatures) == 16
    with pytest.raises(NoteMalformed):
        parse_note(sign_note("text\n", *signers))


def test_a_text_may_hold_blank_lines_and_is_cut_at_the_last() -> None:
    text = "one\n\n— log.example/one AAAA\n\ntwo\n"

    assert open_note(sign_note(text, OURS), [OURS.verifier]).text == text


@pytest.mark.parametrize(
    "note",
    [
        "", "text\n", "text\n\n", "text\n\n— a\n", "text\n\n— a AAAAAA==",
        "text\n\n- a AAAAAAA=\n",
        "text\n\n— a AAAA\n", "text\n\n— a AAAAAA\n", "text\n\n—  AAAAAAA=\n",
        "text\n\n— a+b AAAAAAA=\n",
        "text\n\n— a AAAAAAA= \n", "te\txt\n\n— a AAAAAAA=\n", "te\rxt\n\n— a AAAAAAA=\n",
        "\ud800\n\n— a AAAAAAA=\n", "text\n\n— a AAAAAAA=\n\n", "text\n\n— a AAAAAAB=\n",
        "text\n\n— a\u3000b AAAAAAA=\n", "x" * (MAX_NOTE_BYTES + 1),
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteMalformed):
        parse_note(note)


@pytest.mark.parametrize("text", ["", "no end", "a\x00b\n", "a\rb\n"])
def test_a_text_that_cannot_be_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteMalformed):
        sign_note(text, OURS)


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"])))
def test_any_printable_text_can_be_signed_and_opened(body: str) -> None:
    text = body + "\n"

    assert open_note(sign_note(text, OURS), [OURS.verifier]).text == text


@settings(max_examples=300)
@given(data=st.data())
def test_no_bent_character_survives(data: st.DataObject) -> None:
    note = sign_note("log.example/one\n17\nroot\n", OURS)
    at = data.draw(st.integers(0, len(note) - 1))
    char = data.draw(st.characters(exclude_categories=["Cs"]))
    bent = note[:at] + char + note[at + 1 :]
    if bent == note:
        return
    with pytest.raises((NoteMalformed, SignatureMissing, SignatureWrong)):
        open_note(bent, [OURS.verifier])


def test_base64_has_one_spelling() -> None:
    assert decode_base64("AA==") == b"\0"
    for text in ("AA", "AB==", "A===", "AA==\n", "A A=", "АА==", "-_=="):
        with pytest.raises(ValueError, match="Base64"):
            decode_base64(text)
