"""Photos, clips, documents and raw originals, each with a register row and a security mark.

Contents marked sensitive or higher are sealed under a key of their own that only the row
holds, so forgetting the row destroys them; the rest lie plain and are stored once.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, ClassVar
from uuid import UUID

from sqlalchemy import Row, select

from qinghuan.core.errors import Invalid, NotFound, Unavailable
from qinghuan.core.identity import new_id
from qinghuan.infra import metrics, schema, sealing
from qinghuan.infra.blob_folder import READ_BYTES, BlobStore
from qinghuan.infra.database import Session
from qinghuan.infra.errors import InfraError

SEALED_FROM_MARK = 2
"""Security mark *sensitive*: from here on contents are encrypted at rest."""


class BlobTooLarge(InfraError, Invalid):
    """A content is larger than the site allows."""

    code: ClassVar[str] = "infra.blob-too-large"
    zh: ClassVar[str] = "文件超过上限 {limit_mb} MB"

    def __init__(self, limit_bytes: int) -> None:
        """Keep the limit in bytes."""
        super().__init__(f"content is larger than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes
        self.limit_mb = limit_bytes // 1_000_000


class BlobNotFound(InfraError, NotFound):
    """There is no such blob, or it is not the caller's to see."""

    code: ClassVar[str] = "infra.blob-not-found"
    zh: ClassVar[str] = "文件不存在或无权查看"

    def __init__(self, blob_id: UUID) -> None:
        """Keep the id."""
        super().__init__(f"no blob {blob_id}")
        self.blob_id = blob_id


class BlobDamaged(InfraError, Unavailable):
    """The stored content is missing or no longer fits its hash."""

    code: ClassVar[str] = "infra.blob-damaged"
    zh: ClassVar[str] = "文件 {blob_id} 的内容缺失或已损坏，请从备份恢复"

    def __init__(self, blob_id: UUID) -> None:
        """Keep the id."""
        super().__init__(f"content of blob {blob_id} is missing or damaged; restore it")
        self.blob_id = blob_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """What the register says about a content."""

    blob_id: UUID
    sha256: str
    """Of the content itself, also when it is stored sealed."""
    size_bytes: int
    media_type: str
    area_code: str | None
    mark: int
    stored_at: datetime


class Blobs:
    """The register and the store together."""

    def __init__(self, store: BlobStore, *, master_key: bytes, max_bytes: int) -> None:
        """Join the parts.

        Args:
            store: Where contents lie.
            master_key: The installation's key `blob`, under which contents' keys are wrapped.
            max_bytes: Largest content accepted.
        """
        self.store = store
        self._master_key = master_key
        self._max_bytes = max_bytes

    def keep(
        self,
        session: Session,
        content: BinaryIO,
        *,
        media_type: str,
        mark: int,
        area_code: str | None,
        at: datetime,
    ) -> Blob:
        """Store a content; it is registered when the caller's transaction commits.

        Args:
            session: The caller's transaction.
            content: Read to its end.
            media_type: As found by looking at the content, not as the sender claims.
            mark: Security mark, 0 to 3.
            area_code: Short code of the place it belongs to; None for the platform's own.
            at: Now, aware UTC.

        Raises:
            BlobTooLarge: It is larger than the site allows; nothing is kept.
            DiskFull: There is no room.
        """
        meter = _Meter(content, self._max_bytes)
        wrapped_key = None
        chunks: Iterable[bytes] = meter
        if mark >= SEALED_FROM_MARK:
            content_key = sealing.new_content_key()
            wrapped_key = sealing.wrap(content_key, self._master_key)
            chunks = sealing.seal(meter, content_key)
        address = self.store.put(chunks)
        blob = Blob(
            blob_id=new_id(),
            sha256=meter.sha256,
            size_bytes=meter.size_bytes,
            media_type=media_type,
            area_code=area_code,
            mark=mark,
            stored_at=at,
        )
        _register(session, blob, address, wrapped_key)
        metrics.BLOB_BYTES.labels("in").inc(blob.size_bytes)
        return blob

    def find(self, session: Session, blob_id: UUID) -> Blob:
        """Look a blob up.

        Raises:
            BlobNotFound: It does not exist or the session's scope does not reach it.
        """
        return _noun(_row(session, blob_id))

    def chunks(self, session: Session, blob_id: UUID) -> Iterator[bytes]:
        """Read a content, checked: the last chunk comes only when the hash fits.

        Raises:
            BlobNotFound: It does not exist or the session's scope does not reach it.
            BlobDamaged: It is missing or changed; what was given out before is incomplete.
        """
        row = _row(session, blob_id)
        return self._checked(_noun(row), row.stored_sha256, row.wrapped_key)

    def read(self, session: Session, blob_id: UUID) -> bytes:
        """Read a whole content, checked.

        Raises:
            BlobNotFound: It does not exist or the session's scope does not reach it.
            BlobDamaged: It is missing or changed.
        """
        return b"".join(self.chunks(session, blob_id))

    def forget(self, session: Session, blob_id: UUID) -> None:
        """Remove a blob's row; a sealed content is unreadable once this commits.

        Raises:
            BlobNotFound: It does not exist or the session's scope does not reach it.
        """
        _row(session, blob_id)
        session.execute(schema.blob.delete().where(schema.blob.c.id == blob_id))

    def sweep(self, session: Session, *, before: datetime) -> int:
        """Remove contents that no row names and that nobody stored since a time.

        Args:
            session: In the SYSTEM scope, so that it sees every row.
            before: At least a day ago: a transaction under way has no row yet.

        Returns:
            How many were removed.
        """
        removed = 0
        for address in self.store.addresses():
            named = session.execute(
                select(schema.blob.c.id).where(schema.blob.c.stored_sha256 == address).limit(1)
            ).first()
            if named is None:
                removed += self.store.remove_if_older(address, before)
        return removed

    def damaged(self, session: Session) -> Iterator[Blob]:
        """Read every content the session sees and give the blobs that are damaged."""
        for row in session.execute(select(schema.blob).order_by(schema.blob.c.id)):
            blob = _noun(row)
            try:
                for _ in self._checked(blob, row.stored_sha256, row.wrapped_key):
                    pass
            except BlobDamaged:
                yield blob

    def _checked(self, blob: Blob, address: str, wrapped_key: bytes | None) -> Iterator[bytes]:
        """Read a content, holding one chunk back until the hash is known."""
        digest, held = hashlib.sha256(), b""
        try:
            chunks = self.store.chunks(address)
            if wrapped_key is not None:
                key = sealing.unwrap(wrapped_key, self._master_key)
                chunks = sealing.unseal(chunks, key)
            for chunk in chunks:
                digest.update(chunk)
                if held:
                    yield held
                held = chunk
        except (FileNotFoundError, sealing.SealBroken) as error:
            metrics.BLOBS_DAMAGED.inc()
            raise BlobDamaged(blob.blob_id) from error
        if digest.hexdigest() != blob.sha256:
            metrics.BLOBS_DAMAGED.inc()
            raise BlobDamaged(blob.blob_id)
        metrics.BLOB_BYTES.labels("out").inc(blob.size_bytes)
        yield held


class _Meter:
    """Reads a content once, hashing and counting on the way."""

    def __init__(self, content: BinaryIO, max_bytes: int) -> None:
        self._content = content
        self._max_bytes = max_bytes
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    @property
    def sha256(self) -> str:
        """Hash of what was read so far."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._content.read(READ_BYTES):
            self.size_bytes += len(chunk)
            if self.size_bytes > self._max_bytes:
                raise BlobTooLarge(self._max_bytes)
            self._digest.update(chunk)
            yield chunk


def _register(session: Session, blob: Blob, address: str, wrapped_key: bytes | None) -> None:
    """Write a blob's row."""
    session.execute(
        schema.blob.insert().values(
            id=blob.blob_id,
            sha256=blob.sha256,
            stored_sha256=address,
            wrapped_key=wrapped_key,
            size_bytes=blob.size_bytes,
            media_type=blob.media_type,
            area_code=blob.area_code,
            mark=blob.mark,
            stored_at=blob.stored_at,
        )
    )


def _row(session: Session, blob_id: UUID) -> Row[tuple[object, ...]]:
    """A blob's row, if the scope reaches it."""
    row = session.execute(select(schema.blob).where(schema.blob.c.id == blob_id)).first()
    if row is None:
        raise BlobNotFound(blob_id)
    return row


def _noun(row: Row[tuple[object, ...]]) -> Blob:
    """What a row says."""
    return Blob(
        blob_id=row.id,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        media_type=row.media_type,
        area_code=row.area_code,
        mark=row.mark,
        stored_at=row.stored_at,
    )
