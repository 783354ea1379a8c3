"""Persons and their roles: seen by area and mark."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, SmallInteger, Table, Text, Uuid

from qinghuan.infra.database import metadata

person = Table(
    "people_person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("login_name", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("post_label", Text, nullable=False),
    Column("phone_sealed", LargeBinary),
    Column("area_code", Text, ForeignKey("people_area.area_code"), nullable=False),
    Column("office_id", Uuid, ForeignKey("people_office.id")),
    Column("mark", SmallInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Uuid, ForeignKey("people_person.id")),
    Column("disabled_at", DateTime(timezone=True)),
    Column("disabled_by", Uuid, ForeignKey("people_person.id")),
)

grant = Table(
    "people_grant",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people_person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("area_code", Text, ForeignKey("people_area.area_code"), nullable=False),
    Column("office_id", Uuid, ForeignKey("people_office.id")),
    Column("mark", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", Uuid, ForeignKey("people_person.id")),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True)),
    Column("approved_by", Uuid, ForeignKey("people_person.id")),
    Column("approved_at", DateTime(timezone=True)),
    Column("declined_by", Uuid, ForeignKey("people_person.id")),
    Column("declined_at", DateTime(timezone=True)),
    Column("revoked_by", Uuid, ForeignKey("people_person.id")),
    Column("revoked_at", DateTime(timezone=True)),
)
