"""Areas and offices: seen by everyone signed in, changed within one's areas."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from qinghuan.infra.database import metadata

area = Table(
    "people_area",
    metadata,
    Column("area_code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("parent_code", Text, ForeignKey("people_area.area_code")),
    Column("is_fictional", Boolean, nullable=False),
    Column("outline", JSONB),
    Column("longitude_deg", Double),
    Column("latitude_deg", Double),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

office = Table(
    "people_office",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("area_code", Text, ForeignKey("people_area.area_code"), nullable=False),
    Column("credit_code", Text, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
