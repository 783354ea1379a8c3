import random
from contextlib import suppress
from itertools import pairwise

import pytest
from factories.sensing import golden_frames
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.errors import BadGrammar
from qinghuan.sensing.hj212.build import wrap
from qinghuan.sensing.hj212.frame import Packet, Verdict
from qinghuan.sensing.hj212.framer import KEPT_BYTES, MAX_FRAME_BYTES, SLICE_BYTES, Framer
from qinghuan.sensing.hj212.parse import parse

GOOD = wrap(b"QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=A1;Flag=9;CP=&&&&")
OTHER = wrap(b"QN=20240601085858000;ST=32;CN=2011;PW=123456;MN=A1;Flag=9;CP=&&&&")
CHINESE = "ST=32;CN=3020;MN=A1;CP=&&i11001-Info=//清洗管路//&&"

MEMORY_BYTES = 64 * 1024


def verdicts(data: bytes) -> list[Verdict]:
    framer = Framer()
    return [p.verdict for p in [*framer.feed(data), *framer.finish()]]


def cut(data: bytes, places: list[int]) -> list[Packet]:
    """Feed the bytes in pieces cut at places."""
    framer, packets = Framer(), []
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    for start, stop in pairwise(edges):
        packets += framer.feed(data[start:stop])
    return packets + framer.finish()


def test_a_sound_frame_is_taken_whole() -> None:
    (packet,) = Framer().feed(GOOD)

    assert packet.verdict is Verdict.OK
    assert packet.raw == GOOD
    assert packet.segment == GOOD[6:-6]


def test_golden_frames_are_judged_as_published() -> None:
    for golden in golden_frames():
        (packet,) = Framer().feed(golden.line + b"\r\n")
        assert (packet.verdict.value, packet.crc_computed.decode()) == (golden.verdict, golden.crc)


def test_every_byte_may_come_alone() -> None:
    stream = b"".join(golden.line + b"\r\n" for golden in golden_frames())
    framer, packets = Framer(), []
    for byte in stream:
        packets += framer.feed(bytes([byte]))

    assert packets == Framer().feed(stream)
    assert len(packets) == len(golden_frames())


def test_blank_lines_between_frames_are_nobodys_concern() -> None:
    assert verdicts(b"\r\n\r\n" + GOOD + b"\0\n \r\n" + GOOD) == [Verdict.OK, Verdict.OK]


def test_garbage_is_told_once_and_the_next_frame_is_found() -> None:
    packets = Framer().feed(b"\x01hello#" + GOOD)

    assert [p.verdict for p in packets] == [Verdict.GARBAGE, Verdict.OK]
    assert packets[0].raw == b"\x01hello#"


def test_a_head_without_digits_is_garbage() -> None:
    assert verdicts(b"##12a4" + GOOD) == [Verdict.GARBAGE, Verdict.OK]


@pytest.mark.parametrize("declared", [0, 1, 10, 90, 9999])
def test_a_wrong_length_costs_one_frame_and_is_named(declared: int) -> None:
    (packet, good) = Framer().feed(b"##%04d" % declared + GOOD[6:] + OTHER)

    assert packet.verdict is Verdict.LENGTH
    assert packet.length_declared == declared
    assert good.verdict is Verdict.OK


def test_a_wrong_check_is_named_with_both_values() -> None:
    (packet,) = Framer().feed(GOOD[:-6] + b"0000\r\n")

    assert packet.verdict is Verdict.CRC
    assert packet.crc_found == b"0000"
    assert packet.crc_computed == GOOD[-6:-2]


def test_a_wrong_check_counts_before_a_wrong_length() -> None:
    assert verdicts(b"##0010" + GOOD[6:-6] + b"0000\r\n") == [Verdict.CRC]


def test_a_check_in_small_letters_is_right() -> None:
    assert verdicts(GOOD[:-6] + GOOD[-6:].lower()) == [Verdict.OK]


def test_a_frame_not_followed_by_cr_lf_is_refused_and_the_next_one_found() -> None:
    assert verdicts(GOOD[:-2] + OTHER) == [Verdict.TAIL, Verdict.OK]


def test_a_frame_cut_short_is_refused_and_the_next_one_found() -> None:
    assert verdicts(GOOD[:40] + OTHER) == [Verdict.TAIL, Verdict.OK]


def test_a_frame_whose_declared_end_falls_on_the_next_frames_end_is_refused() -> None:
    outer = b"##%04d" % (len(OTHER) - 6) + OTHER

    assert verdicts(outer) == [Verdict.TAIL, Verdict.OK]


def test_a_head_alone_on_its_line_is_refused() -> None:
    assert verdicts(b"##0101\r\n" + GOOD) == [Verdict.TAIL, Verdict.OK]


def test_what_a_closing_link_leaves_is_refused() -> None:
    assert verdicts(GOOD[:-1]) == [Verdict.TAIL]
    assert verdicts(b"##01") == [Verdict.GARBAGE]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_length_in_characters_is_right_too(encoding: str) -> None:
    framed = wrap(CHINESE.encode(encoding))
    counted = b"##%04d" % len(CHINESE) + framed[6:]

    assert verdicts(framed + counted) == [Verdict.OK, Verdict.OK]


def test_cipher_text_is_told_apart_from_damage() -> None:
    assert verdicts(wrap(b"ST=22;CN=2011;MN=A;CP=&&{0xE4,0x3E}&&")) == [Verdict.ENCRYPTED]


def test_an_end_that_never_comes_is_given_up_at_the_next_head() -> None:
    stream = b"##9999" + b"x" * MAX_FRAME_BYTES + GOOD

    assert verdicts(stream)[-1] is Verdict.OK
    assert verdicts(stream)[0] is Verdict.OVERLONG


def test_refused_bytes_are_counted_whole_and_kept_in_part() -> None:
    (packet,) = Framer().feed(b"x" * 5000 + b"\n")

    assert packet.size_bytes == 5000
    assert packet.raw == b"x" * KEPT_BYTES


@given(st.binary(max_size=400), st.lists(st.integers(0, 10_000), max_size=8))
def test_how_the_bytes_are_cut_does_not_matter(noise: bytes, places: list[int]) -> None:
    stream = noise + GOOD + noise[:50] + GOOD[:-2] + OTHER + noise

    assert cut(stream, places) == cut(stream, [])


@given(st.lists(st.sampled_from([b"#", b"##", b"##0000", b"\r", b"\n", b"x", b"##0067"])))
def test_a_good_frame_is_found_behind_any_marks(marks: list[bytes]) -> None:
    assert Framer().feed(b"".join(marks) + GOOD)[-1].raw == GOOD


def test_memory_stays_bounded_under_endless_junk() -> None:
    framer = Framer()
    for junk in (b"x", b"#", b"##9999", b"##0000", b"\xff\xfe", b"##99991"):
        for _ in range(3):
            framer.feed(junk * (60_000 // len(junk)))
            assert framer.held_bytes + SLICE_BYTES < MEMORY_BYTES


def mutate(chance: random.Random, stream: bytes) -> bytes:
    """Damage a stream as lines, radios and bad firmware do."""
    data = bytearray(stream)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                data[place:place] = chance.randbytes(chance.randint(1, 60))
            case 1:
                del data[place : place + chance.randint(1, 60)]
            case 2:
                data[place : place + 1] = chance.randbytes(1)
            case 3:
                data[place:place] = chance.choice([b"##", b"\r\n", b"&&", b"##0101", b"CP=&&"])
            case 4:
                data[place:place] = data[: chance.randint(1, 200)]
            case _:
                data[:] = data.replace(b"\r\n", b"", 1)
    return bytes(data)


def recovers_after(seed: int, pool: list[bytes]) -> None:
    """Damage one stream, feed it in random pieces and look for the good frame behind it."""
    chance = random.Random(seed)  # noqa: S311  repeatable damage, no secret
    framer, packets, fed = Framer(), [], 0
    stream = mutate(chance, b"".join(chance.choices(pool, k=3))) + GOOD
    while fed < len(stream):
        size = chance.choice([1, 7, 64, 500])
        for packet in framer.feed(stream[fed : fed + size]):
            packets.append(packet)
            with suppress(BadGrammar):
                parse(packet.segment)
        fed += size
        assert framer.held_bytes <= MAX_FRAME_BYTES + KEPT_BYTES
    assert packets[-1].verdict is Verdict.OK, seed
    assert packets[-1].raw == GOOD, seed


def test_the_next_good_frame_is_found_behind_5_000_damaged_streams() -> None:
    pool = [golden.line + b"\r\n" for golden in golden_frames()]
    for seed in range(5_000):
        recovers_after(seed, pool)


@pytest.mark.slow
def test_the_next_good_frame_is_found_behind_100_000_damaged_streams() -> None:
    pool = [golden.line + b"\r\n" for golden in golden_frames()]
    for seed in range(5_000, 105_000):
        recovers_after(seed, pool)
