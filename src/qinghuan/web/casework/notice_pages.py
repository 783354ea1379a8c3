"""What the platform told this person: nothing that was sent is only in a mail or a toast."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from qinghuan.casework.service.listing import notices_of
from qinghuan.web.access import SIGNED_IN, Caller, access
from qinghuan.web.casework.acting import acting_as
from qinghuan.web.listing import Listing
from qinghuan.web.pages import page

router = APIRouter(include_in_schema=False)

MOST = 50


@router.get("/notices")
def notices_page(caller: Annotated[Caller, access(SIGNED_IN)]) -> Response:
    """The last notices to this person, his office or his roles, newest first."""
    told = notices_of(caller.session, acting_as(caller.actor), MOST)
    listing = Listing(path="/notices", items=told, total=len(told), size=MOST, has_csv=False)
    return page(caller, "casework/notices.html", listing=listing)
