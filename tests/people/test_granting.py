"""The laws of granting, tried over every order of acts."""

# ruff: noqa: D102 - a rule of the machine, like a test, has its sentence for a name

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from qinghuan.people.errors import (
    GrantDecided,
    GrantPeriodWrong,
    OwnRequest,
    PeopleError,
    RightMissing,
    RoleNotGranted,
    RolesExclusive,
)
from qinghuan.people.granting import (
    GrantAsked,
    check_approval,
    check_decision,
    check_request,
    check_revocation,
    excludes,
)
from qinghuan.people.model import Actor, Grant, Role
from qinghuan.people.rights import ADMINISTRATORS

START = datetime(2026, 3, 2, tzinfo=UTC)
PERSONS = tuple(UUID(int=number) for number in range(1, 7))
people = st.sampled_from(PERSONS)
areas = st.sampled_from(["99", "9901", "990101", "9902"])


def grant(person: int, role: Role, area_code: str = "99", *, approved: bool = True) -> Grant:
    return Grant(
        id=UUID(int=100 + person),
        person_id=UUID(int=person),
        role=role,
        area_code=area_code,
        office_id=None,
        asked_by=UUID(int=1),
        asked_at=START,
        reason="岗位需要",
        valid_from=START,
        approved_by=UUID(int=2) if approved else None,
        approved_at=START if approved else None,
    )


def actor_of(person: int, *grants: Grant) -> Actor:
    return Actor(
        person_id=UUID(int=person), name_label="甲", roles=tuple(one.held() for one in grants)
    )


SYSTEM_ADMIN = actor_of(1, grant(1, Role.SYSTEM_ADMIN))
SECURITY_ADMIN = actor_of(2, grant(2, Role.SECURITY_ADMIN))
AUDIT_ADMIN = actor_of(3, grant(3, Role.AUDIT_ADMIN))


def asked(
    person: int, role: Role, valid_from: datetime = START, valid_until: datetime | None = None
) -> GrantAsked:
    return GrantAsked(
        person_id=UUID(int=person),
        role=role,
        area_code="9901",
        valid_from=valid_from,
        valid_until=valid_until,
    )


def test_a_system_administrator_asks_for_another() -> None:
    check_request(SYSTEM_ADMIN, asked(5, Role.HANDLER), [])


@pytest.mark.parametrize("asker", [SECURITY_ADMIN, AUDIT_ADMIN, actor_of(4)])
def test_nobody_else_asks(asker: Actor) -> None:
    with pytest.raises(RightMissing):
        check_request(asker, asked(5, Role.HANDLER), [])


def test_nobody_asks_for_himself() -> None:
    with pytest.raises(OwnRequest):
        check_request(SYSTEM_ADMIN, asked(1, Role.HANDLER), [])


def test_the_public_is_not_granted_and_a_period_has_a_length() -> None:
    with pytest.raises(RoleNotGranted):
        check_request(SYSTEM_ADMIN, asked(5, Role.PUBLIC), [])
    with pytest.raises(GrantPeriodWrong):
        check_request(SYSTEM_ADMIN, asked(5, Role.HANDLER, valid_until=START), [])


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", sorted(ADMINISTRATORS))
def test_the_three_administrators_exclude_each_other(first: Role, second: Role) -> None:
    assert excludes(first, second) == (first != second)
    waiting = grant(5, first, approved=False)
    if first != second:
        with pytest.raises(RolesExclusive):
            check_request(SYSTEM_ADMIN, asked(5, second), [waiting])


def test_an_administrator_takes_no_working_post_but_stays_a_citizen() -> None:
    assert excludes(Role.SYSTEM_ADMIN, Role.DISPATCHER)
    assert not excludes(Role.SYSTEM_ADMIN, Role.CITIZEN)
    assert not excludes(Role.DISPATCHER, Role.CHECKER)


def test_an_administrator_may_follow_another_in_time() -> None:
    later = START + timedelta(days=30)
    until_then = replace(grant(5, Role.SYSTEM_ADMIN), valid_until=later)

    check_request(SYSTEM_ADMIN, asked(5, Role.AUDIT_ADMIN, valid_from=later), [until_then])
    with pytest.raises(RolesExclusive):
        check_request(SYSTEM_ADMIN, asked(5, Role.AUDIT_ADMIN), [until_then])


def test_the_one_who_asked_does_not_approve_even_as_security_administrator() -> None:
    own = replace(grant(5, Role.HANDLER, approved=False), asked_by=UUID(int=2))

    with pytest.raises(OwnRequest):
        check_approval(SECURITY_ADMIN, own, [])


def test_nobody_approves_or_takes_his_own_role() -> None:
    with pytest.raises(OwnRequest):
        check_approval(SECURITY_ADMIN, grant(2, Role.HANDLER, approved=False), [])
    with pytest.raises(OwnRequest):
        check_revocation(SECURITY_ADMIN, grant(2, Role.SECURITY_ADMIN))


def test_a_decided_request_is_not_decided_again() -> None:
    with pytest.raises(GrantDecided):
        check_decision(SECURITY_ADMIN, grant(5, Role.HANDLER))
    with pytest.raises(GrantDecided):
        check_revocation(SECURITY_ADMIN, replace(grant(5, Role.HANDLER), revoked_at=START))


class Granting(RuleBasedStateMachine):
    """Six persons ask, approve, decline and revoke in any order while days go by."""

    def __init__(self) -> None:
        super().__init__()
        self.at = START
        self.grants: dict[UUID, Grant] = {}
        self.rights_when_asked: dict[UUID, tuple[bool, bool]] = {}

    @initialize()
    def set_up(self) -> None:
        for number, role in enumerate(sorted(ADMINISTRATORS), start=1):
            first = replace(
                grant(number, role), id=UUID(int=1000 + number), asked_by=None, approved_by=None
            )
            self.grants[first.id] = first

    def acting(self, person_id: UUID) -> Actor:
        return Actor(
            person_id=person_id,
            name_label="甲",
            roles=tuple(
                one.held()
                for one in self.grants.values()
                if one.person_id == person_id and one.is_live(self.at)
            ),
        )

    def of(self, person_id: UUID) -> list[Grant]:
        return [one for one in self.grants.values() if one.person_id == person_id]

    @rule(
        asker=people,
        person=people,
        role=st.sampled_from(Role),
        area=areas,
        begins=st.integers(0, 5),
        lasts=st.one_of(st.none(), st.integers(-1, 10)),
    )
    def ask(
        self, asker: UUID, person: UUID, role: Role, area: str, begins: int, lasts: int | None
    ) -> None:
        begin = self.at + timedelta(days=begins)
        wish = GrantAsked(
            person_id=person,
            role=role,
            area_code=area,
            valid_from=begin,
            valid_until=None if lasts is None else begin + timedelta(days=lasts),
        )
        try:
            check_request(self.acting(asker), wish, self.of(person))
        except PeopleError:
            return
        new = Grant(
            id=UUID(int=2000 + len(self.grants)),
            person_id=person,
            role=role,
            area_code=area,
            office_id=None,
            asked_by=asker,
            asked_at=self.at,
            reason="岗位需要",
            valid_from=begin,
            valid_until=wish.valid_until,
        )
        self.grants[new.id] = new

    @rule(approver=people, pick=st.integers(0, 200), way=st.sampled_from(["yes", "no", "end"]))
    def decide(self, approver: UUID, pick: int, way: str) -> None:
        chosen = list(self.grants.values())[pick % len(self.grants)]
        actor = self.acting(approver)
        try:
            if way == "yes":
                check_approval(actor, chosen, self.of(chosen.person_id))
                chosen = replace(chosen, approved_by=approver, approved_at=self.at)
            elif way == "no":
                check_decision(actor, chosen)
                chosen = replace(chosen, declined_by=approver, declined_at=self.at)
            else:
                check_revocation(actor, chosen)
                chosen = replace(chosen, revoked_by=approver, revoked_at=self.at)
        except PeopleError:
            return
        self.grants[chosen.id] = chosen

    @rule(days=st.integers(1, 4))
    def days_go_by(self, days: int) -> None:
        self.at += timedelta(days=days)

    @invariant()
    def no_person_holds_two_administrators_or_one_and_a_post(self) -> None:
        for person in PERSONS:
            for ahead in range(16):
                moment = self.at + timedelta(days=ahead)
                roles = {one.role for one in self.of(person) if one.is_live(moment)}
                assert len(roles & ADMINISTRATORS) <= 1
                if roles & ADMINISTRATORS:
                    assert len(roles - {Role.CITIZEN}) == 1

    @invariant()
    def every_grant_but_the_first_three_has_two_other_persons_behind_it(self) -> None:
        for one in self.grants.values():
            if one.asked_by is None:
                assert one.id.int <= 1003
                continue
            assert one.asked_by != one.person_id
            if one.approved_at is not None:
                assert one.approved_by is not None
                assert one.approved_by not in {one.asked_by, one.person_id}


Granting.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestGranting = Granting.TestCase
