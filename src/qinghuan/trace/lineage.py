"""Adding a figure up again from what it was made of, exactly.

Published totals are decimals; a sum that is off in the last digit is a sum that is off.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from uuid import UUID

from qinghuan.trace import canonical
from qinghuan.trace.errors import LineageUnbalanced, NotCanonical
from qinghuan.trace.model import Edge, Record

_EXACT = Context(prec=400, traps=[Inexact, InvalidOperation, Overflow])
"""Rounding would hide a residual, so it raises instead."""

_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


def residual(total: Decimal, parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """What is left of a total once its weighted parts are taken off, without rounding.

    Args:
        total: The figure to explain, in any unit.
        parts: Pairs (weight, figure), each product in the total's unit.
    """
    left = total
    for weight, figure in parts:
        left = _EXACT.subtract(left, _EXACT.multiply(weight, figure))
    return left


def check_sum(record: Record, edges: Iterable[Edge], used: Mapping[UUID, Record]) -> None:
    """Check that a record's `value` is the weighted sum of its used records' `value`s.

    Edges without a weight (a factor, a photo) add nothing.

    Raises:
        LineageUnbalanced: The residual is not exactly 0, or an edge binds another hash than
            the used record has.
        NotCanonical: A record to be summed has no decimal `value` in its data.
    """
    parts = []
    for edge in edges:
        source = used[edge.used_id]
        if source.leaf_hash != edge.used_hash:
            raise LineageUnbalanced(f"edge to {edge.used_id} binds another record")
        if edge.weight is not None:
            parts.append((edge.weight, value_of(source)))
    left = residual(value_of(record), parts)
    if left != 0:
        raise LineageUnbalanced(str(left))


def value_of(record: Record) -> Decimal:
    """The figure a record states under `value` in its data.

    Raises:
        NotCanonical: There is none, or it is no plain decimal.
    """
    body = canonical.parse(record.body)
    data = body.get("data") if isinstance(body, dict) else None
    text = data.get("value") if isinstance(data, dict) else None
    if not isinstance(text, str):
        raise NotCanonical(f"record {record.id} states no value")
    return read_decimal(text)


def read_decimal(text: str) -> Decimal:
    """Read a plain decimal of at most 30 digits on each side of the point.

    Raises:
        NotCanonical: Anything else; exponents too, since they hide their size.
    """
    if _DECIMAL.fullmatch(text) is None:
        raise NotCanonical(f"no plain decimal: {text[:60]!r}")
    return Decimal(text)
