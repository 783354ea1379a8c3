"""Forms of administration: which fields they have and what each may hold."""

from datetime import date
from decimal import Decimal
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


class StationNamed(Wanted):
    """A station's particulars; its device number stays as it was registered."""

    name: str = Field(max_length=100)
    st: str = Field(max_length=2)
    area_code: str = Field(max_length=15)
    longitude_deg: float = Field(ge=-180, le=180, allow_inf_nan=False)
    latitude_deg: float = Field(ge=-90, le=90, allow_inf_nan=False)
    system: CoordinateSystem
    area_class: int = Field(default=0, ge=0, le=5)
    cadence_s: int | None = Field(default=None, ge=1, le=31 * 86_400)
    is_simulated: bool = False
    is_active: bool = True


class StationWanted(StationNamed):
    """A station to register."""

    mn: str = Field(max_length=64)
    password: str = Field(default="", max_length=64)


class PasswordWanted(Wanted):
    """Another access password of a station; left empty, one is made."""

    password: str = Field(default="", max_length=64)


class LimitWanted(Wanted):
    """A datastream's own limit, and how patient its watch is."""

    upper: Decimal | None = Field(default=None, allow_inf_nan=False, max_digits=18)
    lower: Decimal | None = Field(default=None, allow_inf_nan=False, max_digits=18)
    source: str = Field(max_length=200)
    raise_after: int = Field(default=1, ge=1, le=1_000)
    raise_after_min: int = Field(default=0, ge=0, le=31 * 1_440)
    clear_after: int = Field(default=1, ge=1, le=1_000)
    clear_pct: int = Field(default=100, ge=1, le=100)


class UnitWanted(Wanted):
    """The unit a station really sends a factor in."""

    unit: str = Field(max_length=20)
