"""All pages of administration behind one router."""

from fastapi import APIRouter

from qinghuan.web.administration import (
    area_pages,
    audit_pages,
    calendar_pages,
    grant_pages,
    office_pages,
    overview_pages,
    person_acts,
    person_pages,
    station_limits,
    station_pages,
    token_pages,
)

router = APIRouter(
    routes=[
        *overview_pages.router.routes,
        *area_pages.router.routes,
        *office_pages.router.routes,
        *person_pages.router.routes,
        *person_acts.router.routes,
        *grant_pages.router.routes,
        *station_pages.router.routes,
        *station_limits.router.routes,
        *token_pages.router.routes,
        *audit_pages.router.routes,
        *calendar_pages.router.routes,
    ]
)
"""For `create(house, routers=…)`: flat, so that every route stands in it with its rule."""
