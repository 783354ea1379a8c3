"""Frames read per second on one core: Qinghuan's reader beside a naive one.

Run: uv run python bench/frames.py [--seconds 2]

Both readers get the same 411-byte frames with eleven values, check length and check value, and
hand back every value with its flag. The frame is the one published in the tests of
flash520/hj212; as on a real link, station, times and values change from frame to frame. The
naive reader is what a good programmer writes in an hour: the table form of the check, one step
a byte, and `str.split`. Each round times both, in turn; the median of the rounds counts.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from qinghuan.sensing.hj212.build import wrap
from qinghuan.sensing.hj212.frame import Verdict
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse

SAMPLE = (
    b"##0411QN=20220513162608370;ST=22;CN=2051;PW=123456;MN=JLYP01_AIR01_0001;Flag=4;CP=&&"
    b"DataTime=20220513162600;a21004-Avg=4,a21004-Flag=N;a05024-Avg=63,a05024-Flag=N;"
    b"a21026-Avg=6,a21026-Flag=N;a21005-Avg=0.427,a21005-Flag=N;a34004-Avg=14,a34004-Flag=N;"
    b"a34002-Avg=31,a34002-Flag=N;a01007-Avg=1,a01007-Flag=N;a01008-Avg=11,a01008-Flag=N;"
    b"a01001-Avg=17,a01001-Flag=N;a01002-Avg=85,a01002-Flag=N;a01006-Avg=95,a01006-Flag=N"
    b"&&D641\r\n"
)
BATCH = 400
ROUNDS = 9


def frames() -> list[bytes]:
    """As many frames as a batch has, no two alike, all as long as the published one."""
    chance = random.Random(212)  # noqa: S311  repeatable values, no secret
    made = []
    for number in range(BATCH):
        text = SAMPLE[6:-6].decode()
        text = text.replace("QN=20220513162608370", f"QN=202205131626{number % 60:02}{number:03}")
        text = text.replace("AIR01_0001", f"AIR01_{number % 50:04}")
        text = text.replace("DataTime=20220513162600", f"DataTime=202205131626{number % 60:02}")
        for old in ("a05024-Avg=63", "a34004-Avg=14", "a34002-Avg=31", "a01002-Avg=85"):
            name, _, value = old.partition("=")
            text = text.replace(old, f"{name}={chance.randrange(10 ** len(value)):0{len(value)}}")
        text = text.replace("a21005-Avg=0.427", f"a21005-Avg=0.{chance.randrange(1000):03}")
        made.append(wrap(text.encode()))
        assert len(made[-1]) == len(SAMPLE)
    return made


@dataclass
class NaiveFrame:
    """What the naive reader hands back."""

    fields: dict[str, str]
    values: dict[str, dict[str, str | float]]


def _table_row(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ 0xA001 if byte & 1 else byte >> 1
    return byte


TABLE = [_table_row(byte) for byte in range(256)]


def naive_read(raw: bytes) -> NaiveFrame:
    """Read one frame the plain way."""
    if not raw.startswith(b"##"):
        raise ValueError
    length = int(raw[2:6])
    data = raw[6 : 6 + length]
    crc = 0xFFFF
    for byte in data:
        crc = TABLE[(crc >> 8) ^ byte]
    if crc != int(raw[6 + length : 10 + length], 16) or raw[10 + length :] != b"\r\n":
        raise ValueError
    head, cp = data.decode().rstrip("&").split("CP=&&")
    fields = dict(part.split("=", 1) for part in head.rstrip(";").split(";"))
    values: dict[str, dict[str, str | float]] = {}
    for group in cp.split(";"):
        for item in group.split(","):
            name, value = item.split("=", 1)
            if "-" not in name:
                fields[name] = value
                continue
            code, kind = name.split("-", 1)
            values.setdefault(code, {})[kind] = value if kind == "Flag" else float(value)
    return NaiveFrame(fields, values)


def our_rate(seconds: float) -> float:
    """Frames per second through framer and parser."""
    framer, stream = Framer(), b"".join(FRAMES)

    def batch() -> None:
        for packet in framer.feed(stream):
            assert packet.verdict is Verdict.OK
            parse(packet.segment)

    return _rate(batch, seconds)


def naive_rate(seconds: float) -> float:
    """Frames per second through the naive reader."""

    def batch() -> None:
        for frame in FRAMES:
            naive_read(frame)

    return _rate(batch, seconds)


def _rate(batch: Callable[[], None], seconds: float) -> float:
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        batch()
        done += BATCH
    return done / spent


FRAMES = frames()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each reader in all")
    seconds = parser.parse_args().seconds / ROUNDS
    assert len(naive_read(SAMPLE).values) == 11
    assert len(parse(SAMPLE[6:-6]).readings) == 11
    pairs = [(our_rate(seconds), naive_rate(seconds)) for _ in range(ROUNDS)]
    ours = statistics.median(pair[0] for pair in pairs)
    naive = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
    print(f"ours   {ours:>10,.0f} frames/s  (411 bytes, 11 values, check and length judged)")
    print(f"naive  {naive:>10,.0f} frames/s")
    print(f"ratio  {ratio:>10.2f}  (median of {ROUNDS} paired rounds)")


if __name__ == "__main__":
    main()
