"""The how-to page tells commands that work as written."""

import json
import re
import subprocess
import sys
from pathlib import Path

from factories.trace import LOG

from qinghuan.trace.checkpoint import sign_checkpoint
from qinghuan.trace.merkle import (
    consistency_ranges,
    hash_leaf,
    hashes_of,
    inclusion_ranges,
    root_of,
)
from qinghuan.trace.proof import Proof, write_consistency, write_proof
from qinghuan.trace.tiles import Frontier, TileNodes, bundle, bundles_of, extend, tiles_of
from qinghuan.trace.verifier import qh_verify

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "verify-a-proof.md"
BODIES = [json.dumps({"id": str(number), "used": []}).encode() for number in range(9)]
HASHES = [hash_leaf(body) for body in BODIES]
TILES = extend(Frontier(), HASHES)[1]


def lay_out(folder: Path) -> None:
    """The files the page speaks of."""
    nodes = TileNodes(TILES)
    old, new = (sign_checkpoint(size, root_of(HASHES[:size]), LOG).note for size in (7, 9))
    path = hashes_of(inclusion_ranges(3, 7), nodes.read)
    proof = Proof(index=3, hashes=path, checkpoint_note=old, entry=BODIES[3])
    growth = write_consistency(hashes_of(consistency_ranges(7, 9), nodes.read))
    files = {
        "case.tlog-proof": write_proof(proof),
        "new.checkpoint": new.encode(),
        "growth.proof": growth.encode(),
        "log.vkey": LOG.verifier.vkey().encode(),
        "qh_verify.py": Path(qh_verify.__file__).read_bytes(),
        "export/checkpoint": new.encode(),
    }
    files |= {f"export/{tile.path()}": TILES[tile.level, tile.index] for tile in tiles_of(9)}
    files |= {f"export/{tile.path()}": bundle(BODIES) for tile in bundles_of(9)}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_every_command_of_the_page_works(tmp_path: Path) -> None:
    lay_out(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", page, flags=re.DOTALL))
    commands = re.sub(r'--vkey "[^"]+"', "--vkey log.vkey", commands)
    commands = commands.replace("python ", f"{sys.executable} -I ")
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", commands],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert commands.count("qh_verify.py") == 4
    assert done.stdout.count("ok: ") >= 8
