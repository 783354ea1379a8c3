"""What opens the door. No scope of a person reaches these rows; only the platform's own does."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    FetchedValue,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from qinghuan.infra.database import metadata

credential = Table(
    "people_credential",
    metadata,
    Column("person_id", Uuid, ForeignKey("people_person.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True)),
)

former_password = Table(
    "people_former_password",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("person_id", Uuid, ForeignKey("people_person.id"), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("left_at", DateTime(timezone=True), nullable=False),
)

factor = Table(
    "people_factor",
    metadata,
    Column("person_id", Uuid, ForeignKey("people_person.id"), primary_key=True),
    Column("secret_sealed", LargeBinary),
    Column("enrolled_at", DateTime(timezone=True)),
    Column("pending_sealed", LargeBinary),
    Column("last_step", BigInteger, nullable=False),
)

recovery_code = Table(
    "people_recovery_code",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("person_id", Uuid, ForeignKey("people_person.id"), nullable=False),
    Column("code_hash", LargeBinary, nullable=False, unique=True),
    Column("used_at", DateTime(timezone=True)),
)

session = Table(
    "people_session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people_person.id"), nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("factor_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("source", Text, nullable=False),
)

token = Table(
    "people_token",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people_person.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("area_code", Text, ForeignKey("people_area.area_code"), nullable=False),
    Column("mark", SmallInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Uuid, ForeignKey("people_person.id"), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("last_used_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoked_by", Uuid, ForeignKey("people_person.id")),
)

failure = Table(
    "people_failure",
    metadata,
    Column("login_key", LargeBinary, primary_key=True),
    Column("failed_count", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True)),
    Column("locked_until", DateTime(timezone=True)),
)

attempt = Table(
    "people_attempt",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("attempted_at", DateTime(timezone=True), nullable=False),
    Column("person_id", Uuid, ForeignKey("people_person.id")),
    Column("source", Text, nullable=False),
    Column("outcome", Text, nullable=False),
)

setup_code = Table(
    "people_setup_code",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("role", Text, nullable=False),
    Column("area_code", Text, ForeignKey("people_area.area_code"), nullable=False),
    Column("code_hash", LargeBinary, nullable=False, unique=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)

act = Table(
    "people_act",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("acted_at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("record_id", Uuid),
    Column("reason", Text, nullable=False),
)
