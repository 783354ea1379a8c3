"""A backup is whole and checked, and comes back into an empty installation only."""

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select

from qinghuan.infra import schema
from qinghuan.infra.backup.archive import MANIFEST, verify
from qinghuan.infra.backup.errors import (
    BackupDamaged,
    BackupExists,
    MayNotReadAll,
    NotEmpty,
    ToolFailed,
    ToolMismatch,
)
from qinghuan.infra.backup.make import backup
from qinghuan.infra.backup.restore import restore
from qinghuan.infra.blob_folder import BlobFolder
from qinghuan.infra.blobs import Blobs
from qinghuan.infra.database import SYSTEM, Database, Scope
from qinghuan.infra.jobs import count_by_status, enqueue
from qinghuan.infra.secrets import KeyFolder

pytestmark = pytest.mark.db

AT = datetime(2026, 3, 1, tzinfo=UTC)
CONTENTS = {0: b"plain " * 1000, 2: b"sensitive 13812345678"}


def blobs_of(data_dir: Path) -> Blobs:
    return Blobs(
        BlobFolder(data_dir / "blobs"),
        master_key=KeyFolder(data_dir).key("blob"),
        max_bytes=10_000_000,
    )


@pytest.fixture
def home(tmp_path: Path, database: Database) -> Path:
    """Data folder of an installation with rows, jobs, blobs and keys."""
    data_dir = tmp_path / "home"
    with database.transaction(SYSTEM) as session:
        for mark, content in CONTENTS.items():
            blobs_of(data_dir).keep(
                session,
                io.BytesIO(content),
                media_type="text/plain",
                mark=mark,
                area_code="990101",
                at=AT,
            )
        enqueue(session, "room.later", {"n": 1}, key="k")
    return data_dir


@pytest.fixture
def saved(home: Path, database: Database, tmp_path: Path) -> Path:
    target = tmp_path / "saved.tar"
    backup(database.url, home, target, has_keys=True)
    return target


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    opened = Database(empty_database_url, pool_size=2)
    yield opened
    opened.close()


def kept(database: Database) -> list[UUID]:
    with database.transaction(SYSTEM) as session:
        return list(session.scalars(select(schema.blob.c.id).order_by(schema.blob.c.id)))


def test_rows_jobs_blobs_and_keys_come_back(
    saved: Path, database: Database, empty: Database, tmp_path: Path
) -> None:
    new_home = tmp_path / "new"

    manifest = restore(empty.url, new_home, saved)

    assert manifest.has_keys
    assert kept(empty) == kept(database)
    with empty.transaction(SYSTEM) as session:
        contents = [blobs_of(new_home).read(session, blob_id) for blob_id in kept(empty)]
        assert sorted(contents) == sorted(CONTENTS.values())
        assert count_by_status(session) == {"todo": 1}
        assert enqueue(session, "room.later", {"n": 1}, key="k") == 1


def test_row_level_security_comes_back_too(saved: Path, empty: Database, tmp_path: Path) -> None:
    restore(empty.url, tmp_path / "new", saved)

    with empty.transaction(Scope(area_prefixes=("9902",), mark=3)) as session:
        assert session.execute(select(func.count()).select_from(schema.blob)).scalar_one() == 0


def test_a_backup_is_private_and_lists_every_member(saved: Path) -> None:
    manifest = verify(saved)

    assert saved.stat().st_mode & 0o777 == 0o600
    assert manifest.postgres_major == 18
    assert len(manifest.members) == 1 + len(CONTENTS) + 1
    assert [path.name for path in saved.parent.iterdir() if path.name.startswith(".")] == []


def test_without_being_asked_no_key_leaves_the_house(
    home: Path, database: Database, tmp_path: Path
) -> None:
    report = backup(database.url, home, tmp_path / "s.tar")

    assert not report.manifest.has_keys
    assert KeyFolder(home).key("blob").hex().encode() not in (tmp_path / "s.tar").read_bytes()
    assert CONTENTS[2] not in (tmp_path / "s.tar").read_bytes()


def test_a_backup_never_overwrites(saved: Path, home: Path, database: Database) -> None:
    with pytest.raises(BackupExists):
        backup(database.url, home, saved)


def test_a_damaged_content_is_saved_and_told(
    home: Path, database: Database, tmp_path: Path
) -> None:
    path = next(BlobFolder(home / "blobs").paths())
    path.write_bytes(b"rotten")

    assert backup(database.url, home, tmp_path / "s.tar").damaged_blobs == (path.name,)


def test_a_restore_over_tables_is_refused(saved: Path, database: Database, tmp_path: Path) -> None:
    with pytest.raises(NotEmpty, match="tables"):
        restore(database.url, tmp_path / "new", saved)

    assert not (tmp_path / "new").exists()


def test_a_restore_beside_other_contents_is_refused(
    saved: Path, empty: Database, tmp_path: Path
) -> None:
    BlobFolder(tmp_path / "new" / "blobs").put([b"someone's"])

    with pytest.raises(NotEmpty, match="1 other contents"):
        restore(empty.url, tmp_path / "new", saved)


def test_a_restore_over_another_key_is_refused(
    saved: Path, empty: Database, tmp_path: Path
) -> None:
    KeyFolder(tmp_path / "new").key("blob")

    with pytest.raises(NotEmpty, match=r"keys/blob\.key"):
        restore(empty.url, tmp_path / "new", saved)


def test_an_interrupted_restore_can_be_run_again(
    saved: Path, empty: Database, tmp_path: Path
) -> None:
    broken = tmp_path / "bin"
    broken.mkdir()
    (broken / "pg_restore").write_text(
        "#!/bin/sh\nif [ $1 = --version ]; then echo 'pg_restore (PostgreSQL) 18.0'; exit; fi\n"
        "echo 'power cut' >&2; exit 1\n"
    )
    (broken / "pg_restore").chmod(0o755)
    with pytest.raises(ToolFailed, match="power cut"):
        restore(empty.url, tmp_path / "new", saved, bin_dir=broken)

    restore(empty.url, tmp_path / "new", saved)

    assert len(kept(empty)) == len(CONTENTS)


def rewritten(source: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    target = source.with_name("changed.tar")
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for entry in old:
            content = old.extractfile(entry)
            assert content is not None
            changed = change(entry.name, content.read())
            if changed is not None:
                name, words = changed
                made = tarfile.TarInfo(name)
                made.size = len(words)
                new.addfile(made, io.BytesIO(words))
    return target


def without_manifest(name: str, words: bytes) -> tuple[str, bytes] | None:
    return None if name == MANIFEST else (name, words)


def without_a_blob(name: str, words: bytes) -> tuple[str, bytes] | None:
    return None if name.startswith("blobs/") else (name, words)


def with_a_changed_dump(name: str, words: bytes) -> tuple[str, bytes]:
    return (name, words[:-1] + bytes([words[-1] ^ 1])) if name == "database.dump" else (name, words)


def with_an_escaping_name(name: str, words: bytes) -> tuple[str, bytes]:
    return ("../outside", words) if name.startswith("blobs/") else (name, words)


def with_another_format(name: str, words: bytes) -> tuple[str, bytes]:
    return (name, b'{"format": "other"}') if name == MANIFEST else (name, words)


def with_a_poor_manifest(name: str, words: bytes) -> tuple[str, bytes]:
    if name != MANIFEST:
        return name, words
    body = json.loads(words)
    del body["revision"]
    return name, json.dumps(body).encode()


@pytest.mark.parametrize(
    "change",
    [
        without_manifest,
        without_a_blob,
        with_a_changed_dump,
        with_an_escaping_name,
        with_another_format,
        with_a_poor_manifest,
    ],
)
def test_a_changed_backup_is_refused_before_anything_is_written(
    saved: Path,
    empty: Database,
    tmp_path: Path,
    change: Callable[[str, bytes], tuple[str, bytes] | None],
) -> None:
    with pytest.raises(BackupDamaged):
        restore(empty.url, tmp_path / "new", rewritten(saved, change))

    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_backup_cut_short_is_refused(saved: Path, share: float) -> None:
    os.truncate(saved, int(saved.stat().st_size * share))

    with pytest.raises(BackupDamaged):
        verify(saved)


def test_a_file_that_is_no_backup_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(os.urandom(10_000))

    for name in ("x.tar", "nowhere.tar"):
        with pytest.raises(BackupDamaged):
            verify(tmp_path / name)


def test_programs_of_another_version_are_refused_and_the_setting_is_named(
    home: Path, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.4'\n")
    (tmp_path / "pg_dump").chmod(0o755)

    with pytest.raises(ToolMismatch) as caught:
        backup(database.url, home, tmp_path / "s.tar", bin_dir=tmp_path)

    assert (caught.value.tool_major, caught.value.needed_major) == (15, 18)
    assert "QINGHUAN_POSTGRES_BIN_DIR" in caught.value.message_zh()
    assert not list(tmp_path.glob("s.tar*"))


def test_programs_that_are_not_there_are_told(
    home: Path, database: Database, tmp_path: Path
) -> None:
    with pytest.raises(ToolFailed):
        backup(database.url, home, tmp_path / "s.tar", bin_dir=tmp_path / "nowhere")


def test_a_user_who_does_not_see_every_row_cannot_make_a_backup_with_holes(
    home: Path, database: Database, tmp_path: Path
) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE half_blind LOGIN IN ROLE qinghuan_app")
        connection.execute("GRANT CREATE ON SCHEMA public TO half_blind")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO half_blind")
        connection.execute("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO half_blind")
        try:
            url = database.url.replace("qinghuan@", "half_blind@")
            with pytest.raises(MayNotReadAll):
                backup(url, home, tmp_path / "s.tar")
        finally:
            connection.execute("DROP OWNED BY half_blind")
            connection.execute("DROP ROLE half_blind")
