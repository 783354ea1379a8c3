"""All pages of stations behind one router."""

from fastapi import APIRouter

from qinghuan.web.stations import (
    frame_pages,
    list_pages,
    observation_pages,
    refused_pages,
    station_pages,
)

router = APIRouter(
    routes=[
        *list_pages.router.routes,
        *refused_pages.router.routes,
        *observation_pages.router.routes,
        *station_pages.router.routes,
        *frame_pages.router.routes,
    ]
)
"""For `create(house, routers=…)`: flat, so that every route stands in it with its rule.

`/stations/refused` stands before `/stations/{station_id}`, which would take it for an id."""
