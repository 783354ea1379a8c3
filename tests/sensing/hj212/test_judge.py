import json
import random

import pytest
from factories.sensing import GOLDEN, golden_frames
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.hj212.build import wrap
from qinghuan.sensing.hj212.frame import Verdict
from qinghuan.sensing.hj212.judge import judge, mask_secrets

GOOD = wrap(b"QN=20240601085857223;ST=32;CN=2011;PW=123456;MN=A1;Flag=9;CP=&&&&")


def test_the_golden_file_is_judged_as_it_stands_comments_and_all() -> None:
    judged = list(judge(GOLDEN.read_bytes()))

    assert [(j.verdict.value, j.crc_computed) for j in judged] == [
        (golden.verdict, golden.crc) for golden in golden_frames()
    ]


def test_editions_are_told_apart() -> None:
    judged = list(judge(GOLDEN.read_bytes()))

    assert {j.version for j in judged} == {"2005", "2017", "2025"}


def test_a_judgement_tells_fields_and_counts_values() -> None:
    line = next(g.line for g in golden_frames() if "flash520" in g.source)
    (judged,) = judge(line)

    assert (judged.st, judged.cn, judged.mn) == ("22", "2051", "JLYP01_AIR01_0001")
    assert (judged.values, judged.version, judged.flag) == (11, "2017", 4)
    assert (judged.length_declared, judged.length_found) == (411, 411)


def test_the_password_is_never_shown() -> None:
    text = json.dumps([j.to_json() for j in judge(GOOD)], default=str)

    assert "123456" not in text
    assert "******" in text


def test_a_frame_with_a_wrong_check_still_tells_its_station() -> None:
    (judged,) = judge(GOOD[:-6] + b"0000\r\n")

    assert (judged.verdict, judged.mn) == (Verdict.CRC, "A1")


def test_broken_grammar_is_a_verdict_with_a_reason() -> None:
    (judged,) = judge(wrap(b"ST=32;CN=2011;CP=&&&&"))

    assert judged.verdict is Verdict.GRAMMAR
    assert "MN" in judged.reason


def test_an_empty_segment_breaks_the_grammar() -> None:
    (judged,) = judge(wrap(b""))

    assert judged.verdict is Verdict.GRAMMAR


@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b""])
def test_lines_may_end_as_text_files_do(ending: bytes) -> None:
    assert [j.verdict for j in judge(GOOD[:-2] + ending)] == [Verdict.OK]


def test_pieces_are_joined() -> None:
    pieces = (GOOD[place : place + 1] for place in range(len(GOOD)))

    assert [j.verdict for j in judge(pieces)] == [Verdict.OK]


def test_a_line_that_is_no_frame_is_told() -> None:
    assert [j.verdict for j in judge(b"hello\n" + GOOD)] == [Verdict.GARBAGE, Verdict.OK]


def test_a_judgement_is_json() -> None:
    (judged,) = judge(GOOD)

    assert json.loads(json.dumps(judged.to_json()))["verdict"] == "ok"


@given(st.binary(max_size=2000))
def test_any_file_is_judged(data: bytes) -> None:
    for judged in judge(data):
        json.dumps(judged.to_json())


def test_endless_lines_are_judged_in_bounded_pieces() -> None:
    assert list(judge(b"x" * 1000 for _ in range(500)))


def test_passwords_and_keys_are_blanked_wherever_they_stand() -> None:
    raw = b"##0140QN=1;PW=123456;MN=A;CP=&&NewPW=654321,NewSK=0000&&ABCD\r\n"

    assert (
        mask_secrets(raw) == b"##0140QN=1;PW=******;MN=A;CP=&&NewPW=******,NewSK=******&&ABCD\r\n"
    )
    assert mask_secrets(b"PW=123456") == b"PW=******"
    assert mask_secrets(b"nothing") == b"nothing"


def test_random_bursts_are_hardly_ever_taken_for_a_sound_frame() -> None:
    """The check alone lets one in 256 through; the grammar has to catch the rest."""
    chance = random.Random(212)  # noqa: S311  repeatable damage, no secret
    line = next(g.line for g in golden_frames() if "flash520" in g.source)
    taken = 0
    for _ in range(20_000):
        damaged, size = bytearray(line), chance.randint(1, 8)
        place = chance.randrange(6, len(line) - 4 - size)
        damaged[place : place + size] = chance.randbytes(size)
        if bytes(damaged) != line:
            taken += [j.verdict for j in judge(bytes(damaged))] == [Verdict.OK]

    assert taken <= 4
