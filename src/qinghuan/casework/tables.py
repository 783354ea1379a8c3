"""The room's tables, as revision `0005_casework` makes them."""

from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from qinghuan.infra.database import metadata

MOMENT = TIMESTAMP(timezone=True)


def _placed() -> list[Column[object]]:
    """Columns by which row-level security places a row."""
    return [
        Column("area_code", Text, nullable=False),
        Column("mark", SmallInteger, nullable=False),
    ]


case_number = Table(
    "casework_case_number",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

case = Table(
    "casework_case",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_ref", Text),
    Column("title", Text, nullable=False),
    Column("standard_ref", Text),
    Column("code_kind", Text),
    Column("code", Text),
    *_placed(),
    Column("address", Text, nullable=False),
    Column("longitude_deg", Double),
    Column("latitude_deg", Double),
    Column("owner_office", Text, nullable=False),
    Column("owner_person", Text),
    Column("lead_office", Text),
    Column("opened_at", MOMENT, nullable=False),
    Column("last_seen_at", MOMENT, nullable=False),
    Column("signals", Integer, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("closed_at", MOMENT),
    Column("deadline_at", MOMENT),
    Column("is_deadline_provisional", Boolean, nullable=False),
    Column("is_red", Boolean, nullable=False),
    Column("supervision", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("reworks", Integer, nullable=False),
    Column("merged_into", Uuid),
    Column("next_ask_at", MOMENT),
    Column("waits_for", ARRAY(Text), nullable=False),
)
Index(
    "ix_casework_case_next_ask",
    case.c.next_ask_at,
    postgresql_where=case.c.next_ask_at.is_not(None),
)
Index("ix_casework_case_waits_for", case.c.waits_for, postgresql_using="gin")
Index("ix_casework_case_state", case.c.state, case.c.deadline_at)
Index("ix_casework_case_source_ref", case.c.source_ref, case.c.state)
Index("ix_casework_case_owner", case.c.owner_office, case.c.state)
Index("ix_casework_case_person", case.c.owner_person)
Index("ix_casework_case_area", case.c.area_code, case.c.opened_at)
Index("ix_casework_case_changed", case.c.changed_at)

signal = Table(
    "casework_signal",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("submit_key", Text, nullable=False, unique=True),
    Column("body_sha256", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("case_id", Uuid, ForeignKey("casework_case.id"), nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("source_ref", Text),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("standard_ref", Text),
    Column("code_kind", Text),
    Column("code", Text),
    *_placed(),
    Column("address", Text, nullable=False),
    Column("longitude_deg", Double),
    Column("latitude_deg", Double),
    Column("is_trusted", Boolean, nullable=False),
    Column("media_sha256", ARRAY(Text), nullable=False),
    Column("observed_at", MOMENT, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    Column("record_id", Uuid, nullable=False),
)
Index("ix_casework_signal_received", signal.c.received_at)

reporter = Table(
    "casework_reporter",
    metadata,
    Column("signal_id", Uuid, ForeignKey("casework_signal.id"), primary_key=True),
    Column("person", Text, nullable=False, index=True),
)
"""Who reported: apart from everything else, seen by the platform and by himself."""

disposition = Table(
    "casework_disposition",
    metadata,
    Column("signal_id", Uuid, ForeignKey("casework_signal.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Uuid, ForeignKey("casework_case.id"), nullable=False, index=True),
    Column("decided_by", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    *_placed(),
)

event = Table(
    "casework_event",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("casework_case.id"), nullable=False),
    Column("case_seq", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("actor", JSONB, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("record_id", Uuid, nullable=False),
    *_placed(),
    UniqueConstraint("case_id", "case_seq", name="uq_casework_event_case_id_case_seq"),
)
Index("ix_casework_event_at", event.c.at)

leg = Table(
    "casework_leg",
    metadata,
    Column("case_id", Uuid, ForeignKey("casework_case.id"), primary_key=True),
    Column("office_id", Text, primary_key=True),
    Column("office_name", Text, nullable=False),
    Column("is_lead", Boolean, nullable=False),
    Column("is_answered", Boolean, nullable=False),
    *_placed(),
)

clock = Table(
    "casework_clock",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("casework_case.id"), nullable=False, index=True),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("office_id", Text),
    Column("state", Text, nullable=False),
    Column("limit_text", Text, nullable=False),
    Column("started_at", MOMENT, nullable=False),
    Column("deadline_at", MOMENT),
    Column("paused_until", MOMENT),
    Column("is_provisional", Boolean, nullable=False),
    Column("stopped_at", MOMENT),
    Column("next_rung_at", MOMENT),
    Column("calendar_id", Text, nullable=False),
    Column("policy_id", Text, nullable=False),
    *_placed(),
)
Index(
    "ix_casework_clock_next_rung",
    clock.c.next_rung_at,
    postgresql_where=clock.c.next_rung_at.is_not(None),
)

rung = Table(
    "casework_rung",
    metadata,
    Column("clock_id", Uuid, ForeignKey("casework_clock.id"), primary_key=True),
    Column("pct", SmallInteger, primary_key=True),
    Column("case_id", Uuid, ForeignKey("casework_case.id"), nullable=False, index=True),
    Column("due_at", MOMENT, nullable=False),
    Column("told_at", MOMENT, nullable=False),
    Column("late_s", Integer, nullable=False),
    *_placed(),
)

evidence = Table(
    "casework_evidence",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("casework_case.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("taken_at", MOMENT, nullable=False),
    Column("added_at", MOMENT, nullable=False),
    Column("by_person", Text, nullable=False),
    Column("blob_id", Uuid),
    Column("longitude_deg", Double),
    Column("latitude_deg", Double),
    *_placed(),
)

refusal = Table(
    "casework_refusal",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("casework_case.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("command", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    *_placed(),
)
"""Commands that were turned away: kept and countable."""

notice = Table(
    "casework_notice",
    metadata,
    Column("case_id", Uuid, ForeignKey("casework_case.id"), primary_key=True),
    Column("case_seq", Integer, primary_key=True),
    Column("audience", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    *_placed(),
)
Index("ix_casework_notice_audience", notice.c.audience, notice.c.at)

alarm = Table(
    "casework_alarm",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
)
"""What the reconciler found wrong."""
