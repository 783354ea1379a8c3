from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from factories.sensing import upload

from qinghuan.sensing.credentials import SALT_BYTES, hash_password, is_password
from qinghuan.sensing.hj212.frame import Frame, Verdict
from qinghuan.sensing.hj212.parse import parse
from qinghuan.sensing.roster import AHEAD, Member, Refused, Roster

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SALT = bytes(range(SALT_BYTES))
MEMBER = Member(
    station_id=UUID(int=1),
    mn="QH0000000001",
    st="22",
    area_code="990101",
    mark=1,
    area_class=2,
    is_active=True,
    salt=SALT,
    password_hash=hash_password("123456", SALT),
)


def frame(at: datetime = NOW, **changes: str) -> Frame:
    return parse(upload({"a34004": "1"}, at=at, **changes)[6:-6])  # type: ignore[arg-type]  # texts


def roster(*members: Member) -> Roster:
    known = Roster()
    known.update(members)
    return known


def verdict(answer: Member | Refused) -> Verdict:
    return answer.verdict if isinstance(answer, Refused) else Verdict.OK


def test_a_registered_station_with_its_password_is_let_in() -> None:
    known = roster(MEMBER)

    assert known.admit(frame(), NOW) is MEMBER
    assert known.admit(frame(), NOW) is MEMBER
    assert len(known) == 1


def test_an_unknown_station_is_refused() -> None:
    assert verdict(roster().admit(frame(), NOW)) is Verdict.STATION


def test_a_retired_station_is_refused_and_named() -> None:
    answer = roster(replace(MEMBER, is_active=False)).admit(frame(), NOW)

    assert isinstance(answer, Refused)
    assert (answer.verdict, answer.reason) == (Verdict.STATION, "the station is retired")
    assert answer.member is not None


@pytest.mark.parametrize("password", ["123457", "", "密码"])
def test_a_wrong_password_is_refused_also_after_a_right_one(password: str) -> None:
    known = roster(MEMBER)
    known.admit(frame(), NOW)

    assert verdict(known.admit(frame()._replace(pw=password), NOW)) is Verdict.PASSWORD


def test_a_changed_password_replaces_the_one_that_proved_right() -> None:
    known = roster(MEMBER)
    known.admit(frame(), NOW)
    known.update([replace(MEMBER, password_hash=hash_password("654321", SALT))])

    assert verdict(known.admit(frame(), NOW)) is Verdict.PASSWORD
    assert verdict(known.admit(frame(pw="654321"), NOW)) is Verdict.OK


def test_a_clock_may_run_a_little_ahead_but_not_a_day() -> None:
    known = roster(MEMBER)

    assert verdict(known.admit(frame(NOW + AHEAD), NOW)) is Verdict.OK
    assert verdict(known.admit(frame(NOW + AHEAD + timedelta(seconds=1)), NOW)) is Verdict.TIME


def test_a_clock_that_was_never_set_is_refused() -> None:
    answer = roster(MEMBER).admit(frame(datetime(1970, 1, 2, tzinfo=UTC)), NOW)

    assert isinstance(answer, Refused)
    assert answer.reason.startswith("QN 1970")


def test_old_data_are_let_in() -> None:
    assert verdict(roster(MEMBER).admit(frame(datetime(2016, 8, 1, tzinfo=UTC)), NOW)) is Verdict.OK


def test_equal_passwords_do_not_look_equal() -> None:
    other = bytes(SALT_BYTES)

    assert hash_password("123456", SALT) != hash_password("123456", other)
    assert is_password("123456", SALT, hash_password("123456", SALT))
    assert not is_password("123456", other, hash_password("123456", SALT))
