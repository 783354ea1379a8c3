"""Tables of the floor itself: the books of jobs and the register of blobs."""

from sqlalchemy import (
    CHAR,
    TIMESTAMP,
    BigInteger,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from qinghuan.infra.database import metadata

job_key = Table(
    "infra_job_key",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("job_id", BigInteger, nullable=False),
    Column("asked_at", TIMESTAMP(timezone=True), nullable=False),
)
"""Jobs that may be asked for once only."""

job_done = Table(
    "infra_job_done",
    metadata,
    Column("job_id", BigInteger, primary_key=True, autoincrement=False),
    Column("done_at", TIMESTAMP(timezone=True), nullable=False),
)
"""Written in the job's own transaction, so that a second run of it does nothing."""

job_failure = Table(
    "infra_job_failure",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("job_id", BigInteger, nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("failed_at", TIMESTAMP(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
)

blob = Table(
    "infra_blob",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sha256", CHAR(64), nullable=False, index=True),
    Column("stored_sha256", CHAR(64), nullable=False, index=True),
    Column("wrapped_key", LargeBinary),
    Column("size_bytes", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("area_code", Text),
    Column("mark", SmallInteger, nullable=False),
    Column("stored_at", TIMESTAMP(timezone=True), nullable=False),
    CheckConstraint("mark BETWEEN 0 AND 3", name="mark"),
    CheckConstraint("size_bytes >= 0", name="size"),
)
"""Several rows, each with its own mark and area, may share one content."""
