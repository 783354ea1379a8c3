"""The room's tables, as revision `0002_trace` makes them."""

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from qinghuan.infra.database import metadata

record = Table(
    "trace_record",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("seq", BigInteger, Identity(always=True), nullable=False),
    Column("leaf_index", BigInteger),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", TIMESTAMP(timezone=True), nullable=False),
    Column(
        "recorded_at",
        TIMESTAMP(timezone=True),
        server_default=text("clock_timestamp()"),
        nullable=False,
    ),
)
Index(
    "ix_trace_record_leaf_index",
    record.c.leaf_index,
    unique=True,
    postgresql_where=record.c.leaf_index.is_not(None),
)
Index("ix_trace_record_pending", record.c.seq, postgresql_where=record.c.leaf_index.is_(None))
Index("ix_trace_record_subject", record.c.subject, record.c.seq)
Index("ix_trace_record_actor", record.c.actor, record.c.seq)

edge = Table(
    "trace_edge",
    metadata,
    Column("record_id", Uuid, ForeignKey("trace_record.id"), primary_key=True),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("used_id", Uuid, ForeignKey("trace_record.id"), nullable=False, index=True),
    Column("used_hash", LargeBinary, nullable=False),
    Column("weight", Numeric),
    Column("role", Text, nullable=False),
)

tile = Table(
    "trace_tile",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("tile_index", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

checkpoint = Table(
    "trace_checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_at", TIMESTAMP(timezone=True), nullable=False),
)
