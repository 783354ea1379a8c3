"""Language, theme and size: kept in cookies, changed by one form on every page."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from qinghuan.web.access import PUBLIC, Caller, access
from qinghuan.web.destination import safe_destination
from qinghuan.web.language import Language
from qinghuan.web.pages import go
from qinghuan.web.preferences import (
    KEPT_FOR_S,
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    WALL_COOKIE,
    Theme,
)

router = APIRouter(include_in_schema=False)


@router.post("/preferences")
def keep_preferences(
    caller: Annotated[Caller, access(PUBLIC)],
    language: Annotated[Language | None, Form()] = None,
    theme: Annotated[Theme | None, Form()] = None,
    wall: Annotated[bool | None, Form()] = None,
    wanted: Annotated[str, Form(alias="next", max_length=2_000)] = "",
) -> Response:
    """Keep what was chosen and go back to the page."""
    answer = go(safe_destination(wanted))
    chosen = {
        LANGUAGE_COOKIE: language,
        THEME_COOKIE: None if language is not None else theme,
        WALL_COOKIE: None if wall is None else str(int(wall)),
    }
    for name, value in chosen.items():
        if value is not None:
            answer.set_cookie(
                name,
                value,
                max_age=KEPT_FOR_S,
                path="/",
                samesite="lax",
                secure=caller.house.site.is_secure,
            )
    return answer
