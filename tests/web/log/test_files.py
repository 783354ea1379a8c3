"""The log for machines: what a stranger downloads verifies with our verifier alone."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from factories.administration import SIGNER
from factories.people import Town

from qinghuan.infra.database import SYSTEM
from qinghuan.trace.checkpoint import open_checkpoint
from qinghuan.trace.merkle import hash_leaf
from qinghuan.trace.model import RecordsAsked
from qinghuan.trace.service.reading import browse

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]


def test_a_downloaded_proof_verifies_with_the_downloaded_verifier(
    enter: Enter, town: Town, tmp_path: Path
) -> None:
    browser = enter("duty")
    with town.database.transaction(SYSTEM) as session:
        (record,), _ = browse(session, RecordsAsked(subject="area/990101"))
    for name, path in (
        ("verifier.py", "/log/qh_verify.py"),
        ("proof", f"/log/records/{record.id}/proof"),
        ("vkey", "/log/vkey"),
    ):
        (tmp_path / name).write_bytes(browser.get(path).content)

    def verify(proof: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "verifier.py", "proof", proof, "--vkey", "vkey"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert verify("proof").returncode == 0, verify("proof").stdout
    changed = (tmp_path / "proof").read_text().replace("index 1\n", "index 2\n")
    (tmp_path / "changed").write_text(changed.replace("extra e", "extra f"))
    assert verify("changed").returncode == 1


def test_checkpoint_key_and_hashes_are_open_to_all(browser: httpx.Client) -> None:
    note = browser.get("/log/checkpoint")
    checkpoint = open_checkpoint(note.text, [SIGNER.verifier])

    tile = browser.get(f"/log/tile/0/000.p/{checkpoint.size}")

    assert note.headers["cache-control"] == "no-cache"
    assert len(tile.content) == 32 * checkpoint.size
    assert "immutable" in tile.headers["cache-control"]
    assert browser.get("/log/vkey").text.strip() == SIGNER.verifier.vkey()


def test_entries_are_the_records_themselves_and_ask_for_a_right(
    enter: Enter, browser: httpx.Client
) -> None:
    size = open_checkpoint(browser.get("/log/checkpoint").text, [SIGNER.verifier]).size
    path = f"/log/tile/entries/000.p/{size}"
    assert browser.get(path).status_code == 303
    assert enter("duty").get(path).status_code == 403

    bundle = enter("audit").get(path).content
    hashes = browser.get(f"/log/tile/0/000.p/{size}").content

    length = int.from_bytes(bundle[:2])
    assert hash_leaf(bundle[2 : 2 + length]) == hashes[:32]


@pytest.mark.parametrize(
    ("path", "status"),
    [("9/999", 404), ("0/000.p/255", 404), ("0/../../x", 404), ("0/0", 422), ("abc", 422)],
)
def test_a_tile_that_is_none_is_refused_plainly(
    browser: httpx.Client, path: str, status: int
) -> None:
    answer = browser.get(f"/log/tile/{path}")

    assert answer.status_code == status, answer.text


def test_nobody_downloads_a_proof_without_signing_in(browser: httpx.Client) -> None:
    answer = browser.get("/log/records/00000000-0000-0000-0000-000000000001/proof")

    assert answer.status_code == 303
