"""Bring a backup back into an empty installation."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psycopg

from qinghuan.infra.backup.archive import DUMP, Manifest, members, verify
from qinghuan.infra.backup.errors import NotEmpty, ToolMismatch
from qinghuan.infra.backup.tools import load
from qinghuan.infra.blob_folder import READ_BYTES, BlobFolder
from qinghuan.infra.migrations.runner import migrate
from qinghuan.infra.migrations.security import JOIN_ROLE, MAKE_ROLE
from qinghuan.infra.postgres.external import check_server, plain_url


def restore(url: str, data_dir: Path, source: Path, *, bin_dir: Path | None = None) -> Manifest:
    """Bring database, blobs and keys back; the database comes last and whole.

    The backup is read and checked from end to end before anything is written. A restore
    that was interrupted can be run again.

    Args:
        url: Address of a running, empty database.
        data_dir: The platform's data folder, empty but for the embedded database.
        source: A file that `backup` wrote.
        bin_dir: Folder of pg_restore; the wheel's by default.

    Returns:
        The manifest; without keys in it, sensitive contents stay closed until they are back.

    Raises:
        BackupDamaged: The file is incomplete or changed; nothing was written.
        NotEmpty: Something is there already; nothing was written.
        ToolMismatch: Server or pg_restore are of another major version than the backup.
        ToolFailed: pg_restore failed; the database is as before.
    """
    manifest = verify(source)
    facts = check_server(url)
    if facts.major != manifest.postgres_major:
        raise ToolMismatch("PostgreSQL", facts.major, manifest.postgres_major)
    _refuse_unless_empty(url, data_dir, source, manifest)
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data_dir) as scratch:
        dumped = Path(scratch) / DUMP
        _unpack(source, data_dir, dumped)
        with psycopg.connect(plain_url(url), autocommit=True) as connection:
            connection.execute(MAKE_ROLE.encode())
            connection.execute(JOIN_ROLE.encode())
        load(url, dumped, bin_dir=bin_dir, dump_major=manifest.postgres_major)
    migrate(url)
    return manifest


def _refuse_unless_empty(url: str, data_dir: Path, source: Path, manifest: Manifest) -> None:
    """Look for anything a restore would overwrite or mix with."""
    with psycopg.connect(plain_url(url)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')"
        ).fetchone()
    if row is not None and row[0]:
        raise NotEmpty(f"the database has {row[0]} tables", f"数据库已有 {row[0]} 个表")
    ours = {member.name for member in manifest.members}
    strangers = [path for path in _blob_paths(data_dir) if f"blobs/{path.name}" not in ours]
    if strangers:
        raise NotEmpty(
            f"the blob folder has {len(strangers)} other contents",
            f"文件库已有 {len(strangers)} 个其他文件",
        )
    for name, content in _keys(source):
        kept = data_dir / name
        if kept.exists() and kept.read_bytes() != content.read():
            raise NotEmpty(f"another key {name} is there", f"已有另一个密钥 {name}")


def _blob_paths(data_dir: Path) -> Iterator[Path]:
    """Contents that are there already."""
    folder = data_dir / "blobs"
    if folder.exists():
        yield from BlobFolder(folder).paths()


def _keys(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The keys of a backup."""
    return (each for each in members(source) if each[0].startswith("keys/"))


def _unpack(source: Path, data_dir: Path, dumped: Path) -> None:
    """Put every member where it belongs."""
    store = BlobFolder(data_dir / "blobs")
    for name, content in members(source):
        if name == DUMP:
            with dumped.open("wb") as file:
                shutil.copyfileobj(content, file, READ_BYTES)
        elif name.startswith("blobs/"):
            store.put(iter(lambda content=content: content.read(READ_BYTES), b""))  # type: ignore[misc]
        else:
            _write_key(data_dir / name, content.read())


def _write_key(path: Path, content: bytes) -> None:
    """Write a key back, private from the first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
