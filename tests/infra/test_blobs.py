"""Contents are stored once and whole, read checked, and destroyed with their row."""

import errno
import hashlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from typing_extensions import override

from qinghuan.infra.blob_folder import BlobFolder
from qinghuan.infra.blobs import Blob, BlobDamaged, BlobNotFound, Blobs, BlobTooLarge
from qinghuan.infra.database import Database, Scope, Session
from qinghuan.infra.errors import DiskFull

pytestmark = pytest.mark.db

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
PHONE = b"13812345678"


@pytest.fixture
def folder(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs")


@pytest.fixture
def blobs(folder: BlobFolder) -> Blobs:
    return Blobs(folder, master_key=b"m" * 32, max_bytes=3_000_000)


def keep(blobs: Blobs, session: Session, content: bytes, mark: int = 0) -> Blob:
    return blobs.keep(
        session, BytesIO(content), media_type="image/jpeg", mark=mark, area_code="990101", at=AT
    )


def files(folder: BlobFolder) -> list[Path]:
    return [path for path in folder.folder.rglob("*") if path.is_file() and path.name != ".lock"]


@pytest.mark.parametrize("mark", [0, 1, 2, 3])
@pytest.mark.parametrize("size", [0, 1, 2_500_000])
def test_a_content_comes_back_as_it_was(
    session: Session, blobs: Blobs, mark: int, size: int
) -> None:
    content = os.urandom(size)

    blob = keep(blobs, session, content, mark)

    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert blobs.find(session, blob.blob_id) == blob
    assert blobs.read(session, blob.blob_id) == content


def test_a_plain_content_kept_twice_has_one_file_and_two_rows(
    session: Session, blobs: Blobs, folder: BlobFolder
) -> None:
    first, second = keep(blobs, session, b"same"), keep(blobs, session, b"same")

    assert first.blob_id != second.blob_id
    assert [path.name for path in files(folder)] == [first.sha256]


def test_a_sensitive_content_is_not_readable_on_disk(
    session: Session, blobs: Blobs, folder: BlobFolder
) -> None:
    keep(blobs, session, b"call " + PHONE, mark=2)
    keep(blobs, session, b"call " + PHONE, mark=2)

    assert len(files(folder)) == 2
    assert not [path for path in files(folder) if PHONE in path.read_bytes()]


def test_a_forgotten_sensitive_content_cannot_be_opened_even_with_its_file(
    session: Session, blobs: Blobs, folder: BlobFolder
) -> None:
    blob = keep(blobs, session, PHONE, mark=2)

    blobs.forget(session, blob.blob_id)

    assert len(files(folder)) == 1
    with pytest.raises(BlobNotFound):
        blobs.read(session, blob.blob_id)


def test_a_content_over_the_limit_is_refused_and_leaves_nothing(
    session: Session, blobs: Blobs, folder: BlobFolder
) -> None:
    with pytest.raises(BlobTooLarge) as caught:
        keep(blobs, session, b"x" * 3_000_001)

    assert caught.value.limit_mb == 3
    assert files(folder) == []


class Torn(BytesIO):
    """A sender whose line breaks."""

    @override
    def read(self, _size: int | None = -1, /) -> bytes:
        """Break."""
        raise OSError(errno.ECONNRESET, "the sender went away")


def test_a_sender_who_goes_away_leaves_nothing(
    session: Session, blobs: Blobs, folder: BlobFolder
) -> None:
    with pytest.raises(OSError, match="went away"):
        blobs.keep(session, Torn(), media_type="x/y", mark=0, area_code=None, at=AT)

    assert files(folder) == []


def test_a_full_disk_is_told_as_such(folder: BlobFolder) -> None:
    def full() -> Iterable[bytes]:
        yield b"x"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull):
        folder.put(full())

    assert files(folder) == []


def damage(folder: BlobFolder, how: str) -> None:
    (path,) = files(folder)
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"\x00")


@pytest.mark.parametrize("mark", [0, 2])
@pytest.mark.parametrize("how", ["gone", "cut", "changed"])
def test_a_damaged_content_is_noticed_while_reading(
    session: Session, blobs: Blobs, folder: BlobFolder, how: str, mark: int
) -> None:
    blob = keep(blobs, session, b"x" * 2_000_000, mark)
    damage(folder, how)

    with pytest.raises(BlobDamaged):
        blobs.read(session, blob.blob_id)
    given_out: list[bytes] = []
    with pytest.raises(BlobDamaged):
        given_out.extend(blobs.chunks(session, blob.blob_id))
    assert sum(map(len, given_out)) < 2_000_000
    assert [found.blob_id for found in blobs.damaged(session)] == [blob.blob_id]


def test_a_sound_register_has_no_damaged_blob(session: Session, blobs: Blobs) -> None:
    keep(blobs, session, b"sound")

    assert list(blobs.damaged(session)) == []


@pytest.fixture
def marked(database: Database, blobs: Blobs) -> Blob:
    with database.transaction(Scope(area_prefixes=("9901",), mark=3)) as session:
        return keep(blobs, session, PHONE, mark=2)


@pytest.mark.parametrize(
    ("scope", "is_seen"),
    [
        (Scope(area_prefixes=("9901",), mark=2), True),
        (Scope(area_prefixes=("9901",), mark=1), False),
        (Scope(area_prefixes=("9902",), mark=3), False),
        (Scope(), False),
    ],
)
def test_mark_and_area_decide_who_reads(
    database: Database, blobs: Blobs, marked: Blob, *, scope: Scope, is_seen: bool
) -> None:
    with database.transaction(scope) as session:
        if is_seen:
            assert blobs.read(session, marked.blob_id) == PHONE
        else:
            with pytest.raises(BlobNotFound):
                blobs.read(session, marked.blob_id)


def test_an_unknown_blob_is_not_found(session: Session, blobs: Blobs) -> None:
    with pytest.raises(BlobNotFound):
        blobs.forget(session, uuid4())


@pytest.mark.parametrize("address", ["", "..", "../../etc/passwd", "g" * 64, "A" * 64])
def test_an_address_that_is_no_hash_leads_nowhere(folder: BlobFolder, address: str) -> None:
    with pytest.raises(FileNotFoundError):
        list(folder.chunks(address))


def test_the_sweep_removes_what_no_row_names_and_spares_what_is_young(
    session: Session, blobs: Blobs, folder: BlobFolder
) -> None:
    kept = keep(blobs, session, b"kept")
    folder.put([b"orphan"])

    assert blobs.sweep(session, before=datetime.now(UTC) - timedelta(days=1)) == 0
    assert blobs.sweep(session, before=datetime.now(UTC) + timedelta(seconds=5)) == 1
    assert [path.name for path in files(folder)] == [kept.sha256]


def test_storing_an_old_content_again_makes_it_young(folder: BlobFolder) -> None:
    address = folder.put([b"again"])
    path = next(folder.folder.glob(f"??/??/{address}"))
    os.utime(path, (0, 0))

    folder.put([b"again"])

    assert not folder.remove_if_older(address, datetime.now(UTC) - timedelta(hours=1))
    assert path.exists()


def test_half_written_contents_of_dead_processes_are_swept(folder: BlobFolder) -> None:
    left = folder.folder / "incoming" / "tmpleft"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))

    assert folder.sweep_incoming(datetime.now(UTC) - timedelta(days=1)) == 1
    assert files(folder) == []
