"""The command line, as an operator types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden" / "sensing" / "hj212" / "frames.txt"


def typed(*words: str, data_dir: Path | None = None, stdin: bytes = b"") -> tuple[int, str, str]:
    """Run a command; give its exit code and what it said."""
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    if data_dir is not None:
        environment["QINGHUAN_DATA_DIR"] = str(data_dir)
    done = subprocess.run(
        [sys.executable, "-m", "qinghuan", *words],
        input=stdin,
        capture_output=True,
        env=environment,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_frames_on_standard_input_are_judged_a_line_each() -> None:
    lines = [line for line in GOLDEN.read_bytes().splitlines() if line.startswith(b"##")]

    code, out, _ = typed("hj212", "judge", "-", stdin=b"\n".join(lines))

    judged = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(judged) == len(lines)
    assert {one["verdict"] for one in judged} == {"ok", "crc"}
    assert not any(b"123456" in json.dumps(one["pw"]).encode() for one in judged)


def test_a_closed_gateway_is_told_in_words_not_in_a_traceback() -> None:
    code, _, err = typed("hj212", "send", str(GOLDEN), "--port", "1")

    assert code == 1
    assert "连不上数采网关" in err
    assert "Traceback" not in err


@pytest.mark.db
def test_an_empty_installation_backs_up_verifies_and_comes_back(reachable_tmp: Path) -> None:
    first, second = reachable_tmp / "first", reachable_tmp / "second"
    target = reachable_tmp / "city.tar"

    assert typed("migrate", data_dir=first)[0] == 0
    assert typed("jobs", data_dir=first)[1].startswith("0 ")
    assert typed("backup", str(target), "--keys", data_dir=first)[0] == 0
    assert typed("restore", str(target), data_dir=second)[0] == 0
    code, out, _ = typed("verify", data_dir=second)

    assert (code, out.split(":")[0]) == (0, "完好 sound")


@pytest.mark.db
def test_an_unknown_record_has_no_proof_and_says_so(reachable_tmp: Path) -> None:
    code, _, err = typed(
        "proof", "01a212a9-0000-7000-8000-000000000000", data_dir=reachable_tmp / "data"
    )

    assert code == 1
    assert "没有编号为" in err
    assert "Traceback" not in err
