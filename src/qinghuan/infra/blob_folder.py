"""A folder whose files are named by the SHA-256 of what they hold."""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from qinghuan.infra.errors import DiskFull

READ_BYTES = 1 << 20


class BlobStore(Protocol):
    """Where contents lie; a folder here, an S3 bucket at a larger site."""

    def put(self, chunks: Iterable[bytes]) -> str:
        """Store a content durably and return its address, the SHA-256 in hexadecimal."""
        ...

    def chunks(self, address: str) -> Iterator[bytes]:
        """Read a content; raises FileNotFoundError when it is not there."""
        ...

    def addresses(self) -> Iterator[str]:
        """Every address stored."""
        ...

    def remove_if_older(self, address: str, than: datetime) -> bool:
        """Remove a content unless it was stored, perhaps again, since a time."""
        ...


class BlobFolder:
    """Contents as files `ab/cd/<sha256>`, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """Make the folder if need be, closed to other users."""
        self.folder = folder
        self._incoming = folder / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)

    def put(self, chunks: Iterable[bytes]) -> str:
        """Store a content durably.

        Returns:
            Its address, the SHA-256 in hexadecimal; the same content has one file.

        Raises:
            DiskFull: There is no room.
        """
        digest = hashlib.sha256()
        handle, name = tempfile.mkstemp(dir=self._incoming)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            return self._settle(partial, digest.hexdigest())
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                free_mb = shutil.disk_usage(self.folder).free // 1_000_000
                raise DiskFull(self.folder, free_mb) from error
            raise
        finally:
            partial.unlink(missing_ok=True)

    def chunks(self, address: str) -> Iterator[bytes]:
        """Read a content as it lies on disk.

        Raises:
            FileNotFoundError: It is not there.
        """
        with self._path(address).open("rb") as file:
            while chunk := file.read(READ_BYTES):
                yield chunk

    def addresses(self) -> Iterator[str]:
        """Every address stored."""
        return (path.name for path in self.paths())

    def paths(self) -> Iterator[Path]:
        """Every file stored, in no order."""
        return self.folder.glob("??/??/*")

    def remove_if_older(self, address: str, than: datetime) -> bool:
        """Remove a content unless it was stored, perhaps again, since a time."""
        path = self._path(address)
        with self._locked(fcntl.LOCK_EX):
            try:
                if path.stat().st_mtime >= than.timestamp():
                    return False
                path.unlink()
            except FileNotFoundError:
                return False
        return True

    def sweep_incoming(self, than: datetime) -> int:
        """Remove half-written contents of processes that died before a time."""
        removed = 0
        for path in self._incoming.iterdir():
            if path.stat().st_mtime < than.timestamp():
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _path(self, address: str) -> Path:
        """Where a content lies; an address that is no hash leads nowhere."""
        if len(address) != 64 or not set(address) <= set("0123456789abcdef"):
            raise FileNotFoundError(address)
        return self.folder / address[:2] / address[2:4] / address

    def _settle(self, partial: Path, address: str) -> str:
        """Give a whole file its name, and keep the sweeper away from one that had it."""
        path = self._path(address)
        with self._locked(fcntl.LOCK_SH):
            if path.exists() and path.stat().st_size == partial.stat().st_size:
                os.utime(path)
                return address
            for folder in (path.parent.parent, path.parent):
                if not folder.exists():
                    folder.mkdir(exist_ok=True, mode=0o700)
                    _sync(folder.parent)
            partial.replace(path)
            _sync(path.parent)
        return address

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        """Keep storing and sweeping apart, also between processes."""
        with (self.folder / ".lock").open("a") as lock:
            fcntl.flock(lock, how)
            yield


def _sync(folder: Path) -> None:
    """Make a folder's new names durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
