"""All routes of casework."""

from fastapi import APIRouter

from qinghuan.web.casework import case_pages, evidence_pages, list_pages

router = APIRouter(include_in_schema=False)
for part in (list_pages.router, case_pages.router, evidence_pages.router):
    router.include_router(part)
