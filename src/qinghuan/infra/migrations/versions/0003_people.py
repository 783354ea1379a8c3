"""Areas, offices, persons, the roles they hold, and what opens the door."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from qinghuan.infra.migrations.security import grant, secure_by_area

revision = "0003_people"
down_revision = "0002_trace"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)

IS_PLATFORM = "current_setting('qinghuan.areas', true) = '*'"
"""The transaction runs for the platform itself."""

IS_SIGNED_IN = f"({IS_PLATFORM} OR COALESCE(current_setting('qinghuan.person', true), '') <> '')"

IS_OWN = "id::text = current_setting('qinghuan.person', true)"


def upgrade() -> None:
    """Make the room's tables and say who sees their rows."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    _make_places()
    _make_person()
    _make_grant()
    _make_passwords()
    _make_factors()
    _make_sessions()
    _make_tokens()
    _make_attempts()
    _make_acts()


def _person(name: str, *, nullable: bool = True, primary_key: bool = False) -> sa.Column[object]:
    """A column that refers to a person."""
    return sa.Column(
        name,
        sa.Uuid,
        sa.ForeignKey("people_person.id"),
        nullable=nullable and not primary_key,
        primary_key=primary_key,
    )


def _own_id() -> sa.Column[object]:
    """An id that nobody outside the table needs, so the database makes it."""
    return sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.text("gen_random_uuid()"))


def _area_code() -> sa.Column[object]:
    """A column that places a row."""
    return sa.Column(
        "area_code", sa.Text, sa.ForeignKey("people_area.area_code"), nullable=False, index=True
    )


def _make_places() -> None:
    op.create_table(
        "people_area",
        sa.Column("area_code", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("parent_code", sa.Text, sa.ForeignKey("people_area.area_code"), index=True),
        sa.Column("is_fictional", sa.Boolean, nullable=False),
        sa.Column("outline", JSONB),
        sa.Column("longitude_deg", sa.Double),
        sa.Column("latitude_deg", sa.Double),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("area_code ~ '^[0-9]{2,15}$'", name="ck_people_area_code"),
        sa.CheckConstraint("level = length(area_code)", name="ck_people_area_level"),
        sa.CheckConstraint("area_code ^@ parent_code", name="ck_people_area_lies_in_parent"),
    )
    op.create_table(
        "people_office",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        _area_code(),
        sa.Column("credit_code", sa.Text, unique=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
    )
    for table in ("people_area", "people_office"):
        grant(op, table, verbs="SELECT, INSERT, UPDATE")
        secure_by_area(op, table, mark="0::smallint")
        op.execute(f"CREATE POLICY {table}_signed_in ON {table} FOR SELECT USING ({IS_SIGNED_IN})")


def _make_person() -> None:
    op.create_table(
        "people_person",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("login_name", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("post_label", sa.Text, nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary),
        _area_code(),
        sa.Column("office_id", sa.Uuid, sa.ForeignKey("people_office.id")),
        sa.Column("mark", sa.SmallInteger, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _person("created_by"),
        sa.Column("disabled_at", MOMENT),
        _person("disabled_by"),
        sa.CheckConstraint("mark BETWEEN 0 AND 3", name="ck_people_person_mark"),
    )
    grant(op, "people_person", verbs="SELECT, INSERT, UPDATE")
    secure_by_area(op, "people_person")
    op.execute(f"CREATE POLICY people_person_own ON people_person FOR SELECT USING ({IS_OWN})")


def _make_grant() -> None:
    op.create_table(
        "people_grant",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "person_id", sa.Uuid, sa.ForeignKey("people_person.id"), nullable=False, index=True
        ),
        sa.Column("role", sa.Text, nullable=False),
        _area_code(),
        sa.Column("office_id", sa.Uuid, sa.ForeignKey("people_office.id")),
        sa.Column("mark", sa.SmallInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        _person("asked_by"),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("valid_until", MOMENT),
        _person("approved_by"),
        sa.Column("approved_at", MOMENT),
        _person("declined_by"),
        sa.Column("declined_at", MOMENT),
        _person("revoked_by"),
        sa.Column("revoked_at", MOMENT),
        sa.CheckConstraint("mark BETWEEN 0 AND 3", name="ck_people_grant_mark"),
        sa.CheckConstraint("valid_until > valid_from", name="ck_people_grant_period"),
        sa.CheckConstraint("asked_by <> person_id", name="ck_people_grant_not_for_oneself"),
        sa.CheckConstraint(
            "approved_by <> person_id AND approved_by <> asked_by",
            name="ck_people_grant_approved_by_another",
        ),
        sa.CheckConstraint(
            "approved_at IS NULL OR (approved_by IS NULL) = (asked_by IS NULL)",
            name="ck_people_grant_two_behind_it",
        ),
        sa.CheckConstraint(
            "approved_at IS NULL OR declined_at IS NULL", name="ck_people_grant_decided_once"
        ),
    )
    op.execute(
        "ALTER TABLE people_grant ADD CONSTRAINT ex_people_grant_one_administrator "
        "EXCLUDE USING gist (person_id WITH =, role WITH <>, "
        "tstzrange(valid_from, valid_until) WITH &&) "
        "WHERE (role IN ('system_admin', 'security_admin', 'audit_admin') "
        "AND approved_at IS NOT NULL AND revoked_at IS NULL)"
    )
    grant(op, "people_grant", verbs="SELECT, INSERT, UPDATE")
    secure_by_area(op, "people_grant")
    op.execute(
        "CREATE POLICY people_grant_own ON people_grant FOR SELECT "
        f"USING ({IS_OWN.replace('id::', 'person_id::', 1)})"
    )


def _make_passwords() -> None:
    op.create_table(
        "people_credential",
        _person("person_id", primary_key=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
    )
    op.create_table(
        "people_former_password",
        _own_id(),
        sa.Column(
            "person_id", sa.Uuid, sa.ForeignKey("people_person.id"), nullable=False, index=True
        ),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("left_at", MOMENT, nullable=False),
    )
    op.create_table(
        "people_setup_code",
        _own_id(),
        sa.Column("role", sa.Text, nullable=False),
        _area_code(),
        sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )
    _keep_for_the_platform("people_credential", "people_former_password", "people_setup_code")


def _make_factors() -> None:
    op.create_table(
        "people_factor",
        _person("person_id", primary_key=True),
        sa.Column("secret_sealed", sa.LargeBinary),
        sa.Column("enrolled_at", MOMENT),
        sa.Column("pending_sealed", sa.LargeBinary),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "(secret_sealed IS NULL) = (enrolled_at IS NULL)", name="ck_people_factor_enrolled"
        ),
    )
    op.create_table(
        "people_recovery_code",
        _own_id(),
        sa.Column(
            "person_id", sa.Uuid, sa.ForeignKey("people_person.id"), nullable=False, index=True
        ),
        sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("used_at", MOMENT),
    )
    _keep_for_the_platform("people_factor", "people_recovery_code")


def _make_sessions() -> None:
    op.create_table(
        "people_session",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "person_id", sa.Uuid, sa.ForeignKey("people_person.id"), nullable=False, index=True
        ),
        sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("factor_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("source", sa.Text, nullable=False),
    )
    _keep_for_the_platform("people_session")


def _make_tokens() -> None:
    op.create_table(
        "people_token",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "person_id", sa.Uuid, sa.ForeignKey("people_person.id"), nullable=False, index=True
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("scopes", sa.ARRAY(sa.Text), nullable=False),
        _area_code(),
        sa.Column("mark", sa.SmallInteger, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _person("created_by", nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        _person("revoked_by"),
        sa.CheckConstraint("mark BETWEEN 0 AND 3", name="ck_people_token_mark"),
        sa.CheckConstraint("cardinality(scopes) > 0", name="ck_people_token_scopes"),
        sa.CheckConstraint("created_by <> person_id", name="ck_people_token_not_for_oneself"),
    )
    _keep_for_the_platform("people_token")


def _make_attempts() -> None:
    op.create_table(
        "people_failure",
        sa.Column("login_key", sa.LargeBinary, primary_key=True),
        sa.Column("failed_count", sa.Integer, nullable=False),
        sa.Column("last_at", MOMENT),
        sa.Column("locked_until", MOMENT),
    )
    op.create_table(
        "people_attempt",
        _own_id(),
        sa.Column("attempted_at", MOMENT, nullable=False, index=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people_person.id"), index=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
    )
    op.create_index("ix_people_attempt_source", "people_attempt", ["source", "attempted_at"])
    _keep_for_the_platform("people_failure", "people_attempt")


def _make_acts() -> None:
    op.create_table(
        "people_act",
        _own_id(),
        sa.Column("acted_at", MOMENT, nullable=False, index=True),
        sa.Column("actor", sa.Text, nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False, index=True),
        sa.Column("area_code", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("record_id", sa.Uuid),
        sa.Column("reason", sa.Text, nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name="ck_people_act_outcome"),
        sa.CheckConstraint(
            "(outcome = 'done') = (record_id IS NOT NULL)", name="ck_people_act_recorded"
        ),
    )
    _keep_for_the_platform("people_act", verbs="SELECT, INSERT")


def _keep_for_the_platform(*tables: str, verbs: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Show these rows to no person's scope, whatever his areas and marks."""
    for table in tables:
        grant(op, table, verbs=verbs)
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_platform ON {table} "
            f"USING ({IS_PLATFORM}) WITH CHECK ({IS_PLATFORM})"
        )
