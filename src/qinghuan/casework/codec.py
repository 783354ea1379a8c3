"""Events to JSON and back, without loss and without floats.

A value's type is known from the dataclass it sits in. Where several dataclasses may stand in
one place, the JSON names which one it is.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from qinghuan.casework.errors import ImpossibleHistory
from qinghuan.casework.model import Acting
from qinghuan.casework.problem import events as e
from qinghuan.trace.model import JsonValue

KIND = "is"
"""Key that names the dataclass where the field alone does not."""

_BODIES: Mapping[str, type] = {kind.__name__: kind for kind in get_args(e.Body)}


def body_to_json(event: e.Event) -> dict[str, JsonValue]:
    """What happened and which clocks it moved, as canonical JSON can hold it."""
    return {"body": to_json(event.body), "acts": [to_json(act) for act in event.acts]}


def event_from_json(
    kind: str, at: datetime, actor: Mapping[str, Any], body: Mapping[str, Any]
) -> e.Event:
    """An event as it was.

    Raises:
        ImpossibleHistory: The kind of event is not known.
    """
    if kind not in _BODIES:
        raise ImpossibleHistory(f"不认识的事件“{kind}”")
    return e.Event(
        at=at,
        actor=from_json(Acting, actor),
        body=from_json(_BODIES[kind], body["body"]),
        acts=tuple(from_json(e.ClockAct, act) for act in body["acts"]),
    )


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON is what it is
    """A value as JSON: decimals and times are strings, sets are sorted lists."""
    if is_dataclass(value) and not isinstance(value, type):
        hints = _hints(type(value))
        return {name: _field_to_json(getattr(value, name), hint) for name, hint in hints.items()}
    if isinstance(value, tuple | list | frozenset):
        items = [to_json(item) for item in value]
        return sorted(items) if isinstance(value, frozenset) else items
    return _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return repr(value) if isinstance(value, float) else value


def from_json(kind: Any, value: Any) -> Any:  # noqa: ANN401 - types and JSON are what they are
    """A value of a type, read back from its JSON."""
    if get_origin(kind) in {Union, UnionType}:
        return _from_union(get_args(kind), value)
    if get_origin(kind) in {tuple, frozenset}:
        item = get_args(kind)[0]
        return get_origin(kind)(from_json(item, each) for each in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: from_json(hints[name], value[name]) for name in hints})
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is float or (isinstance(kind, type) and issubclass(kind, Enum)):
        return kind(value)
    return value


def _from_union(kinds: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - as above
    if value is None:
        return None
    present = [kind for kind in kinds if kind is not NoneType]
    if len(present) == 1:
        return from_json(present[0], value)
    named = {kind.__name__: kind for kind in present}
    return from_json(named[value[KIND]], value)


def _field_to_json(value: object, hint: Any) -> Any:  # noqa: ANN401 - as above
    written = to_json(value)
    kinds = get_args(hint) if get_origin(hint) in {Union, UnionType} else ()
    if is_dataclass(value) and sum(kind is not NoneType for kind in kinds) > 1:
        return {KIND: type(value).__name__, **written}
    return written


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
