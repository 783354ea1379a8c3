"""Search across the rooms, each in the caller's scope."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from qinghuan.web.access import SIGNED_IN, Caller, access
from qinghuan.web.pages import page

router = APIRouter(include_in_schema=False)
MOST_HITS = 60


@router.get("/search")
def search_page(
    caller: Annotated[Caller, access(SIGNED_IN)],
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """What the rooms find for some words."""
    words = q.strip()
    hits = tuple(
        hit for finder in caller.house.finders if words for hit in finder(caller.session, words)
    )
    return page(caller, "search/results.html", query=words, hits=hits[:MOST_HITS])
