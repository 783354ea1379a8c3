"""All routes of casework behind one router."""

from fastapi import APIRouter

from qinghuan.web.casework import case_pages, evidence_pages, list_pages, notice_pages

router = APIRouter(
    routes=[
        *list_pages.router.routes,
        *case_pages.router.routes,
        *evidence_pages.router.routes,
        *notice_pages.router.routes,
    ]
)
"""Flat, so that every route stands in it with its rule."""
