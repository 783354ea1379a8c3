"""Signals, cases, their events and clocks; signals and events only grow."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from qinghuan.infra.migrations.security import grant, secure_by_area

revision = "0005_casework"
down_revision = "0004_sensing"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)

IS_PLATFORM = "current_setting('qinghuan.areas', true) = '*'"
IS_OWN = "person = current_setting('qinghuan.person', true)"

KEEP = """
CREATE FUNCTION casework_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: what happened is kept', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

APPEND_ONLY = ("casework_signal", "casework_event", "casework_rung", "casework_refusal")
PROJECTIONS = (
    "casework_case",
    "casework_disposition",
    "casework_leg",
    "casework_clock",
    "casework_evidence",
    "casework_notice",
)


def upgrade() -> None:
    """Make the room's tables and say who sees their rows."""
    op.execute(KEEP)
    _make_case()
    _make_signal()
    _make_event()
    _make_parts()
    _make_watch()
    for table in APPEND_ONLY:
        grant(op, table, verbs="SELECT, INSERT")
        secure_by_area(op, table)
        op.execute(
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION casework_keep()"
        )
    for table in PROJECTIONS:
        grant(op, table)
        secure_by_area(op, table)
    _secure_reporter()
    grant(op, "casework_case_number", verbs="SELECT, INSERT, UPDATE")
    grant(op, "casework_alarm", verbs="SELECT, INSERT")


def _placed() -> list[sa.Column[object]]:
    return [
        sa.Column("area_code", sa.Text, nullable=False),
        sa.Column("mark", sa.SmallInteger, nullable=False),
    ]


def _code() -> list[sa.Column[object]]:
    return [
        sa.Column("standard_ref", sa.Text),
        sa.Column("code_kind", sa.Text),
        sa.Column("code", sa.Text),
    ]


def _position() -> list[sa.Column[object]]:
    return [sa.Column("longitude_deg", sa.Double), sa.Column("latitude_deg", sa.Double)]


def _case_id(*, primary_key: bool = False, index: bool = False) -> sa.Column[object]:
    return sa.Column(
        "case_id",
        sa.Uuid,
        sa.ForeignKey("casework_case.id"),
        nullable=False,
        primary_key=primary_key,
        index=index,
    )


def _make_case() -> None:
    op.create_table(
        "casework_case_number",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "casework_case",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_ref", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        *_code(),
        *_placed(),
        sa.Column("address", sa.Text, nullable=False),
        *_position(),
        sa.Column("owner_office", sa.Text, nullable=False),
        sa.Column("owner_person", sa.Text),
        sa.Column("lead_office", sa.Text),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("signals", sa.Integer, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("deadline_at", MOMENT),
        sa.Column("is_deadline_provisional", sa.Boolean, nullable=False),
        sa.Column("is_red", sa.Boolean, nullable=False),
        sa.Column("supervision", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("reworks", sa.Integer, nullable=False),
        sa.Column("merged_into", sa.Uuid),
        sa.Column("next_ask_at", MOMENT),
        sa.Column("waits_for", ARRAY(sa.Text), nullable=False),
        sa.CheckConstraint("version > 0", name="ck_casework_case_version"),
        sa.CheckConstraint("mark BETWEEN 0 AND 3", name="ck_casework_case_mark"),
    )
    op.create_index("ix_casework_case_state", "casework_case", ["state", "deadline_at"])
    op.create_index("ix_casework_case_source_ref", "casework_case", ["source_ref", "state"])
    op.create_index("ix_casework_case_owner", "casework_case", ["owner_office", "state"])
    op.create_index("ix_casework_case_person", "casework_case", ["owner_person"])
    op.create_index("ix_casework_case_area", "casework_case", ["area_code", "opened_at"])
    op.create_index("ix_casework_case_changed", "casework_case", ["changed_at"])
    op.create_index(
        "ix_casework_case_next_ask",
        "casework_case",
        ["next_ask_at"],
        postgresql_where=sa.text("next_ask_at IS NOT NULL"),
    )
    op.create_index(
        "ix_casework_case_waits_for", "casework_case", ["waits_for"], postgresql_using="gin"
    )


def _make_signal() -> None:
    op.create_table(
        "casework_signal",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("submit_key", sa.Text, nullable=False, unique=True),
        sa.Column("body_sha256", sa.LargeBinary, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        _case_id(index=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_ref", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        *_code(),
        *_placed(),
        sa.Column("address", sa.Text, nullable=False),
        *_position(),
        sa.Column("is_trusted", sa.Boolean, nullable=False),
        sa.Column("media_sha256", ARRAY(sa.Text), nullable=False),
        sa.Column("observed_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("record_id", sa.Uuid, nullable=False),
    )
    op.create_index("ix_casework_signal_received", "casework_signal", ["received_at"])
    op.create_table(
        "casework_reporter",
        sa.Column("signal_id", sa.Uuid, sa.ForeignKey("casework_signal.id"), primary_key=True),
        sa.Column("person", sa.Text, nullable=False, index=True),
    )
    op.create_table(
        "casework_disposition",
        sa.Column("signal_id", sa.Uuid, sa.ForeignKey("casework_signal.id"), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        _case_id(index=True),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_placed(),
        sa.CheckConstraint(
            "kind IN ('opened', 'attached', 'refused')", name="ck_casework_disposition_kind"
        ),
    )


def _make_event() -> None:
    op.create_table(
        "casework_event",
        sa.Column("id", sa.Uuid, primary_key=True),
        _case_id(),
        sa.Column("case_seq", sa.Integer, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("actor", JSONB, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("body", JSONB, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("record_id", sa.Uuid, nullable=False),
        *_placed(),
        sa.UniqueConstraint("case_id", "case_seq", name="uq_casework_event_case_id_case_seq"),
    )
    op.create_index("ix_casework_event_at", "casework_event", ["at"])


def _make_parts() -> None:
    op.create_table(
        "casework_leg",
        _case_id(primary_key=True),
        sa.Column("office_id", sa.Text, primary_key=True),
        sa.Column("office_name", sa.Text, nullable=False),
        sa.Column("is_lead", sa.Boolean, nullable=False),
        sa.Column("is_answered", sa.Boolean, nullable=False),
        *_placed(),
    )
    op.create_table(
        "casework_clock",
        sa.Column("id", sa.Uuid, primary_key=True),
        _case_id(index=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("office_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("limit_text", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("deadline_at", MOMENT),
        sa.Column("paused_until", MOMENT),
        sa.Column("is_provisional", sa.Boolean, nullable=False),
        sa.Column("stopped_at", MOMENT),
        sa.Column("next_rung_at", MOMENT),
        sa.Column("calendar_id", sa.Text, nullable=False),
        sa.Column("policy_id", sa.Text, nullable=False),
        *_placed(),
        sa.UniqueConstraint("case_id", "key", name="uq_casework_clock_case_id_key"),
    )
    op.create_index(
        "ix_casework_clock_next_rung",
        "casework_clock",
        ["next_rung_at"],
        postgresql_where=sa.text("next_rung_at IS NOT NULL"),
    )
    op.create_table(
        "casework_evidence",
        sa.Column("id", sa.Uuid, primary_key=True),
        _case_id(index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("by_person", sa.Text, nullable=False),
        sa.Column("blob_id", sa.Uuid),
        *_position(),
        *_placed(),
    )


def _make_watch() -> None:
    op.create_table(
        "casework_rung",
        sa.Column("clock_id", sa.Uuid, sa.ForeignKey("casework_clock.id"), primary_key=True),
        sa.Column("pct", sa.SmallInteger, primary_key=True),
        _case_id(index=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("late_s", sa.Integer, nullable=False),
        *_placed(),
    )
    op.create_table(
        "casework_refusal",
        sa.Column("id", sa.Uuid, primary_key=True),
        _case_id(index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_placed(),
    )
    op.create_table(
        "casework_notice",
        _case_id(primary_key=True),
        sa.Column("case_seq", sa.Integer, primary_key=True),
        sa.Column("audience", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_placed(),
    )
    op.create_index("ix_casework_notice_audience", "casework_notice", ["audience", "at"])
    op.create_table(
        "casework_alarm",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("case_id", sa.Uuid),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )


def _secure_reporter() -> None:
    """A reporter is seen by the platform and by himself, whatever the area."""
    grant(op, "casework_reporter", verbs="SELECT, INSERT, DELETE")
    op.execute("ALTER TABLE casework_reporter ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE casework_reporter FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY casework_reporter_apart ON casework_reporter "
        f"USING ({IS_PLATFORM} OR {IS_OWN}) WITH CHECK ({IS_PLATFORM} OR {IS_OWN})"
    )
