"""Which rule each route has, read from the routes themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from qinghuan.web.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """One route and who may open it."""

    path: str
    methods: frozenset[str]
    name: str
    rule: Rule


class RoutesUnclassified(ValueError):
    """Some routes do not say who may open them."""


def classify(routes: Sequence[BaseRoute]) -> tuple[Classified, ...]:
    """Every route with its rule.

    Raises:
        RoutesUnclassified: A route has none, or more than one.
    """
    found, without = [], []
    for route in routes:
        rules = tuple(_rules(route.dependant)) if isinstance(route, APIRoute) else ()
        if not isinstance(route, APIRoute) or len(rules) != 1:
            without.append(getattr(route, "path", repr(route)))
            continue
        found.append(
            Classified(
                path=route.path,
                methods=frozenset(route.methods or ()),
                name=route.name,
                rule=rules[0],
            )
        )
    if without:
        raise RoutesUnclassified(f"say who may open: {', '.join(without)}")
    return tuple(found)


def _rules(dependant: Dependant) -> Iterator[Rule]:
    for below in dependant.dependencies:
        rule = getattr(below.call, "rule", None)
        if isinstance(rule, Rule):
            yield rule
        yield from _rules(below)
