"""The app role, who sees a row, the job queue, and the register of blobs."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

from qinghuan.infra.database import APP_ROLE
from qinghuan.infra.migrations.security import (
    JOIN_ROLE,
    MAKE_ROLE,
    MAKE_SEES,
    grant,
    secure_by_area,
)

revision = "0001_infra"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the ground every other revision builds on."""
    op.execute(MAKE_ROLE)
    op.execute(JOIN_ROLE)
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
    op.execute(MAKE_SEES)
    _make_queue()
    _make_job_books()
    _make_blobs()


def _make_queue() -> None:
    """Make procrastinate's tables and let the app role put jobs in and look at them."""
    connection: Any = op.get_bind().connection.driver_connection
    connection.execute(SchemaManager.get_schema())
    for table in ("jobs", "events", "periodic_defers", "workers"):
        grant(op, f"procrastinate_{table}", verbs="SELECT, INSERT, UPDATE")
    for table in ("jobs", "events", "periodic_defers"):
        op.execute(f"GRANT USAGE ON SEQUENCE procrastinate_{table}_id_seq TO {APP_ROLE}")


def _make_job_books() -> None:
    """Make the tables of what was asked for once, what is done, and what went wrong."""
    op.create_table(
        "infra_job_key",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("job_id", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.TIMESTAMP(timezone=True), nullable=False),
    )
    op.create_table(
        "infra_job_done",
        sa.Column("job_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("done_at", sa.TIMESTAMP(timezone=True), nullable=False),
    )
    op.create_table(
        "infra_job_failure",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("job_id", sa.BigInteger, nullable=False, index=True),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("failed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    for table in ("infra_job_key", "infra_job_done", "infra_job_failure"):
        grant(op, table)


def _make_blobs() -> None:
    """Make the register of blobs: several rows, each with its mark, may share one content."""
    op.create_table(
        "infra_blob",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("sha256", sa.CHAR(64), nullable=False, index=True),
        sa.Column("stored_sha256", sa.CHAR(64), nullable=False, index=True),
        sa.Column("wrapped_key", sa.LargeBinary),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("area_code", sa.Text),
        sa.Column("mark", sa.SmallInteger, nullable=False),
        sa.Column("stored_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("mark BETWEEN 0 AND 3", name="ck_infra_blob_mark"),
        sa.CheckConstraint("size_bytes >= 0", name="ck_infra_blob_size"),
    )
    grant(op, "infra_blob")
    secure_by_area(op, "infra_blob")
