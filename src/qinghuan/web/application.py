"""Builds the web application from its parts."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI

from qinghuan.web import base_map, search_pages, upkeep
from qinghuan.web.account import arrival_pages, own_pages, preferences_pages
from qinghuan.web.account import pages as account_pages
from qinghuan.web.classification import classify
from qinghuan.web.cockpit import pages as cockpit_pages
from qinghuan.web.house import House
from qinghuan.web.last_resort import LastResort
from qinghuan.web.navigation import rail_of
from qinghuan.web.problems import answer_early, answer_errors, answer_fault
from qinghuan.web.security import Doorway
from qinghuan.web.style import pages as style_pages
from qinghuan.web.timing import Stopwatch

OWN_ROUTERS = (
    upkeep.router,
    base_map.router,
    account_pages.router,
    arrival_pages.router,
    preferences_pages.router,
    own_pages.router,
    cockpit_pages.router,
    search_pages.router,
    style_pages.router,
)


class Lifespan(Protocol):
    """What runs while the application does."""

    def __call__(self, app: FastAPI, /) -> AbstractAsyncContextManager[Any]:
        """Start, and stop at the end."""
        ...


def create(
    house: House, routers: Sequence[APIRouter] = (), lifespan: Lifespan | None = None
) -> FastAPI:
    """Build the application.

    Args:
        house: The parts.
        routers: Pages of the rooms, beside the web's own.
        lifespan: What runs while the application does.

    Raises:
        RoutesUnclassified: A route does not say who may open it.
    """
    app = FastAPI(
        title="青环 Qinghuan",
        version=version("qinghuan"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.house = house
    every = (*OWN_ROUTERS, *routers)
    classified = classify([*app.routes, *(route for router in every for route in router.routes)])
    for router in every:
        app.include_router(router)
    answer_errors(app)
    app.state.classified = classified
    app.state.rail = rail_of(classified)
    app.state.notices_href = (
        "/notices" if any(route.path == "/notices" for route in classified) else ""
    )
    app.add_middleware(LastResort, answer=answer_fault)
    app.add_middleware(Stopwatch)
    app.add_middleware(Doorway, house=house, answer=answer_early)
    return app
