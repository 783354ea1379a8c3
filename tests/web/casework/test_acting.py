"""A person acts on a case with the roles that reach its place, for the nearest office."""

from uuid import UUID

from qinghuan.people.model import Actor, HeldRole, Role
from qinghuan.web.casework.acting import acting_as

CITY_OFFICE, TOWN_OFFICE = UUID(int=1), UUID(int=2)
ACTOR = Actor(
    person_id=UUID(int=9),
    name_label="负责人",
    roles=(
        HeldRole(role=Role.DISPATCHER, area_code="9901", office_id=CITY_OFFICE),
        HeldRole(role=Role.OFFICE_HEAD, area_code="990101001", office_id=TOWN_OFFICE),
    ),
)


def test_a_role_held_elsewhere_does_not_count() -> None:
    acting = acting_as(ACTOR, "990121")

    assert acting.roles == {"dispatcher"}
    assert acting.office_id == str(CITY_OFFICE)


def test_the_nearest_office_is_acted_for() -> None:
    acting = acting_as(ACTOR, "990101001003")

    assert acting.roles == {"dispatcher", "office_head"}
    assert acting.office_id == str(TOWN_OFFICE)


def test_outside_every_area_nothing_is_held() -> None:
    assert acting_as(ACTOR, "4408").roles == frozenset()
