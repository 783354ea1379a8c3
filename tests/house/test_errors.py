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
    found: set[type[errors.QinghuanError]] = set()
    queue: list[type[errors.QinghuanError]] = [errors.QinghuanError]
    while queue:
        queue += (below := queue.pop().__subclasses__())
        found.update(below)
    return [
        error
        for error in found
        if "." in error.__dict__.get("code", "") and error.__module__.startswith("qinghuan.")
    ]


def test_every_error_with_a_code_has_a_kind_and_a_chinese_sentence() -> None:
    for error in _errors_of_the_house():
        if error.__bases__ == (errors.QinghuanError,):
            continue  # a root of a room: never raised itself
        assert issubclass(error, KINDS), f"{error.__name__} has no kind"
        assert error.zh != errors.QinghuanError.zh, f"{error.__name__} has no Chinese sentence"


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in _errors_of_the_house()]

    assert sorted(codes) == sorted(set(codes))
