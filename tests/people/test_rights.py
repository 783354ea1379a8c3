import csv
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.infra.database import NOBODY, Scope
from qinghuan.people.errors import RightMissing
from qinghuan.people.model import (
    NOBODY_IN_PARTICULAR,
    Actor,
    HeldRole,
    Mark,
    Right,
    Role,
    SessionState,
)
from qinghuan.people.rights import (
    ADMINISTRATORS,
    HANDLING,
    POLICIES,
    areas_of_right,
    may_see,
    require,
    rights_in,
    roles_in,
    scope_of,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "people"
SOMEBODY = UUID(int=7)

places = st.sampled_from(["99", "9901", "990101", "990101001", "990102", "9902", "44"])
held_roles = st.builds(
    HeldRole,
    role=st.sampled_from(Role),
    area_code=places,
    office_id=st.one_of(st.none(), st.integers(1, 3).map(lambda n: UUID(int=n))),
)
actors = st.builds(
    Actor,
    person_id=st.just(SOMEBODY),
    name_label=st.just("值守员 07"),
    roles=st.lists(held_roles, max_size=4).map(tuple),
)


def who(role: Role, area_code: str = "9901") -> Actor:
    held = HeldRole(role=role, area_code=area_code)
    return Actor(person_id=SOMEBODY, name_label="甲", roles=(held,))


def sees(scope: Scope, area_code: str, mark: Mark) -> bool:
    """What row-level security makes of a scope."""
    return mark <= scope.mark and any(area_code.startswith(p) for p in scope.area_prefixes)


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", rows("role_marks.csv"), ids=lambda row: row["role"])
def test_a_role_sees_the_marks_of_the_reviewed_matrix(row: dict[str, str]) -> None:
    actor = who(Role(row["role"]))

    for mark in Mark:
        assert may_see(actor, "990101", mark) == (row[mark.name.lower()] == "yes")
        assert sees(scope_of(actor), "990101", mark) == may_see(actor, "990101", mark)
        assert not may_see(actor, "9902", mark)


@pytest.mark.parametrize("row", rows("role_rights.csv"), ids=lambda row: row["role"])
def test_a_role_has_the_rights_of_the_reviewed_matrix(row: dict[str, str]) -> None:
    assert rights_in(who(Role(row["role"])), "990101") == {Right(r) for r in row["rights"].split()}


def test_the_matrices_name_every_role() -> None:
    for name in ("role_marks.csv", "role_rights.csv"):
        assert {row["role"] for row in rows(name)} == set(Role)
    assert set(POLICIES) == set(Role)


def test_a_deputy_has_no_handling_command() -> None:
    assert Role.DEPUTY not in HANDLING
    assert rights_in(who(Role.DEPUTY), "9901") == {Right.JUDGE}


def test_an_auditor_has_rights_to_read_only() -> None:
    assert POLICIES[Role.AUDIT_ADMIN].rights == {Right.READ_PERSONS, Right.READ_AUDIT}


def test_no_two_administrators_share_a_right_to_change_something() -> None:
    changing = [POLICIES[role].rights - {Right.READ_PERSONS} for role in sorted(ADMINISTRATORS)]

    assert sum(len(rights) for rights in changing) == len(set().union(*changing))


def test_a_right_ends_at_the_border_of_the_area() -> None:
    admin = who(Role.SYSTEM_ADMIN, "990101")

    require(admin, Right.MANAGE_AREAS, "990101001")
    with pytest.raises(RightMissing) as caught:
        require(admin, Right.MANAGE_AREAS, "990102")
    assert caught.value.right == "manage_areas"
    assert areas_of_right(admin, Right.MANAGE_AREAS) == ("990101",)
    with pytest.raises(RightMissing):
        areas_of_right(admin, Right.READ_AUDIT)


@pytest.mark.parametrize("state", [s for s in SessionState if s is not SessionState.ACTIVE])
def test_before_the_session_is_active_a_director_has_nothing(state: SessionState) -> None:
    held = HeldRole(role=Role.DIRECTOR, area_code="99")
    actor = Actor(person_id=SOMEBODY, name_label="甲", roles=(held,), state=state)

    assert roles_in(actor, "9901") == frozenset()
    assert not may_see(actor, "9901", Mark.PUBLIC)
    assert scope_of(actor) == Scope(person_id=str(SOMEBODY))


def test_nobody_in_particular_runs_in_nobodys_scope() -> None:
    assert scope_of(NOBODY_IN_PARTICULAR) == NOBODY


def test_a_token_reaches_its_own_area_and_mark_and_has_no_rights() -> None:
    token = Actor(
        person_id=SOMEBODY,
        name_label="接口",
        token_id=UUID(int=9),
        token_area_code="990101",
        token_mark=Mark.INTERNAL,
    )

    assert scope_of(token).area_prefixes == ("990101",)
    assert scope_of(token).mark == 1
    assert rights_in(token, "990101") == frozenset()
    assert token.reference == f"token/{UUID(int=9)}"


@given(actor=actors, area_code=places, mark=st.sampled_from(Mark))
def test_a_scope_never_shows_more_than_the_roles_allow(
    actor: Actor, area_code: str, mark: Mark
) -> None:
    if sees(scope_of(actor), area_code, mark):
        assert may_see(actor, area_code, mark)


@given(actor=actors, area_code=places, mark=st.sampled_from(Mark))
def test_acting_as_each_role_in_turn_shows_all_that_the_roles_allow(
    actor: Actor, area_code: str, mark: Mark
) -> None:
    shown = any(sees(scope_of(actor, held), area_code, mark) for held in actor.roles)

    assert shown == may_see(actor, area_code, mark)


@given(actor=actors, other=held_roles)
def test_acting_as_a_role_one_does_not_hold_shows_nothing(actor: Actor, other: HeldRole) -> None:
    if other not in actor.roles:
        assert scope_of(actor, other).area_prefixes == ()
