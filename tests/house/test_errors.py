"""Errors speak the field's words in both languages and keep stable codes."""

import importlib
import pkgutil

import qinghuan
from qinghuan.core import errors

KINDS = (errors.Invalid, errors.NotFound, errors.Conflict, errors.Refused, errors.Unavailable)


def _errors_of_the_house() -> list[type[errors.QinghuanError]]:
    for module in pkgutil.walk_packages(qinghuan.__path__, "qinghuan."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)
    found, queue = [], [errors.QinghuanError]
    while queue:
        for sub in queue.pop().__subclasses__():
            queue.append(sub)
            if "code" in sub.__dict__ and sub.__module__.startswith("qinghuan."):
                found.append(sub)
    return found


def test_every_error_with_a_code_has_a_kind_and_a_chinese_sentence() -> None:
    for error in _errors_of_the_house():
        assert issubclass(error, KINDS), f"{error.__name__} has no kind"
        assert error.zh != errors.QinghuanError.zh, f"{error.__name__} has no Chinese sentence"


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in _errors_of_the_house()]

    assert sorted(codes) == sorted(set(codes))
