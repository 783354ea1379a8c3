"""What a password must be. Pure: the lists and former passwords come in as answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

MIN_LENGTH = 10
MAX_LENGTH = 128
"""Longer input only makes the hash slower for an attacker's pleasure."""

MIN_KINDS = 3
"""Of four: small letters, capitals, figures, other signs."""

REMEMBERED = 5
"""Former passwords that may not come back."""

COMMON = frozenset(
    {
        "password",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "qwerty",
        "qwertyuiop",
        "1qaz2wsx",
        "qazwsx",
        "1q2w3e4r",
        "asdfgh",
        "zxcvbn",
        "abc123",
        "a123456",
        "123456",
        "123123",
        "111111",
        "000000",
        "654321",
        "666666",
        "888888",
        "5201314",
        "woaini",
        "iloveyou",
        "letmein",
        "welcome",
        "admin",
        "administrator",
        "root",
        "monkey",
        "dragon",
        "qinghuan",
        "huanbao",
        "changeme",
        "test1234",
    }
)
"""Words that guessing begins with; a password is judged by what remains without them."""

MIN_BESIDE_COMMON = 6
"""Characters that must remain when a common word is taken out."""

_KINDS = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^\w]|_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wearer:
    """Whose password it is to be, as far as the password must not repeat it."""

    login_name: str
    name: str = ""
    phone: str = ""


def faults_of(
    password: str, wearer: Wearer, was_used: Callable[[str], bool] = lambda _: False
) -> tuple[str, ...]:
    """Every rule a new password breaks, in Chinese; empty if it will do.

    Args:
        password: The password wished for.
        wearer: Who will use it.
        was_used: Tells whether it is the present or one of the last `REMEMBERED`; asked
            last and only of a password that is otherwise right, as asking is slow.

    Source:
        GB/T 22239-2019, clause 8.1.4.1 a (complexity, regular change); the lengths and the
        list are ours.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return (f"长度须为 {MIN_LENGTH} 至 {MAX_LENGTH} 位",)
    faults: list[str] = []
    if sum(bool(kind.search(password)) for kind in _KINDS) < MIN_KINDS:
        faults.append("须含大写字母、小写字母、数字、符号中的至少三类")
    if any(ord(character) < 32 or ord(character) == 127 for character in password):
        faults.append("不能含控制字符")
    if _leans_on_common(password.lower()):
        faults.append("含有常见口令")
    if _runs(password):
        faults.append("不能有连续 4 位以上相同或顺序的字符")
    if _names_wearer(password.lower(), wearer):
        faults.append("不能包含登录名、姓名或电话号码")
    if not faults and was_used(password):
        faults.append(f"不能与最近 {REMEMBERED} 次用过的密码相同")
    return tuple(faults)


def _leans_on_common(lowered: str) -> bool:
    """Whether too little remains without the longest common word in it."""
    inside = [word for word in COMMON if word in lowered]
    return bool(inside) and len(lowered) - max(map(len, inside)) < MIN_BESIDE_COMMON


def _runs(password: str) -> bool:
    """Whether five characters in a row repeat or count up or down."""
    steps = [ord(after) - ord(before) for before, after in pairwise(password)]
    return any(
        step in {-1, 0, 1} and steps[place : place + 4] == [step] * 4
        for place, step in enumerate(steps)
    )


def _names_wearer(lowered: str, wearer: Wearer) -> bool:
    """Whether the password says whose it is."""
    words = (wearer.login_name.lower(), wearer.name.lower(), wearer.phone)
    return any(len(word) >= 2 and word in lowered for word in words)
