"""A page for a caller: his rail, his language, his forms' token."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

from qinghuan.web.access import Caller


def page(
    caller: Caller,
    template: str,
    here: str = "",
    *,
    status: int = 200,
    **values: Any,  # noqa: ANN401  what a template speaks of
) -> HTMLResponse:
    """Render a template for a caller.

    Args:
        caller: Who asks.
        template: Its path below the templates.
        here: Key of the room on the rail, if the page belongs to one.
        status: Of the answer.
        values: What the template speaks of.
    """
    return caller.house.face.respond(
        template,
        caller.preferences,
        {
            "me": caller,
            "csrf": caller.csrf,
            "here": here,
            "now": caller.at,
            "notice": None,
            **values,
        },
        status=status,
    )


def go(path: str, query: Mapping[str, str] | None = None) -> Response:
    """Lead on to another page after a form was taken (see other)."""
    address = f"{path}?{urlencode(query)}" if query else path
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
