"""Stations, their datastreams, frames, observations, episodes, and what was refused."""

import sqlalchemy as sa
from alembic import op

from qinghuan.infra.database import APP_ROLE
from qinghuan.infra.migrations.security import grant, secure_by_area

revision = "0004_sensing"
down_revision = "0003_people"
branch_labels = None
depends_on = None

MAKE_MONTH = f"""
CREATE FUNCTION sensing_make_month(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', day);
    after date := first + interval '1 month';
    suffix text := to_char(first, 'YYYY_MM');
BEGIN
    IF first < date '2000-01-01' OR first > now() + interval '2 months' THEN
        RAISE EXCEPTION 'no partition is made for %', day USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('sensing_make_month'));
    IF to_regclass('sensing_observation_' || suffix) IS NULL THEN
        EXECUTE format(
            'CREATE TABLE sensing_observation_%1$s (LIKE sensing_observation INCLUDING ALL)',
            suffix);
        EXECUTE format(
            'ALTER TABLE sensing_observation ATTACH PARTITION sensing_observation_%1$s '
            'FOR VALUES FROM (%2$L) TO (%3$L)',
            suffix, first::timestamp AT TIME ZONE 'UTC', after::timestamp AT TIME ZONE 'UTC');
    END IF;
    IF to_regclass('sensing_frame_' || suffix) IS NULL THEN
        EXECUTE format(
            'CREATE TABLE sensing_frame_%1$s (LIKE sensing_frame INCLUDING ALL)', suffix);
        EXECUTE format(
            'ALTER TABLE sensing_frame ATTACH PARTITION sensing_frame_%1$s '
            'FOR VALUES FROM (%2$L) TO (%3$L)',
            suffix, sensing_first_id(first), sensing_first_id(after));
    END IF;
END $$;
REVOKE ALL ON FUNCTION sensing_make_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sensing_make_month(date) TO {APP_ROLE};
"""
"""Attaching takes a lighter lock on the parent than creating in place: readers go on reading."""

FIRST_ID = """
CREATE FUNCTION sensing_first_id(day date) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT
RETURN (lpad(to_hex((extract(epoch FROM day::timestamp) * 1000)::bigint), 12, '0')
        || '00000000000000000000')::uuid;
"""
"""Least UUIDv7 of a day (UTC): a frame's id begins with its time, so ids partition by month."""

SEES_STREAM = """
CREATE POLICY {table}_by_stream ON {table}
USING (current_setting('qinghuan.areas', true) = '*' OR EXISTS (
    SELECT 1 FROM sensing_datastream WHERE sensing_datastream.id = {table}.datastream_id))
"""
"""Values are as visible as their datastream, whose own policy holds in the subquery."""


GRANT_TEMPORARY = f"""
DO $$
BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {APP_ROLE}', current_database());
END $$;
"""
"""The gateway stages every batch in a temporary table."""


def upgrade() -> None:
    """Make the room's tables, its partitions on demand, and who sees what."""
    _make_station()
    _make_datastream()
    _make_frame()
    _make_reject()
    _make_observation()
    _make_evaluation()
    for statement in (FIRST_ID, MAKE_MONTH, GRANT_TEMPORARY):
        op.execute(statement)
    _secure()


def _make_station() -> None:
    op.create_table(
        "sensing_station",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("mn", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("st", sa.Text, nullable=False),
        sa.Column("area_code", sa.Text, nullable=False),
        sa.Column("mark", sa.SmallInteger, nullable=False),
        sa.Column("longitude_deg", sa.Double, nullable=False),
        sa.Column("latitude_deg", sa.Double, nullable=False),
        sa.Column("area_class", sa.SmallInteger, nullable=False),
        sa.Column("cadence_s", sa.Integer),
        sa.Column("is_simulated", sa.Boolean, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("password_salt", sa.LargeBinary, nullable=False),
        sa.Column("password_hash", sa.LargeBinary, nullable=False),
        sa.Column("registered_at", sa.TIMESTAMP(timezone=True), nullable=False),
        _changed_at(),
        sa.CheckConstraint("mark BETWEEN 0 AND 3", name="ck_sensing_station_mark"),
    )
    op.create_index("ix_sensing_station_area_code", "sensing_station", ["area_code"])
    op.create_index("ix_sensing_station_changed_at", "sensing_station", ["changed_at"])
    op.create_table(
        "sensing_seen",
        sa.Column("station_id", sa.Uuid, sa.ForeignKey("sensing_station.id"), primary_key=True),
        sa.Column("last_frame_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("peer", sa.Text, nullable=False),
    )


def _make_datastream() -> None:
    op.create_table(
        "sensing_datastream",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("station_id", sa.Uuid, sa.ForeignKey("sensing_station.id"), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("area_code", sa.Text, nullable=False),
        sa.Column("mark", sa.SmallInteger, nullable=False),
        sa.Column("is_watched", sa.Boolean, nullable=False),
        sa.Column("limit_upper", sa.Numeric),
        sa.Column("limit_lower", sa.Numeric),
        sa.Column("limit_source", sa.Text),
        sa.Column("raise_after", sa.SmallInteger),
        sa.Column("raise_after_s", sa.Integer),
        sa.Column("clear_after", sa.SmallInteger),
        sa.Column("clear_ratio", sa.Numeric),
        _changed_at(),
        sa.UniqueConstraint(
            "station_id",
            "code",
            "period",
            "kind",
            name="uq_sensing_datastream_station_id_code_period_kind",
        ),
    )
    op.create_index("ix_sensing_datastream_changed_at", "sensing_datastream", ["changed_at"])


def _make_frame() -> None:
    op.create_table(
        "sensing_frame",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("station_id", sa.Uuid, nullable=False),
        sa.Column("received_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("qn", sa.Text, nullable=False),
        sa.Column("cn", sa.Text, nullable=False),
        sa.Column("pno", sa.SmallInteger),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.LargeBinary, nullable=False),
        sa.Column("peer", sa.Text, nullable=False),
        sa.Column("oddities", sa.Text),
        sa.Column("record_id", sa.Uuid, nullable=False),
        sa.Column("area_code", sa.Text, nullable=False),
        sa.Column("mark", sa.SmallInteger, nullable=False),
        postgresql_partition_by="RANGE (id)",
    )


def _make_reject() -> None:
    op.create_table(
        "sensing_reject",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("received_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("mn", sa.Text, nullable=False),
        sa.Column("peer", sa.Text, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("area_code", sa.Text),
        sa.Column("mark", sa.SmallInteger, nullable=False),
    )
    op.create_index("ix_sensing_reject_received_at", "sensing_reject", ["received_at"])
    op.create_table(
        "sensing_reject_count",
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("verdict", sa.Text, primary_key=True),
        sa.Column("mn", sa.Text, primary_key=True),
        sa.Column("refused", sa.BigInteger, nullable=False),
        sa.Column("area_code", sa.Text),
    )


def _make_observation() -> None:
    op.create_table(
        "sensing_observation",
        sa.Column("datastream_id", sa.Uuid, primary_key=True),
        sa.Column("phenomenon_at", sa.TIMESTAMP(timezone=True), primary_key=True),
        sa.Column("value", sa.Numeric, nullable=False),
        sa.Column("flag", sa.Text, nullable=False),
        sa.Column("frame_id", sa.Uuid, nullable=False),
        postgresql_partition_by="RANGE (phenomenon_at)",
    )
    op.create_table(
        "sensing_observation_change",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("datastream_id", sa.Uuid, nullable=False),
        sa.Column("phenomenon_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("old_value", sa.Numeric, nullable=False),
        sa.Column("old_flag", sa.Text, nullable=False),
        sa.Column("old_frame_id", sa.Uuid, nullable=False),
        sa.Column("new_value", sa.Numeric, nullable=False),
        sa.Column("new_flag", sa.Text, nullable=False),
        sa.Column("new_frame_id", sa.Uuid, nullable=False),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), nullable=False),
    )
    op.create_index(
        "ix_sensing_observation_change_datastream_id",
        "sensing_observation_change",
        ["datastream_id", "phenomenon_at"],
    )


def _make_evaluation() -> None:
    op.create_table(
        "sensing_pending",
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("datastream_id", sa.Uuid, nullable=False),
        sa.Column("phenomenon_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("is_change", sa.Boolean, nullable=False),
    )
    op.create_table(
        "sensing_watch",
        sa.Column(
            "datastream_id", sa.Uuid, sa.ForeignKey("sensing_datastream.id"), primary_key=True
        ),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("episode_id", sa.Uuid),
    )
    op.create_table(
        "sensing_episode",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("station_id", sa.Uuid, sa.ForeignKey("sensing_station.id"), nullable=False),
        sa.Column("datastream_id", sa.Uuid, sa.ForeignKey("sensing_datastream.id")),
        sa.Column("area_code", sa.Text, nullable=False),
        sa.Column("mark", sa.SmallInteger, nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("told_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("value_count", sa.Integer, nullable=False),
        sa.Column("peak", sa.Numeric),
        sa.Column("peak_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("limit_upper", sa.Numeric),
        sa.Column("limit_lower", sa.Numeric),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("limit_source", sa.Text, nullable=False),
    )
    op.create_index(
        "ix_sensing_episode_open_silence",
        "sensing_episode",
        ["station_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'silence' AND ended_at IS NULL"),
    )
    op.create_index(
        "ix_sensing_episode_datastream_id", "sensing_episode", ["datastream_id", "started_at"]
    )
    op.create_index("ix_sensing_episode_station_id", "sensing_episode", ["station_id", "told_at"])


def _secure() -> None:
    """Give rights and row-level policies."""
    for table in ("station", "datastream", "episode", "frame"):
        grant(op, f"sensing_{table}", verbs="SELECT, INSERT, UPDATE")
        secure_by_area(op, f"sensing_{table}")
    grant(op, "sensing_reject")
    secure_by_area(op, "sensing_reject")
    grant(op, "sensing_reject_count", verbs="SELECT, INSERT, UPDATE")
    secure_by_area(op, "sensing_reject_count", mark="1::smallint")
    for table in ("observation", "observation_change"):
        grant(op, f"sensing_{table}", verbs="SELECT, INSERT, UPDATE")
        _secure_by_stream(f"sensing_{table}")
    for table in ("seen", "pending", "watch"):
        grant(op, f"sensing_{table}")
    op.execute(f"GRANT USAGE ON SEQUENCE sensing_pending_seq_seq TO {APP_ROLE}")
    _secure_by_stream("sensing_watch")
    _secure_by_stream("sensing_pending")
    op.execute("ALTER TABLE sensing_seen ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE sensing_seen FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY sensing_seen_by_station ON sensing_seen "
        "USING (current_setting('qinghuan.areas', true) = '*' OR EXISTS ("
        "SELECT 1 FROM sensing_station WHERE sensing_station.id = station_id))"
    )


def _secure_by_stream(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(SEES_STREAM.format(table=table))


def _changed_at() -> sa.Column[object]:
    """When the row was last touched, by the server's clock: the gateway reads what is newer."""
    return sa.Column(
        "changed_at",
        sa.TIMESTAMP(timezone=True),
        server_default=sa.text("clock_timestamp()"),
        nullable=False,
    )
