"""The cockpit page and its parts, each fetched again when the stream names it."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from qinghuan.people.model import Role
from qinghuan.web.access import PUBLIC, SIGNED_IN, Caller, access
from qinghuan.web.base_map import base_map_of
from qinghuan.web.cockpit.schemas import MapFeatures, features_of
from qinghuan.web.pages import go, page

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, access(SIGNED_IN)]
HERE = "cockpit"
ON_THE_GROUND = frozenset({Role.HANDLER, Role.GRID_WORKER})
"""Whoever holds only these begins with his tasks, not with the map."""


@router.get("/")
def home(caller: Annotated[Caller, access(PUBLIC)]) -> Response:
    """Lead everybody to where his work begins."""
    if not caller.is_signed_in:
        return go("/sign-in")
    rooms = {entry.room.key: entry.room.href for entry in caller.rail}
    if caller.roles and caller.roles <= ON_THE_GROUND and "tasks" in rooms:
        return go(rooms["tasks"])
    return go(rooms.get("cockpit") or next(iter(rooms.values()), "/sign-in"))


@router.get("/cockpit")
def cockpit_page(caller: Reader) -> Response:
    """The whole page."""
    source, session, at = caller.house.cockpit, caller.session, caller.at
    feed = source.feed(session, at)
    return page(
        caller,
        "cockpit/page.html",
        HERE,
        place=source.place(session, caller.scope),
        law_view=source.law(session, at),
        figures=source.figures(session, at),
        overdue=source.overdue(session, at),
        entries=feed.entries,
        feed_total=feed.total,
        map_note=source.map_note(),
    )


@router.get("/cockpit/law")
def law_part(caller: Reader) -> Response:
    """The conservation law."""
    law = caller.house.cockpit.law(caller.session, caller.at)
    return page(caller, "cockpit/law.html", law_view=law)


@router.get("/cockpit/figures")
def figures_part(caller: Reader) -> Response:
    """The key figures."""
    figures = caller.house.cockpit.figures(caller.session, caller.at)
    return page(caller, "cockpit/figures.html", figures=figures)


@router.get("/cockpit/overdue")
def overdue_part(caller: Reader) -> Response:
    """Cases over their time."""
    overdue = caller.house.cockpit.overdue(caller.session, caller.at)
    return page(caller, "cockpit/overdue.html", overdue=overdue)


@router.get("/cockpit/feed")
def feed_part(caller: Reader) -> Response:
    """The last hour."""
    feed = caller.house.cockpit.feed(caller.session, caller.at)
    return page(caller, "cockpit/feed.html", entries=feed.entries, feed_total=feed.total)


@router.get("/cockpit/map.json")
def map_features(request: Request, caller: Reader) -> MapFeatures:
    """Everything on the map."""
    view = caller.house.cockpit.map(caller.session, caller.scope, caller.at)
    return features_of(view, base_map_of(request))
