"""The data folder: made whole or not at all, and freed of locks whose holder is dead."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qinghuan.infra.errors import (
    DataFolderVersion,
    DiskFull,
    FolderForbidden,
    InfraError,
    PostgresFailed,
)
from qinghuan.infra.postgres.binaries import Binaries
from qinghuan.infra.postgres.owner import Owner
from qinghuan.infra.postgres.sockets import PORT

SUPERUSER = "qinghuan"
MIN_FREE_MB = 256
"""A fresh cluster with its first write-ahead log takes 40 MB; below this nothing good begins."""

SAFE_LOCALE = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PATH": os.defpath}
"""The user's own locale may not be generated, and plain C makes pg_trgm blind to Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One database cluster on disk and the user it belongs to."""

    home: Path
    """`<data folder>/postgres`; the cluster and its log lie in it."""
    owner: Owner
    binaries: Binaries

    @property
    def data(self) -> Path:
        """What PostgreSQL calls PGDATA."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """Where the server's messages go."""
        return self.home / "server.log"


def prepare(cluster: Cluster, *, durable: bool) -> None:
    """Make the cluster if there is none yet, or check that it is ours to run.

    Raises:
        DataFolderVersion: It was written by another major version.
        FolderForbidden: The owner cannot reach it.
        DiskFull: There is no room to begin.
        PostgresFailed: initdb failed for another reason.
    """
    _check_reach(cluster)
    if cluster.data.exists():
        _check_version(cluster)
        return
    free_mb = shutil.disk_usage(cluster.home).free // 1_000_000
    if free_mb < MIN_FREE_MB:
        raise DiskFull(cluster.home, free_mb)
    _initdb(cluster, durable=durable)


def why_failed(cluster: Cluster, words: str) -> InfraError:
    """Turn the last words of a PostgreSQL program into an error an operator understands."""
    if "No space left on device" in words:
        free_mb = shutil.disk_usage(cluster.home).free // 1_000_000
        return DiskFull(cluster.home, free_mb)
    if "Permission denied" in words or "has wrong ownership" in words:
        return FolderForbidden(cluster.home, cluster.owner.name)
    lines = [line for line in words.splitlines() if line.strip()]
    loud = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:"))]
    return PostgresFailed(" / ".join((loud or lines)[-3:]) or "no message", cluster.log)


@contextmanager
def _partial(cluster: Cluster) -> Iterator[Path]:
    """A folder that becomes the cluster only when everything in it was written."""
    partial = cluster.home / "data.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        yield partial
        partial.rename(cluster.data)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _initdb(cluster: Cluster, *, durable: bool) -> None:
    """Run initdb into a partial folder."""
    with _partial(cluster) as partial:
        done = subprocess.run(  # noqa: S603 - a fixed program of our own wheel
            [
                cluster.binaries.program("initdb"),
                f"--pgdata={partial}",
                f"--username={SUPERUSER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                *([] if durable else ["--no-sync"]),
            ],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            cwd=cluster.home,
            env=SAFE_LOCALE,
            **cluster.owner.process_options(),
        )
        if done.returncode != 0:
            raise why_failed(cluster, done.stderr or done.stdout)


def _check_reach(cluster: Cluster) -> None:
    """Let the owner himself look: a closed parent folder is told before initdb stumbles."""
    done = subprocess.run(  # noqa: S603 - a fixed program
        ["/bin/sh", "-c", 'test -w "$0" && test -x "$0"', str(cluster.home)],
        check=False,
        cwd="/",
        **cluster.owner.process_options(),
    )
    if done.returncode != 0:
        raise FolderForbidden(cluster.home, cluster.owner.name)


def _check_version(cluster: Cluster) -> None:
    """Compare the cluster's major version with the programs'."""
    try:
        found = (cluster.data / "PG_VERSION").read_text().strip()
    except PermissionError as error:
        raise FolderForbidden(cluster.data, cluster.owner.name) from error
    except FileNotFoundError:
        found = "?"
    if found != cluster.binaries.major:
        raise DataFolderVersion(cluster.data, found, cluster.binaries.major)


def live_server_pid(cluster: Cluster) -> int | None:
    """Process id of a server that really runs on this cluster, whoever started it."""
    pid = _locked_by(cluster.data / "postmaster.pid")
    return pid if pid is not None and _serves(pid, cluster.data) else None


def release_stale_locks(cluster: Cluster, sockets: Path) -> None:
    """Make locks of a dead server, a zombie or a stranger with its number harmless.

    The first line of `postmaster.pid` becomes our own number, which PostgreSQL knows to be
    stale because we are its parent; the rest stays, so that it still looks for backends that
    hold the old shared memory.
    """
    lock = cluster.data / "postmaster.pid"
    if (pid := _locked_by(lock)) is None or _serves(pid, cluster.data):
        return
    rest = lock.read_text().splitlines(keepends=True)[1:]
    lock.write_text(f"{os.getpid()}\n" + "".join(rest))
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (sockets / name).unlink(missing_ok=True)


def _locked_by(lock: Path) -> int | None:
    """The number in a lock file, if there is one."""
    try:
        first = lock.read_text().splitlines()[:1]
        return abs(int(first[0])) if first else None
    except (FileNotFoundError, ValueError):
        return None


def _serves(pid: int, data: Path) -> bool:
    """Whether a process is alive and is a PostgreSQL whose folder is this one."""
    process = Path("/proc") / str(pid)
    if not Path("/proc/self/stat").exists():
        return _answers(pid)
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        if state in {"Z", "X"}:
            return False
        command = (process / "cmdline").read_bytes().split(b"\0")[0]
        if not os.fsdecode(command).endswith("postgres"):
            return False
        return (process / "cwd").resolve() == data.resolve()
    except PermissionError:
        return True
    except OSError:
        return False


def _answers(pid: int) -> bool:
    """Whether a process exists, where /proc does not tell more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
