"""Every cell of the table is decided, and nothing outside it is allowed."""

from typing import get_args

import pytest
from factories.casework import MONDAY, SAMPLES, actor, context, in_state

from qinghuan.casework.model import Role, Source
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.asking import Refusal
from qinghuan.casework.problem.decide import available, cell, decide
from qinghuan.casework.problem.states import OPEN, State
from qinghuan.casework.problem.table import BY_NAME, RULES

CELLS = [(state, rule.name) for state in [None, *State] for rule in RULES]


def test_every_command_has_exactly_one_row() -> None:
    commands = [rule.command for rule in RULES]

    assert sorted(map(str, commands)) == sorted(map(str, get_args(c.Command)))
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_all_seventeen_transitions_of_the_workflow_are_there() -> None:
    assert {rule.number for rule in RULES} == {None, *range(1, 18)}


def test_every_state_can_be_reached() -> None:
    reached = set().union(*(rule.targets for rule in RULES))

    assert reached | {State.REOPENED} == set(State)


def test_every_open_state_can_be_left_by_a_person() -> None:
    for state in OPEN:
        leaving = [
            rule
            for rule in RULES
            if state in rule.sources and rule.targets - {state} and rule.roles - {Role.SYSTEM}
        ]
        assert leaving, state


@pytest.mark.parametrize(("state", "name"), CELLS)
def test_each_cell_of_state_command_and_role_is_decided_by_the_table(
    state: State | None, name: str
) -> None:
    rule = BY_NAME[name]
    life = None if state is None else in_state(state)
    case, at = (None, MONDAY) if life is None else (life.now, life.at)
    for role in Role:
        answer = decide(case, SAMPLES[rule.command], actor(role), at, context())
        verdict = cell(state, name, role)
        is_in_table = (state in rule.sources if rule.sources else state is None) and (
            role in rule.roles
        )

        assert (verdict == "allowed") is is_in_table
        if isinstance(answer, Refusal):
            assert is_in_table == (answer.code not in {"wrong-state", "wrong-role"})
        else:
            assert is_in_table


def test_a_deputy_watches_and_judges_but_handles_nothing() -> None:
    deputy_rules = {rule.name for rule in RULES if Role.DEPUTY in rule.roles}

    assert deputy_rules == {"submit", "appeal", "answer_follow_up", "add_evidence"}


def test_no_administrator_role_appears_in_the_table() -> None:
    roles = set().union(*(rule.roles for rule in RULES))

    assert not {role for role in roles if role.endswith("_admin")}


@pytest.mark.parametrize("state", list(State))
def test_offers_name_who_else_could_act(state: State) -> None:
    life = in_state(state)
    for role in Role:
        for offer in available(life.now, actor(role), life.at, context()):
            assert offer.is_allowed is (offer.refusal is None)
            if offer.refusal is not None:
                assert offer.refusal.supplier


def test_commands_of_the_platform_alone_are_never_offered() -> None:
    life = in_state(State.HANDLING)
    offered = {
        offer.command for offer in available(life.now, actor(Role.SYSTEM), life.at, context())
    }

    assert not offered & {"submit", "recur", "archive", "reach_rung", "repair", "adopt_child"}


def test_machine_sources_are_the_four_that_no_person_saw() -> None:
    assert {source for source in Source if source.is_machine} == {
        Source.SENSOR,
        Source.SMOKE,
        Source.FENCE,
        Source.CARBON,
    }
