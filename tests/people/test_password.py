import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.people.password import MAX_LENGTH, MIN_LENGTH, Wearer, faults_of

WEARER = Wearer(login_name="lin.jie", name="林洁", phone="13800000007")


@pytest.mark.parametrize("good", ["Tidal-Marsh-42", "潮间带Tide-2906", "w3t,Sand&Reed"])
def test_a_good_password_has_no_fault(good: str) -> None:
    assert faults_of(good, WEARER) == ()


@pytest.mark.parametrize(
    ("weak", "says"),
    [
        ("Short-1", "长度"),
        ("x" * 129, "长度"),
        ("onlysmallletters", "三类"),
        ("Password-2026", "常见"),
        ("P@ssw0rd!9", "常见"),
        ("Tide-11111-Reed", "连续"),
        ("Tide-56789-Reed", "连续"),
        ("Tide-fedcb-Reed9", "连续"),
        ("Lin.Jie-Reed-42", "登录名"),
        ("林洁-Reed-4290", "姓名"),
        ("Reed-13800000007", "电话"),
        ("Tide\x07Reed-4290", "控制字符"),
    ],
)
def test_a_weak_password_is_refused_with_its_fault(weak: str, says: str) -> None:
    assert says in "；".join(faults_of(weak, WEARER))


def test_a_former_password_is_refused_and_asked_about_last() -> None:
    asked: list[str] = []

    def was_used(password: str) -> bool:
        asked.append(password)
        return True

    assert "用过" in faults_of("Tidal-Marsh-42", WEARER, was_used)[0]
    faults_of("weak", WEARER, was_used)
    assert asked == ["Tidal-Marsh-42"]


@given(password=st.text(max_size=200))
def test_no_password_outside_the_length_passes_and_none_breaks_the_judge(password: str) -> None:
    if not faults_of(password, WEARER):
        assert MIN_LENGTH <= len(password) <= MAX_LENGTH
