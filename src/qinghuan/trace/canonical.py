"""One way to write a record's bytes, so that its hash is its identity.

RFC 8785 (JCS) without its hardest part: floats are refused, decimals travel as strings.
Text is kept as it came; NFC and NFD spell different records.
"""

import json
from collections.abc import Mapping
from typing import NoReturn

from qinghuan.trace.errors import NotCanonical
from qinghuan.trace.model import JsonValue

MAX_BYTES = 65_535
"""An entry bundle carries each entry's length in two bytes (C2SP tlog-tiles)."""

MAX_DEPTH = 32
"""Deeper than any record we write, shallow enough for every parser."""

MAX_INTEGER = 2**53 - 1
"""Larger integers change value in parsers that read numbers as doubles (RFC 7493)."""


def encode(value: object) -> bytes:
    """Canonical bytes of a JSON value without floats.

    Returns:
        UTF-8, keys sorted by UTF-16 code unit, no spaces, at most `MAX_BYTES`.

    Raises:
        NotCanonical: A float, another type, an integer past 2^53 - 1, a lone surrogate,
            a key that is no text, too deep, or too long.

    Source:
        RFC 8785, section 3.2.
    """
    data = _write(_ordered(value, "$", 0))
    if len(data) > MAX_BYTES:
        raise NotCanonical(f"{len(data)} bytes, at most {MAX_BYTES}")
    return data


def parse(data: bytes) -> JsonValue:
    """Read canonical bytes back, refusing every other spelling of the same value.

    Raises:
        NotCanonical: Not UTF-8, not JSON, a repeated key, a float, or not the bytes that
            `encode` writes.
    """
    if len(data) > MAX_BYTES:
        raise NotCanonical(f"{len(data)} bytes, at most {MAX_BYTES}")
    try:
        value: JsonValue = json.loads(
            data.decode(),
            object_pairs_hook=_object,
            parse_float=_refuse_number,
            parse_int=_integer,
            parse_constant=_refuse_number,
        )
    except UnicodeDecodeError as error:
        raise NotCanonical(f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise NotCanonical(f"deeper than {MAX_DEPTH}") from error
    except json.JSONDecodeError as error:
        raise NotCanonical(f"not JSON at character {error.pos}") from error
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH:
        _ordered(value, "$", 0)
    if _write(value) != data:
        raise NotCanonical("another spelling of the same value")
    return value


def _write(value: JsonValue) -> bytes:
    """Bytes of a value whose keys are in order already."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("lone surrogate") from error


def _ordered(value: object, path: str, depth: int) -> JsonValue:
    """Copy a value with its keys in order, naming the path of whatever may not stand."""
    if depth > MAX_DEPTH:
        raise NotCanonical(f"deeper than {MAX_DEPTH} at {path[:80]}")
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, path)
        case int():
            if abs(value) > MAX_INTEGER:
                raise NotCanonical(f"integer past 2^53-1 at {path[:80]}: write it as text")
            return int(value)
        case list() | tuple():
            return [_ordered(item, f"{path}[{at}]", depth + 1) for at, item in enumerate(value)]
        case Mapping():
            return _ordered_object(value, path, depth)
        case _:
            raise NotCanonical(f"{type(value).__name__} at {path[:80]}")


def _ordered_object(value: Mapping[object, object], path: str, depth: int) -> JsonValue:
    """Copy an object with its keys in order."""
    keys = _sorted([_key(key, path) for key in value])
    return {key: _ordered(value[key], f"{path}.{key}", depth + 1) for key in keys}


def _key(key: object, path: str) -> str:
    """Accept a key that is well-formed text."""
    if not isinstance(key, str):
        raise NotCanonical(f"key of type {type(key).__name__} at {path[:80]}")
    return _text(key, path)


def _text(text: str, path: str) -> str:
    """Accept text that has a UTF-8 form."""
    if text.isascii():
        return str(text)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"lone surrogate at {path[:80]}") from error
    return str(text)


def _sorted(keys: list[str]) -> list[str]:
    """Keys in the order of RFC 8785; for ASCII the plain order is the same."""
    return sorted(keys, key=None if all(map(str.isascii, keys)) else _utf16)


def _utf16(key: str) -> bytes:
    """Sort key of RFC 8785: UTF-16 code units."""
    return key.encode("utf-16-be", "surrogatepass")


def _object(pairs: list[tuple[str, JsonValue]]) -> JsonValue:
    """Build an object, refusing keys that come twice or out of order."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotCanonical("a key comes twice")
    keys = list(value)
    if keys != _sorted(keys):
        raise NotCanonical("keys out of order")
    return value


def _integer(digits: str) -> int:
    """Read an integer of a size that survives every parser."""
    if len(digits) > 17 or abs(value := int(digits)) > MAX_INTEGER:
        raise NotCanonical("integer past 2^53-1")
    return value


def _refuse_number(digits: str) -> NoReturn:
    """Refuse a float, NaN or an infinity."""
    raise NotCanonical(f"float {digits[:20]}")
