"""The unified social credit code of an office or enterprise, and its check character."""

from qinghuan.people.errors import CreditCodeWrong

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Thirty-one characters: I, O, S, V and Z are left out, as they read like figures."""

WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def checked(code: str) -> str:
    """The code in capitals, if its check character is right.

    Raises:
        CreditCodeWrong: Not 18 characters of the alphabet, or the last one does not fit.

    Source:
        GB 32100-2015, clauses 4 and 5 (weights 3^(i-1) mod 31, check 31 - sum mod 31).
    """
    code = code.strip().upper()
    if len(code) != 18 or not set(code) <= set(ALPHABET):
        raise CreditCodeWrong(code)
    if check_character(code[:17]) != code[17]:
        raise CreditCodeWrong(code)
    return code


def check_character(body: str) -> str:
    """The eighteenth character that fits the first seventeen."""
    total = sum(
        ALPHABET.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True)
    )
    return ALPHABET[(31 - total % 31) % 31]
