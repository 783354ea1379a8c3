"""Back an installation up while it runs."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from qinghuan.infra.backup.archive import DUMP, ArchiveWriter, Manifest, writing
from qinghuan.infra.backup.tools import dump
from qinghuan.infra.blob_folder import BlobFolder
from qinghuan.infra.migrations.runner import current
from qinghuan.infra.postgres.external import check_server


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What a backup holds."""

    manifest: Manifest
    damaged_blobs: tuple[str, ...]
    """Addresses whose file no longer fits its hash; they were saved as they are."""


def backup(
    url: str,
    data_dir: Path,
    target: Path,
    *,
    has_keys: bool = False,
    bin_dir: Path | None = None,
) -> BackupReport:
    """Write database, blobs and, if wanted, keys into one file of mode 0600.

    The database is dumped first: every content its rows name is on disk already, and the
    sweeper leaves a content alone for a day after its row went.

    Args:
        url: Address of the running database.
        data_dir: The platform's data folder.
        target: File to write; it appears only when it is whole.
        has_keys: Put the keys in as well. Without them sensitive contents cannot be opened;
            with them whoever holds the file can.
        bin_dir: Folder of pg_dump; the wheel's by default.

    Raises:
        BackupExists: The file exists.
        ToolMismatch: pg_dump is of another major version than the server.
        MayNotReadAll: The database user does not see every row.
        ToolFailed: pg_dump failed.
    """
    facts = check_server(url)
    revision = current(url) or ""
    with writing(target) as archive:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as scratch:
            dumped = Path(scratch) / DUMP
            dump(url, dumped, bin_dir=bin_dir, server_major=facts.major)
            archive.add(DUMP, dumped)
        damaged = _add_blobs(archive, data_dir)
        if has_keys:
            _add_keys(archive, data_dir)
        manifest = Manifest(
            made_at=datetime.now(UTC),
            program_version=version("qinghuan"),
            postgres_major=facts.major,
            revision=revision,
            members=tuple(archive.members),
        )
        archive.finish(manifest)
    return BackupReport(manifest=manifest, damaged_blobs=damaged)


def _add_blobs(archive: ArchiveWriter, data_dir: Path) -> tuple[str, ...]:
    """Add every content; tell which no longer fit their address."""
    folder = data_dir / "blobs"
    if not folder.exists():
        return ()
    store = BlobFolder(folder)
    added = [archive.add(f"blobs/{path.name}", path) for path in store.paths()]
    return tuple(
        member.name.removeprefix("blobs/")
        for member in added
        if not member.name.endswith(member.sha256)
    )


def _add_keys(archive: ArchiveWriter, data_dir: Path) -> None:
    """Add every key file."""
    for path in sorted((data_dir / "keys").glob("*")):
        if path.is_file() and not path.name.startswith("."):
            archive.add(f"keys/{path.name}", path)
