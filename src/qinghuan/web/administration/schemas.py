"""Forms of administration: which fields they have and what each may hold."""

from datetime import date
from uuid import UUID

from pydantic import Field

from qinghuan.people.model import Mark, OfficeKind, Role, TokenScope
from qinghuan.people.outline import CoordinateSystem
from qinghuan.web.administration.forms import Wanted


class AreaWanted(Wanted):
    """An area to add: a published code, or a fictional one with its own name."""

    area_code: str = Field(max_length=15)
    name: str = Field(default="", max_length=80)
    name_en: str = Field(default="", max_length=80)


class AreaNamed(Wanted):
    """An area's new name."""

    name: str = Field(max_length=80)
    name_en: str = Field(default="", max_length=80)


class OutlinesWanted(Wanted):
    """A file of outlines, and in which coordinates it is."""

    document: bytes
    system: CoordinateSystem


class OfficeWanted(Wanted):
    """An office to add."""

    name: str = Field(max_length=80)
    kind: OfficeKind
    area_code: str = Field(max_length=15)
    credit_code: str = Field(default="", max_length=18)
    name_en: str = Field(default="", max_length=80)


class OfficeNamed(Wanted):
    """An office's new name, kind and credit code."""

    name: str = Field(max_length=80)
    kind: OfficeKind
    credit_code: str = Field(default="", max_length=18)
    name_en: str = Field(default="", max_length=80)


class PersonWanted(Wanted):
    """A person to add."""

    login_name: str = Field(max_length=32)
    name: str = Field(max_length=40)
    post_label: str = Field(max_length=40)
    area_code: str = Field(max_length=15)
    office_id: UUID | None = None
    phone: str = Field(default="", max_length=20)


class PersonNamed(Wanted):
    """A person's new name, post and office."""

    name: str = Field(max_length=40)
    post_label: str = Field(max_length=40)
    office_id: UUID | None = None


class GrantWanted(Wanted):
    """A role to ask for."""

    role: Role
    area_code: str = Field(max_length=15)
    office_id: UUID | None = None
    valid_until: date | None = None
    reason: str = Field(max_length=200)


class Reasoned(Wanted):
    """Why something is done."""

    reason: str = Field(max_length=200)


class TokenWanted(Wanted):
    """A token to issue."""

    person_id: UUID
    name: str = Field(max_length=60)
    scopes: frozenset[TokenScope] = Field(min_length=1)
    area_code: str = Field(max_length=15)
    mark: Mark = Mark.PUBLIC
    expires_on: date
