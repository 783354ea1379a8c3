"""Records, their lineage, the log's tiles and checkpoints; append-only by trigger and grant."""

import sqlalchemy as sa
from alembic import op

from qinghuan.infra.migrations.security import grant

revision = "0002_trace"
down_revision = "0001_infra"
branch_labels = None
depends_on = None

KEEP = """
CREATE FUNCTION trace_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: the log only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

KEEP_RECORD = """
CREATE FUNCTION trace_keep_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    placed bigint := NEW.leaf_index;
BEGIN
    NEW.leaf_index := OLD.leaf_index;
    IF OLD.leaf_index IS NOT NULL OR placed IS NULL OR NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'UPDATE on trace_record refused: only a leaf index may be set, once'
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.leaf_index := placed;
    RETURN NEW;
END $$;
"""

KEEP_TILE = """
CREATE FUNCTION trace_keep_tile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level <> OLD.level OR NEW.tile_index <> OLD.tile_index
       OR substring(NEW.content FROM 1 FOR octet_length(OLD.content)) <> OLD.content THEN
        RAISE EXCEPTION 'UPDATE on trace_tile refused: a tile only grows'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

WAKE = """
CREATE FUNCTION trace_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('qinghuan_trace', '');
    RETURN NULL;
END $$;
"""


def upgrade() -> None:
    """Make the log's tables and what keeps them growing only."""
    _make_record()
    _make_edge()
    _make_tile()
    _make_checkpoint()
    for function in (KEEP, KEEP_RECORD, KEEP_TILE, WAKE):
        op.execute(function)
    for table, update in (
        ("trace_record", "trace_keep_record"),
        ("trace_edge", "trace_keep"),
        ("trace_tile", "trace_keep_tile"),
        ("trace_checkpoint", "trace_keep"),
    ):
        _keep(table, update)
    op.execute(
        "CREATE TRIGGER trace_record_wake AFTER INSERT ON trace_record "
        "FOR EACH STATEMENT EXECUTE FUNCTION trace_wake()"
    )


def _make_record() -> None:
    op.create_table(
        "trace_record",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("leaf_index", sa.BigInteger),
        sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("leaf_index >= 0", name="ck_trace_record_leaf_index"),
        sa.CheckConstraint("octet_length(body) <= 65535", name="ck_trace_record_body"),
        sa.CheckConstraint(
            r"leaf_hash = sha256('\x00'::bytea || body)", name="ck_trace_record_leaf_hash"
        ),
    )
    placed = sa.text("leaf_index IS NOT NULL")
    waiting = sa.text("leaf_index IS NULL")
    op.create_index(
        "ix_trace_record_leaf_index",
        "trace_record",
        ["leaf_index"],
        unique=True,
        postgresql_where=placed,
    )
    op.create_index("ix_trace_record_pending", "trace_record", ["seq"], postgresql_where=waiting)
    op.create_index("ix_trace_record_subject", "trace_record", ["subject", "seq"])
    op.create_index("ix_trace_record_actor", "trace_record", ["actor", "seq"])
    grant(
        op,
        "trace_record",
        verbs="SELECT, INSERT (id, leaf_hash, body, kind, subject, actor, at), UPDATE (leaf_index)",
    )


def _make_edge() -> None:
    op.create_table(
        "trace_edge",
        sa.Column("record_id", sa.Uuid, sa.ForeignKey("trace_record.id"), primary_key=True),
        sa.Column("position", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("used_id", sa.Uuid, sa.ForeignKey("trace_record.id"), nullable=False),
        sa.Column("used_hash", sa.LargeBinary, nullable=False),
        sa.Column("weight", sa.Numeric),
        sa.Column("role", sa.Text, nullable=False),
    )
    op.create_index("ix_trace_edge_used_id", "trace_edge", ["used_id"])
    grant(op, "trace_edge", verbs="SELECT, INSERT")


def _make_tile() -> None:
    op.create_table(
        "trace_tile",
        sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("tile_index", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.CheckConstraint(
            "octet_length(content) BETWEEN 32 AND 8192 AND octet_length(content) % 32 = 0",
            name="ck_trace_tile_content",
        ),
    )
    op.execute("ALTER TABLE trace_tile ALTER content SET STORAGE EXTERNAL")
    grant(op, "trace_tile", verbs="SELECT, INSERT, UPDATE (content)")


def _make_checkpoint() -> None:
    op.create_table(
        "trace_checkpoint",
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("signed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name="ck_trace_checkpoint_size"),
        sa.CheckConstraint("octet_length(root) = 32", name="ck_trace_checkpoint_root"),
    )
    grant(op, "trace_checkpoint", verbs="SELECT, INSERT")


def _keep(table: str, update: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {update}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_delete BEFORE DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION trace_keep()"
    )
