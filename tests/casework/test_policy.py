import pytest

from qinghuan.casework.adapters.shelf import code_row, policies, policy
from qinghuan.casework.calendar import Duration, Unit
from qinghuan.casework.clock import PauseReason
from qinghuan.casework.codes import IN_FORCE, CodeKind, MatterCode
from qinghuan.casework.errors import MalformedDuration, UnknownPolicy
from qinghuan.casework.policy import PolicyItem, Stage, duration_of


def matter(digits: str) -> MatterCode:
    return MatterCode(standard_ref=IN_FORCE, kind=CodeKind.MATTER, code=digits)


def test_the_shipped_limits_say_that_they_are_an_example_and_whose() -> None:
    shipped = policy()

    assert shipped.is_example
    assert shipped.label == "示例"
    assert "运城" in shipped.provenance
    assert shipped.policy_id.startswith("example-")


@pytest.mark.parametrize(
    ("digits", "limit"),
    [
        ("06010", "4 working_hour"),
        ("06011", "5 working_day"),
        ("06020", "2 urgent_hour"),
        ("06025", "2 working_day"),
        ("08004", "2 working_hour"),
    ],
)
def test_the_example_gives_the_limits_of_the_city_table(digits: str, limit: str) -> None:
    assert policy().handle_limit(matter(digits)) == duration_of(limit)


def test_a_matter_the_table_does_not_list_has_the_default_limit() -> None:
    assert policy().handle_limit(matter("06022")) == policy().default_limit
    assert policy().handle_limit(None) == policy().default_limit


def test_every_stage_pause_and_listed_matter_is_known() -> None:
    for shipped in policies().values():
        assert set(shipped.stages) == set(Stage)
        assert set(shipped.longest_pause) == set(PauseReason)
        for item in shipped.items:
            assert code_row(item.code).name


def test_the_public_promise_is_the_sum_of_its_stages() -> None:
    total = policy().total_limit(matter("06010"))

    assert total == Duration(amount=15 + 120 + 240 + 480, unit=Unit.WORKING_MINUTE)


def test_one_matter_may_have_other_limits_under_other_conditions() -> None:
    code = matter("06022")
    one = PolicyItem(code=code, limit=duration_of("1 working_hour"), condition="倒伏")
    two = PolicyItem(code=code, limit=duration_of("5 working_day"), condition="未倒伏")
    shipped = policy()
    both = type(shipped)(
        **{
            name: getattr(shipped, name) for name in shipped.__dataclass_fields__ if name != "items"
        },
        items=(one, two),
    )

    assert both.handle_limit(code, "未倒伏") == two.limit
    assert both.handle_limit(code, "别的") == one.limit


@pytest.mark.parametrize("text", ["", "4", "four working_hour", "4 fortnight", "0 working_day"])
def test_a_limit_that_is_no_limit_is_refused_as_it_was_written(text: str) -> None:
    with pytest.raises(MalformedDuration) as caught:
        duration_of(text)

    assert caught.value.text in {text, "0 working_day"}


def test_an_unknown_policy_version_is_named_in_the_error() -> None:
    with pytest.raises(UnknownPolicy) as caught:
        policy("somewhere")

    assert caught.value.policy_id == "somewhere"
