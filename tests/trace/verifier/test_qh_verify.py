"""The stand-alone verifier agrees with the room, and needs nothing of it."""

import ast
import base64
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from qinghuan.core.errors import QinghuanError
from qinghuan.trace.checkpoint import open_checkpoint, sign_checkpoint
from qinghuan.trace.merkle import (
    consistency_ranges,
    hash_leaf,
    hashes_of,
    inclusion_ranges,
    root_of,
)
from qinghuan.trace.model import Checkpoint
from qinghuan.trace.note import Ed25519Signer, open_note, read_vkey, sign_note
from qinghuan.trace.proof import (
    Proof,
    check_growth,
    check_proof,
    write_consistency,
    write_proof,
)
from qinghuan.trace.tiles import Frontier, TileNodes, bundle, bundles_of, extend, tiles_of
from qinghuan.trace.verifier import qh_verify

SCRIPT = Path(qh_verify.__file__)
GOLDEN = Path(__file__).parents[2] / "golden" / "trace"
LOG = Ed25519Signer("log.example/one", bytes(range(32)))
KEYS = [qh_verify.read_key(LOG.verifier.vkey())]
BODIES = [
    json.dumps({"id": str(number), "used": []}, separators=(",", ":")).encode()
    for number in range(700)
]
HASHES = [hash_leaf(body) for body in BODIES]
TILES = extend(Frontier(), HASHES)[1]
NODES = TileNodes(TILES)


def signed(size: int) -> Checkpoint:
    return sign_checkpoint(size, root_of(HASHES[:size]), LOG)


SIGNED = {size: signed(size) for size in (1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 700)}


def proof_file(index: int, size: int) -> bytes:
    path = hashes_of(inclusion_ranges(index, size), NODES.read)
    note = SIGNED[size].note
    return write_proof(Proof(index=index, hashes=path, checkpoint_note=note, entry=BODIES[index]))


def bend(data: bytes, dice: random.Random) -> bytes:
    """Change, cut, double or swap a little of a file, or leave it."""
    at, to = sorted(dice.randrange(len(data)) for _ in range(2))
    lines = data.split(b"\n")
    here, there = dice.randrange(len(lines)), dice.randrange(len(lines))
    swapped = list(lines)
    swapped[here], swapped[there] = swapped[there], swapped[here]
    return dice.choice(
        [
            data,
            data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :],
            data[:at] + data[at + 1 :],
            data[:at] + data[at : at + 1] + data[at:],
            data[:to],
            b"\n".join(swapped),
            b"\n".join(lines[:here] + lines[here + 1 :]),
            b"\n".join([*lines[:here], lines[here], *lines[here:]]),
            data.replace(b"index ", b"index 1", 1),
            data + dice.choice([b"\n", b" ", b"\0", b"\xff"]),
        ]
    )


def theirs(text: bytes) -> bytes | None:
    """The entry the verifier believes, or None."""
    try:
        return qh_verify.check_proof(text.decode(), KEYS, None)[0]
    except (qh_verify.Bad, UnicodeDecodeError):
        return None


def ours(text: bytes) -> bytes | None:
    """The entry the room believes, or None."""
    try:
        return check_proof(text, [LOG.verifier]).entry
    except QinghuanError:
        return None


def test_both_agree_on_ten_thousand_proofs_good_and_bad() -> None:
    dice = random.Random(20261101)  # noqa: S311 - a seed for a test
    good = 0
    for _ in range(10_000):
        size = dice.choice(list(SIGNED))
        index = dice.randrange(size)
        bent = bend(proof_file(index, size), dice)
        assert theirs(bent) == ours(bent), bent
        good += ours(bent) == BODIES[index]

    assert 500 < good < 3_000


def test_both_agree_on_growth_good_and_bad() -> None:
    dice = random.Random(7)  # noqa: S311 - a seed for a test
    good = 0
    for _ in range(4_000):
        old, new = sorted(dice.choice(list(SIGNED)) for _ in range(2))
        hashes = write_consistency(hashes_of(consistency_ranges(old, new), NODES.read))
        texts = [SIGNED[old].note, SIGNED[new].note, hashes]
        which = dice.randrange(3)
        if texts[which]:
            bent = bend(texts[which].encode(), dice)
            texts[which] = bent.decode(errors="replace")
        verdicts = _growth_by_ours(texts), _growth_by_theirs(texts)
        assert verdicts[0] == verdicts[1], texts
        good += verdicts[0]

    assert 300 < good < 3_000


def _growth_by_ours(texts: Sequence[str]) -> bool:
    try:
        check_growth(texts[0], texts[1], texts[2], [LOG.verifier])
    except QinghuanError:
        return False
    return True


def _growth_by_theirs(texts: Sequence[str]) -> bool:
    try:
        old, new = (qh_verify.open_checkpoint(text, KEYS) for text in texts[:2])
        lines = texts[2].removesuffix("\n").split("\n") if texts[2] else []
        qh_verify.check_consistency(old, new, qh_verify.to_hashes(lines))
    except qh_verify.Bad:
        return False
    return True


def test_both_agree_on_notes_good_and_bad() -> None:
    dice = random.Random(8)  # noqa: S311 - a seed for a test
    others = [Ed25519Signer(f"other.example/{n}", bytes([n]) * 32) for n in range(3)]
    for _ in range(3_000):
        signers = dice.sample([LOG, *others], dice.randrange(1, 4))
        note = bend(sign_note("a\n\nb\n", *signers).encode(), dice).decode(errors="replace")
        assert _opens(lambda n=note: open_note(n, [LOG.verifier]).text) == _opens(
            lambda n=note: qh_verify.open_note(n, KEYS)[0]
        ), note


def _opens(act: Any) -> str | None:  # noqa: ANN401 - any way to open a note
    try:
        return str(act())
    except (QinghuanError, qh_verify.Bad):
        return None


@pytest.mark.parametrize("name", ["c2sp", "go"])
def test_published_notes_verify(name: str) -> None:
    golden = json.loads((GOLDEN / "notes.json").read_text("utf-8"))[name]
    note = golden.get("note") or f"{golden['text']}\n{golden['signature']}"

    assert qh_verify.open_note(note, [qh_verify.read_key(golden["vkey"])])


def test_bent_keys_are_refused_by_both() -> None:
    vkey = LOG.verifier.vkey()
    dice = random.Random(9)  # noqa: S311 - a seed for a test
    for _ in range(500):
        bent = bend(vkey.encode(), dice).decode(errors="replace")
        assert (_opens(lambda b=bent: read_vkey(b).vkey()) is None) == (
            _opens(lambda b=bent: qh_verify.read_key(b)) is None
        ), bent


def test_it_is_one_short_file_on_the_standard_library_and_cryptography() -> None:
    source = SCRIPT.read_text("utf-8")
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add((node.module or "").split(".")[0])

    assert source.count("\n") <= 400
    assert names - set(sys.stdlib_module_names) == {"cryptography"}


def run(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a copy of the file far from ours, isolated from the environment and the folder."""
    copy = shutil.copy(SCRIPT, folder / "qh_verify.py")
    return subprocess.run(
        [sys.executable, "-I", copy, *map(str, arguments), "--vkey", LOG.verifier.vkey()],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        encoding="utf-8",
    )


def test_run_alone_it_proves_an_entry_and_shows_it(tmp_path: Path) -> None:
    file = tmp_path / "case.tlog-proof"
    file.write_bytes(proof_file(300, 513))
    done = run(tmp_path, "proof", file)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "ok: entry 300 of 513 in log.example/one",
        f"ok: entry {BODIES[300].decode()}",
    ]


def test_run_alone_it_loads_nothing_of_ours(tmp_path: Path) -> None:
    script = (
        "import runpy, sys\n"
        f"runpy.run_path({str(SCRIPT)!r}, run_name='elsewhere')\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('qinghuan', 'sqlalchemy')])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False,
        cwd=tmp_path,
    )  # fmt: skip

    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize("fault", ["bent", "missing", "binary", "empty"])
def test_run_alone_it_refuses_in_one_line_and_exits_1(tmp_path: Path, fault: str) -> None:
    file = tmp_path / "x.tlog-proof"
    content = {
        "bent": proof_file(3, 7).replace(b"index 3", b"index 4"),
        "binary": b"\xff\xfe\x00",
        "empty": b"",
    }
    if fault in content:
        file.write_bytes(content[fault])
    done = run(tmp_path, "proof", file)

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("BAD: ")
    assert done.stdout.count("\n") == 1


def test_wrong_usage_exits_2(tmp_path: Path) -> None:
    assert run(tmp_path, "nothing").returncode == 2


def test_what_an_entry_says_cannot_move_the_cursor(tmp_path: Path) -> None:
    body = b'{"id":"1","used":[]}\x1b[2J\xe2\x80\xae\xc2\x9b\n'
    file = tmp_path / "x.tlog-proof"
    note = sign_checkpoint(1, hash_leaf(body), LOG).note
    file.write_bytes(write_proof(Proof(index=0, hashes=(), checkpoint_note=note, entry=body)))
    done = run(tmp_path, "proof", file)

    assert done.returncode == 0
    assert "\\x1b[2J\\u202e\\x9b\\n" in done.stdout


def test_an_entry_kept_apart_is_checked(tmp_path: Path) -> None:
    path = hashes_of(inclusion_ranges(3, 7), NODES.read)
    proof = Proof(index=3, hashes=path, checkpoint_note=SIGNED[7].note, entry=None)
    (tmp_path / "p").write_bytes(write_proof(proof))
    (tmp_path / "good").write_bytes(BODIES[3])
    (tmp_path / "other").write_bytes(BODIES[4])

    assert run(tmp_path, "proof", tmp_path / "p", "--entry", tmp_path / "good").returncode == 0
    assert run(tmp_path, "proof", tmp_path / "p", "--entry", tmp_path / "other").returncode == 1
    assert run(tmp_path, "proof", tmp_path / "p").returncode == 1


def test_notes_and_growth_are_checked_from_files(tmp_path: Path) -> None:
    for size in (3, 257):
        (tmp_path / str(size)).write_text(SIGNED[size].note, encoding="utf-8")
    hashes = write_consistency(hashes_of(consistency_ranges(3, 257), NODES.read))
    (tmp_path / "proof").write_text(hashes, encoding="utf-8")
    (tmp_path / "key").write_text(LOG.verifier.vkey() + "\n", encoding="utf-8")
    grown = run(tmp_path, "consistency", tmp_path / "3", tmp_path / "257", tmp_path / "proof")
    turned = run(tmp_path, "consistency", tmp_path / "257", tmp_path / "3", tmp_path / "proof")
    note = run(tmp_path, "note", tmp_path / "3", "--vkey", tmp_path / "key")

    assert (grown.returncode, turned.returncode, note.returncode) == (0, 1, 0)
    assert grown.stdout == "ok: log.example/one grew from 3 to 257\n"
    assert note.stdout.startswith("ok: signed by log.example/one\n")


def write_log(folder: Path, size: int, *, bodies: list[bytes] = BODIES) -> Path:
    """Write a log as files."""
    hashes = [hash_leaf(body) for body in bodies[:size]]
    contents = extend(Frontier(), hashes)[1]
    for tile in tiles_of(size):
        target = folder / tile.path()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents[tile.level, tile.index])
    for tile in bundles_of(size):
        target = folder / tile.path()
        target.parent.mkdir(parents=True, exist_ok=True)
        start = tile.index * 256
        target.write_bytes(bundle(bodies[start : start + tile.width]))
    note = sign_checkpoint(size, root_of(hashes), LOG).note
    (folder / "checkpoint").write_text(note, encoding="utf-8")
    return folder


@pytest.mark.parametrize("size", [1, 256, 257, 700])
def test_a_whole_exported_log_replays(tmp_path: Path, size: int) -> None:
    done = run(tmp_path, "log", write_log(tmp_path / "log", size))

    assert (done.returncode, done.stdout) == (0, f"ok: log of {size} entries replayed\n")


def test_damage_anywhere_in_an_exported_log_is_found(tmp_path: Path) -> None:
    dice = random.Random(11)  # noqa: S311 - a seed for a test
    folder = write_log(tmp_path / "log", 600)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for _ in range(300):
        path = dice.choice(files)
        whole = path.read_bytes()
        at = dice.randrange(len(whole))
        kind = dice.randrange(3)
        bent = [whole[:at], whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :], None][kind]
        path.unlink() if bent is None else path.write_bytes(bent)
        try:
            wrong = qh_verify.check_log(folder, KEYS, [])[1]
        except (qh_verify.Bad, UnicodeDecodeError):
            wrong = ["refused"]
        assert wrong, (path, at, kind)
        path.write_bytes(whole)
    assert qh_verify.check_log(folder, KEYS, [])[1] == []


def test_a_log_cut_short_or_forked_by_the_key_holder_needs_a_remembered_checkpoint(
    tmp_path: Path,
) -> None:
    kept = [qh_verify.open_checkpoint(SIGNED[513].note, KEYS)]
    short = write_log(tmp_path / "short", 300)
    forged = [*BODIES[:200], BODIES[0], *BODIES[201:]]
    forked = write_log(tmp_path / "forked", 700, bodies=forged)

    assert qh_verify.check_log(short, KEYS, [])[1] == []
    assert qh_verify.check_log(forked, KEYS, [])[1] == []
    assert "rolled back" in qh_verify.check_log(short, KEYS, kept)[1][0]
    assert "forked" in qh_verify.check_log(forked, KEYS, kept)[1][0]
    (tmp_path / "kept").write_text(SIGNED[513].note, encoding="utf-8")
    done = run(tmp_path, "log", short, "--remembered", tmp_path / "kept")
    assert (done.returncode, done.stdout.count("\n")) == (1, 1)


def test_an_edge_to_a_record_that_is_not_before_it_is_found(tmp_path: Path) -> None:
    def body(number: int, leaf: bytes) -> bytes:
        return json.dumps({"used": [{"hash": leaf.hex(), "id": str(number)}]}).encode()

    good = write_log(tmp_path / "good", 2, bodies=[BODIES[0], body(0, HASHES[0])])
    bad = write_log(tmp_path / "bad", 2, bodies=[BODIES[0], body(9, HASHES[9])])
    odd = write_log(tmp_path / "odd", 1, bodies=[b"[]"])

    assert qh_verify.check_log(good, KEYS, [])[1] == []
    assert qh_verify.check_log(bad, KEYS, [])[1] == ["entry 1 binds no earlier 9"]
    assert qh_verify.check_log(odd, KEYS, [])[1]


def test_both_read_the_same_checkpoint() -> None:
    for size, checkpoint in SIGNED.items():
        assert qh_verify.open_checkpoint(checkpoint.note, KEYS).size == size
        assert open_checkpoint(checkpoint.note, [LOG.verifier]).root == base64.b64decode(
            checkpoint.note.split("\n")[2]
        )
