"""Keys of this installation: made on the first start, mode 0600, never in the repository."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from qinghuan.core.errors import Invalid, Refused
from qinghuan.infra.errors import InfraError

KEY_BYTES = 32
"""Enough for an Ed25519 seed, an AES-256 key and an HMAC-SHA-256 key."""


class KeyTooOpen(InfraError, Refused):
    """Others on this machine may read a key, so it is no secret."""

    code: ClassVar[str] = "infra.key-too-open"
    zh: ClassVar[str] = "密钥 {path} 的权限为 {mode}，其他用户可读。请执行：chmod {wanted} {path}"

    def __init__(self, path: Path, mode: str, wanted: str) -> None:
        """Keep the file, its mode and the mode it should have."""
        super().__init__(f"{path} has mode {mode}: run chmod {wanted} {path}")
        self.path = path
        self.mode = mode
        self.wanted = wanted


class KeyOfSomeoneElse(InfraError, Refused):
    """A key belongs to another user, who could change it."""

    code: ClassVar[str] = "infra.key-of-someone-else"
    zh: ClassVar[str] = "密钥 {path} 属于其他用户，不予使用"

    def __init__(self, path: Path) -> None:
        """Keep the file."""
        super().__init__(f"{path} belongs to another user")
        self.path = path


class KeyDamaged(InfraError, Invalid):
    """A key file does not hold a key."""

    code: ClassVar[str] = "infra.key-damaged"
    zh: ClassVar[str] = "密钥文件 {path} 已损坏。请从备份恢复；删除它会使旧数据无法解密或验证"

    def __init__(self, path: Path) -> None:
        """Keep the file."""
        super().__init__(f"{path} does not hold a key; restore it from a backup")
        self.path = path


class KeyFolder:
    """The folder of keys of one installation."""

    def __init__(self, data_dir: Path) -> None:
        """Name the folder; it is made with the first key.

        Args:
            data_dir: The platform's data folder; keys go into `keys/` in it.
        """
        self.folder = data_dir / "keys"

    def names(self) -> tuple[str, ...]:
        """Names of the keys made so far."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.key")))

    def key(self, name: str) -> bytes:
        """Give a key, making it when it is asked for the first time.

        Args:
            name: What it is for, such as `session`, `log-signing`, `blob`.

        Returns:
            `KEY_BYTES` random bytes, the same at every start.

        Raises:
            KeyTooOpen: The folder or file may be read by others.
            KeyOfSomeoneElse: Another user owns it.
            KeyDamaged: The file holds something else.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _check_private(self.folder, 0o700)
        path = self.folder / f"{name}.key"
        if not path.exists():
            _write_once(path, os.urandom(KEY_BYTES))
        return read_key(path)


def read_key(path: Path) -> bytes:
    """Read a key file that nobody else may read.

    Raises:
        KeyTooOpen: Others may read it.
        KeyOfSomeoneElse: Another user owns it.
        KeyDamaged: It does not hold `KEY_BYTES` bytes in hexadecimal.
    """
    _check_private(path, 0o600)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        raise KeyDamaged(path) from None
    if len(key) != KEY_BYTES:
        raise KeyDamaged(path)
    return key


def _check_private(path: Path, wanted: int) -> None:
    """Refuse a file or folder that others may enter, read or replace."""
    found = path.stat()
    if found.st_uid != os.geteuid():
        raise KeyOfSomeoneElse(path)
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise KeyTooOpen(path, f"{stat.S_IMODE(found.st_mode):04o}", f"{wanted:04o}")


def _write_once(path: Path, key: bytes) -> None:
    """Write a key whole and durable; if another process was first, its key stands."""
    handle, partial = tempfile.mkstemp(prefix=".making-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            Path(path).hardlink_to(partial)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        Path(partial).unlink()
