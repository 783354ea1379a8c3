"""A QR code as SVG that the content policy allows: no style attribute, colours from tokens."""

import segno
from markupsafe import Markup

QUIET_ZONE = 4
"""Modules of margin that readers need (ISO/IEC 18004)."""


def qr_svg(text: str, label: str) -> Markup:
    """A text as a QR code, error correction M, with a name for screen readers."""
    code = segno.make(text, error="m", micro=False)
    matrix = tuple(code.matrix)
    side = len(matrix) + 2 * QUIET_ZONE
    path = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, module in enumerate(row)
        if module
    )
    return Markup(
        '<svg class="qr-code" viewBox="0 0 {side} {side}" role="img" aria-label="{label}">'
        '<rect width="{side}" height="{side}"/><path d="{path}"/></svg>'
    ).format(side=side, label=label, path=path)
