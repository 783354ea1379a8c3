"""The thread that owns the server's process, from its first start to its last stop.

The kernel ends a child with the *thread* that made it (PR_SET_PDEATHSIG), so one thread makes
every server process and lives exactly as long as the server should.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import structlog

from qinghuan.infra.errors import InfraError
from qinghuan.infra.postgres.cluster import (
    SAFE_LOCALE,
    SUPERUSER,
    Cluster,
    release_stale_locks,
    why_failed,
)
from qinghuan.infra.postgres.sockets import PORT

START_WITHIN_S = 120.0
"""Recovery after a crash replays at most one checkpoint's worth of log."""

STOP_WITHIN_S = 60.0
_MAX_PAUSE_S = 5.0
_MAX_LOG_BYTES = 16 * 1024 * 1024
_PR_SET_PDEATHSIG = 1

_log = structlog.get_logger(__name__)


class Keeper:
    """Starts the server, starts it again when it dies, and stops it when told to."""

    def __init__(self, cluster: Cluster, sockets: Path, options: dict[str, str]) -> None:
        """Remember what to run; nothing starts before `start()`.

        Args:
            cluster: A prepared cluster.
            sockets: The private folder of its socket.
            options: Server settings given on its command line; with `fsync=off` nothing is
                worth a last checkpoint, so it stops at once.
        """
        self.cluster = cluster
        self.sockets = sockets
        self.restarts = 0
        """How often the server died by itself and was started again."""
        self.pid: int | None = None
        self.failure: InfraError | None = None
        self._options = options
        self._farewell = signal.SIGQUIT if options.get("fsync") == "off" else signal.SIGINT
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._die_with_thread = _death_signal()
        self._thread = threading.Thread(target=self._live, name="postgres-keeper", daemon=True)

    def start(self) -> None:
        """Start the thread and block until the server answers for the first time.

        Raises:
            InfraError: The error it failed with.
        """
        self._thread.start()
        self._ready.wait()
        if self.failure is not None:
            raise self.failure

    def stop(self) -> None:
        """Ask for a fast shutdown (open transactions roll back) and wait for it."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_WITHIN_S + 10)
        with contextlib.suppress(OSError):
            self.sockets.rmdir()

    def _live(self) -> None:
        """Run in the thread, as long as the server should."""
        pause_s = 0.1
        while not self._stopping.is_set():
            started_s = time.monotonic()
            try:
                process = self._launch()
            except InfraError as error:
                if not self._ready.is_set():
                    self.failure = error
                    self._ready.set()
                    return
                _log.error("postgres.restart-failed", reason=str(error))
            else:
                self._ready.set()
                self._attend(process)
            if self._stopping.is_set():
                return
            self.restarts += 1
            pause_s = 0.1 if time.monotonic() - started_s > 60 else min(2 * pause_s, _MAX_PAUSE_S)
            _log.error("postgres.died", restarts=self.restarts, log=str(self.cluster.log))
            self._stopping.wait(pause_s)

    def _attend(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until the process ends, by itself or because we ask it to."""
        while process.poll() is None:
            if self._stopping.wait(0.1):
                _end(process, self._farewell)
        self.pid = None

    def _launch(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        _turn_over(self.cluster.log)
        deadline_s = time.monotonic() + START_WITHIN_S
        while True:
            release_stale_locks(self.cluster, self.sockets)
            said_before = self.cluster.log.stat().st_size if self.cluster.log.exists() else 0
            process = self._spawn()
            if self._answers(process, deadline_s):
                self.pid = process.pid
                return process
            if process.poll() is None:
                _end(process, self._farewell)
            words = _words_since(self.cluster.log, said_before)
            still_held = "shared memory block" in words and "still in use" in words
            if not still_held or time.monotonic() > deadline_s or self._stopping.is_set():
                raise why_failed(self.cluster, words)
            time.sleep(0.2)

    def _spawn(self) -> subprocess.Popen[bytes]:
        """Make the child process, in a group of its own so that Ctrl-C reaches only us."""
        command = [
            self.cluster.binaries.program("postgres"),
            *("-D", str(self.cluster.data), "-k", str(self.sockets), "-h", "", "-p", str(PORT)),
        ]
        for name, value in self._options.items():
            command += ["-c", f"{name}={value}"]
        with self.cluster.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - a fixed program of our own wheel
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.cluster.home,
                env=SAFE_LOCALE,
                process_group=0,
                preexec_fn=self._die_with_thread,  # noqa: PLW1509 - one call into libc, no locks
                **self.cluster.owner.process_options(),
            )

    def _answers(self, process: subprocess.Popen[bytes], deadline_s: float) -> bool:
        """Knock until the server opens or ends."""
        address = f"host={self.sockets} port={PORT} user={SUPERUSER} dbname=postgres"
        while process.poll() is None and time.monotonic() < deadline_s:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(address, connect_timeout=5).close()
                return True
            if self._stopping.wait(0.02):
                return False
        return False


def _death_signal() -> Callable[[], None] | None:
    """What the child runs before it becomes PostgreSQL: die fast when our thread is gone."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _end(process: subprocess.Popen[bytes], farewell: signal.Signals) -> None:
    """Fast shutdown, and an immediate one if that hangs; the log makes both safe."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(farewell)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait()


def _turn_over(log: Path) -> None:
    """Keep one old log when the current one has grown too long."""
    if log.exists() and log.stat().st_size > _MAX_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _words_since(log: Path, offset: int) -> str:
    """What the server wrote since a position of its log."""
    with log.open("rb") as lines:
        lines.seek(offset)
        return lines.read(64 * 1024).decode(errors="replace")
