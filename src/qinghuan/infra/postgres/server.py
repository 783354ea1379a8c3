"""Start and stop the embedded database of a data folder."""

import errno
import fcntl
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from qinghuan.infra.errors import DataFolderInUse, DiskFull, FolderForbidden
from qinghuan.infra.postgres.binaries import binaries_for
from qinghuan.infra.postgres.cluster import SUPERUSER, Cluster, live_server_pid, prepare
from qinghuan.infra.postgres.keeper import Keeper
from qinghuan.infra.postgres.owner import choose_owner
from qinghuan.infra.postgres.sockets import PORT, socket_folder

DATABASE = "qinghuan"

OPTIONS = {
    "shared_buffers": "256MB",
    "max_connections": "100",
    "jit": "off",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
"""Durable defaults. Statements and rows stay out of the log: they may hold personal values."""

FAST_AND_LOSABLE = {
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
"""For tests only: a power cut may lose the whole cluster."""


class EmbeddedPostgres:
    """The database of one data folder, run as our own child.

    Nothing listens on TCP. Anyone who may enter the private socket folder (mode 0700) is
    trusted, so the folder's permissions are the guard.
    """

    def __init__(self, data_dir: Path, *, options: Mapping[str, str] | None = None) -> None:
        """Name the data folder; nothing happens on disk before `start()`.

        Args:
            data_dir: The platform's data folder; the cluster goes into `postgres/` in it.
            options: PostgreSQL settings that replace `OPTIONS`.
        """
        self.data_dir = Path(os.path.abspath(data_dir))  # noqa: PTH100 - keeps links as given
        self._options = {**OPTIONS, **(options or {})}
        self._lock: IO[str] | None = None
        self._keeper: Keeper | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._keeper.pid if self._keeper else None

    @property
    def restarts(self) -> int:
        """How often the server died by itself and was started again."""
        return self._keeper.restarts if self._keeper else 0

    def start(self) -> str:
        """Start the server, making the cluster and database on the first time.

        Returns:
            The address of the database, for `Database(url)`.

        Raises:
            DataFolderInUse: Another live process runs on this folder.
            DataFolderVersion: Another major version wrote it.
            FolderForbidden: The server's user cannot use it.
            DiskFull: There is no room.
            PostgresFailed: Anything else, with the server's last words.
        """
        home = self.data_dir / "postgres"
        owner = choose_owner(home)
        try:
            _make_folders(home)
            owner.give(home)
            self._lock = _take_lock(self.data_dir)
        except PermissionError as error:
            raise FolderForbidden(self.data_dir, owner.name) from error
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise DiskFull(self.data_dir, 0) from error
            raise FolderForbidden(self.data_dir, owner.name) from error
        try:
            cluster = Cluster(home=home, owner=owner, binaries=binaries_for(owner, self.data_dir))
            prepare(cluster, durable=self._options.get("fsync") != "off")
            _end_orphan(cluster)
            sockets = socket_folder(cluster.data, owner)
            self._keeper = Keeper(cluster, sockets, self._options)
            self._keeper.start()
            _make_database(sockets, DATABASE)
        except BaseException:
            self.stop()
            raise
        return address(sockets, DATABASE)

    def stop(self) -> None:
        """Stop the server and let go of the folder. Harmless when nothing runs."""
        if self._keeper is not None:
            self._keeper.stop()
            self._keeper = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        """Start; the address is `start()`'s, so prefer `running(...)`."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


@contextmanager
def running(data_dir: Path, *, options: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run the database of a data folder while the block runs; gives its address."""
    server = EmbeddedPostgres(data_dir, options=options)
    try:
        yield server.start()
    finally:
        server.stop()


def address(sockets: Path, database: str) -> str:
    """Address of one database behind a socket folder."""
    return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(sockets), safe='/')}&port={PORT}"


def _make_folders(home: Path) -> None:
    """Make the data folder (passable, not listable) and the cluster's home (private)."""
    if not home.parent.exists():
        home.parent.mkdir(parents=True, mode=0o755)
        home.parent.chmod(0o711)
    home.mkdir(mode=0o700, exist_ok=True)


def _take_lock(data_dir: Path) -> IO[str]:
    """Hold the folder for as long as this process lives; the kernel lets go at its death."""
    lock = (data_dir / "postgres.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "?"
        lock.close()
        raise DataFolderInUse(data_dir, holder) from None
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _end_orphan(cluster: Cluster) -> None:
    """Stop a server whose supervisor died without it: we hold the lock, so it is nobody's."""
    pid = live_server_pid(cluster)
    deadline_s = time.monotonic() + 30
    while pid is not None and time.monotonic() < deadline_s:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        time.sleep(0.1)
        pid = live_server_pid(cluster)
    if pid is not None:
        raise DataFolderInUse(cluster.data, str(pid))


def _make_database(sockets: Path, name: str) -> None:
    """Make our database on the first start."""
    with psycopg.connect(address(sockets, "postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
