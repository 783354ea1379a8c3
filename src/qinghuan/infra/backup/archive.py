"""The file of a backup: a tar whose last member lists every other with its hash."""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self

from qinghuan.infra.backup.errors import BackupDamaged, BackupExists

FORMAT = "qinghuan-backup/1"
MANIFEST = "manifest.json"
DUMP = "database.dump"

_MAX_MANIFEST_BYTES = 1 << 30
_NAME = re.compile(r"database\.dump|blobs/[0-9a-f]{64}|keys/[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in a backup."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says about itself."""

    made_at: datetime
    program_version: str
    postgres_major: int
    revision: str
    members: tuple[Member, ...]

    @property
    def has_keys(self) -> bool:
        """Whether sealed contents can be opened and the log continued with it alone."""
        return any(member.name.startswith("keys/") for member in self.members)

    def to_json(self) -> bytes:
        """The text of the last member."""
        body = {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "program_version": self.program_version,
            "postgres_major": self.postgres_major,
            "revision": self.revision,
            "members": [
                {"name": each.name, "size_bytes": each.size_bytes, "sha256": each.sha256}
                for each in self.members
            ],
        }
        return json.dumps(body, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, words: bytes) -> Self:
        """Read the last member.

        Raises:
            ValueError: It is no manifest of ours.
        """
        body = json.loads(words)
        if not isinstance(body, dict) or body.get("format") != FORMAT:
            raise ValueError("no manifest of this format")
        try:
            return cls(
                made_at=datetime.fromisoformat(body["made_at"]),
                program_version=str(body["program_version"]),
                postgres_major=int(body["postgres_major"]),
                revision=str(body["revision"]),
                members=tuple(
                    Member(
                        name=str(each["name"]),
                        size_bytes=int(each["size_bytes"]),
                        sha256=str(each["sha256"]),
                    )
                    for each in body["members"]
                ),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"manifest lacks {error}") from error


@dataclass(slots=True)
class ArchiveWriter:
    """Writes members and remembers their hashes."""

    tar: tarfile.TarFile
    members: list[Member] = field(default_factory=list)

    def add(self, name: str, source: Path) -> Member:
        """Add a file.

        Args:
            name: Its name in the backup.
            source: The file; it must not change meanwhile.
        """
        with source.open("rb") as file:
            return self._add(name, file, os.fstat(file.fileno()).st_size)

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest as the last member."""
        words = manifest.to_json()
        self.tar.addfile(_entry(MANIFEST, len(words)), io.BytesIO(words))

    def _add(self, name: str, file: IO[bytes], size_bytes: int) -> Member:
        """Copy a file in while hashing it."""
        hashing = _Hashing(file)
        self.tar.addfile(_entry(name, size_bytes), hashing)
        member = Member(name=name, size_bytes=size_bytes, sha256=hashing.digest.hexdigest())
        self.members.append(member)
        return member


@contextmanager
def writing(target: Path) -> Iterator[ArchiveWriter]:
    """Write a backup that appears under its name only when it is whole and durable.

    Raises:
        BackupExists: The name is taken.
    """
    if target.exists():
        raise BackupExists(target)
    partial = target.with_name(target.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield ArchiveWriter(tar)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def verify(source: Path) -> Manifest:
    """Read a whole backup and hold every member against the manifest.

    Raises:
        BackupDamaged: Anything is missing, added, changed or misnamed.
    """
    try:
        return _verified(source)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise BackupDamaged(source, str(error)) from error


def members(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Give every member but the manifest with its open content; call `verify` before."""
    with tarfile.open(source, "r:") as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            if entry.name != MANIFEST and content is not None:
                yield entry.name, content


def _verified(source: Path) -> Manifest:
    """Compare what is there with what should be."""
    found: dict[str, Member] = {}
    words: bytes | None = None
    with tarfile.open(source, "r:") as tar:
        for entry in tar:
            if words is not None:
                raise BackupDamaged(source, f"{entry.name} follows the manifest")
            content = tar.extractfile(entry) if entry.isreg() else None
            if content is None or entry.name in found:
                raise BackupDamaged(source, f"{entry.name!r} has no place in a backup")
            if entry.name == MANIFEST:
                words = content.read(_MAX_MANIFEST_BYTES)
            elif _NAME.fullmatch(entry.name):
                digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
                found[entry.name] = Member(name=entry.name, size_bytes=entry.size, sha256=digest)
            else:
                raise BackupDamaged(source, f"{entry.name!r} has no place in a backup")
    if words is None:
        raise BackupDamaged(source, "it has no manifest: it was cut short")
    manifest = Manifest.from_json(words)
    _compare(source, manifest, found)
    return manifest


def _compare(source: Path, manifest: Manifest, found: dict[str, Member]) -> None:
    """Hold the members against the list."""
    listed = {member.name: member for member in manifest.members}
    if wrong := sorted(listed.keys() ^ found.keys()):
        raise BackupDamaged(source, f"{wrong[0]} is missing or not listed")
    for name, member in listed.items():
        if found[name] != member:
            raise BackupDamaged(source, f"{name} does not fit its hash")
    if DUMP not in listed:
        raise BackupDamaged(source, "it holds no database")


class _Hashing:
    """Passes a file through while hashing it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _entry(name: str, size_bytes: int) -> tarfile.TarInfo:
    """A plain private file."""
    entry = tarfile.TarInfo(name)
    entry.size = size_bytes
    entry.mode = 0o600
    entry.mtime = int(datetime.now(UTC).timestamp())
    return entry
