"""Nouns of the components derive what they show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qinghuan.web.states import State
from qinghuan.web.style.samples import LAW, NEAR, OVER, PAUSED, RUNNING
from qinghuan.web.views import LawView, ProofView, ends_at

AT = datetime(2026, 11, 19, 6, 32, tzinfo=UTC)
counts = st.integers(min_value=0, max_value=10**6)


@given(counts, counts, counts, counts)
def test_the_law_holds_when_every_signal_has_one_disposition(
    opened: int, attached: int, refused: int, waiting: int
) -> None:
    law = LawView(
        signals=opened + attached + refused + waiting,
        opened=opened,
        attached=attached,
        refused=refused,
        waiting=waiting,
        checked_at=AT,
    )

    assert law.difference == 0
    assert law.state is State.OK


def test_one_lost_signal_or_ownerless_case_breaks_the_law() -> None:
    assert replace(LAW, waiting=LAW.waiting - 1).difference == 1
    assert replace(LAW, waiting=LAW.waiting - 1).state is State.BAD
    assert replace(LAW, ownerless=1).state is State.BAD
    assert replace(LAW, clockless=1).state is State.BAD


def test_only_a_continuous_running_clock_counts_in_the_browser() -> None:
    assert ends_at(NEAR, AT) == AT + timedelta(minutes=40)
    assert ends_at(RUNNING, AT) is None
    assert ends_at(PAUSED, AT) is None


def test_the_bar_of_a_clock_stays_between_nothing_and_full() -> None:
    assert (RUNNING.used_pct, OVER.used_pct) == (56, 100)
    assert replace(RUNNING, used_ratio=-1).used_pct == 0


def test_a_clock_past_the_rung_is_near_until_it_is_over() -> None:
    assert NEAR.is_near
    assert not RUNNING.is_near
    assert not OVER.is_near


def test_a_record_without_a_place_in_the_log_yet_is_not_shown_as_sealed() -> None:
    assert ProofView(digest="a91c04c07fe27b07").short == "a91c…07"
    assert ProofView(digest="", is_sealed=False).state is State.RUN
