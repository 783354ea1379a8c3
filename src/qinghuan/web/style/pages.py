"""The style page."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from qinghuan.web.access import PUBLIC, Caller, access
from qinghuan.web.pages import page
from qinghuan.web.preferences import Theme
from qinghuan.web.style import samples

router = APIRouter(include_in_schema=False)

ICONS = (
    *("map", "tower", "inbox", "case", "task", "cam", "deputy", "watch", "station", "carbon"),
    *("id", "gear", "search", "clock", "pause", "ok", "x", "alert", "proof", "flame", "drop"),
    *("wind", "pic", "pin", "next", "prev", "down", "off", "up", "user", "bell", "play"),
    *("layers", "sun", "lock", "frame", "rule", "phone", "qr"),
)


@router.get("/style")
def style_page(caller: Annotated[Caller, access(PUBLIC)]) -> Response:
    """Every token and component, in all three themes."""
    return page(caller, "style/page.html", samples=samples, themes=tuple(Theme), icon_names=ICONS)
