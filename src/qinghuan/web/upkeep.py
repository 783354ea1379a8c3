"""Routes of the house itself: static files, health, metrics, live events."""

import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from qinghuan.infra import metrics
from qinghuan.infra.database import Scope
from qinghuan.infra.events import RESYNC, Event, EventBroker
from qinghuan.people.model import TokenScope
from qinghuan.web.access import PUBLIC, SIGNED_IN, Caller, access, open_to_all
from qinghuan.web.errors import PageUnknown
from qinghuan.web.house import House

router = APIRouter(include_in_schema=False)

FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
STREAM_S = 300.0
"""Then the browser comes again and is asked who it is: a stream outlives no session. [s]"""

HEARTBEAT_S = 20.0
"""A proxy closes a line on which nothing comes for a minute. [s]"""


@router.get("/static/{version}/{path:path}", dependencies=[open_to_all()])
def static_file(request: Request, version: str, path: str) -> Response:
    """One static file; for good if its version is the current one."""
    house: House = request.app.state.house
    asset = house.face.assets.get(path)
    if asset is None:
        raise PageUnknown(f"no static file {path[:80]}")
    is_current = version == house.face.assets.version
    headers = {"cache-control": FOREVER if is_current else REVALIDATE, "vary": "accept-encoding"}
    if asset.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)


@router.get("/health", dependencies=[open_to_all()])
def health(request: Request) -> Response:
    """Whether everything that must work does; the facts only for this machine."""
    house: House = request.app.state.house
    report = house.health.report()
    body = report.as_json() if _is_from_here(request) else {"status": report.as_json()["status"]}
    status = HTTPStatus.OK if report.is_ok else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(body, status_code=status)


@router.get("/metrics")
def show_metrics(
    request: Request,
    caller: Annotated[Caller, access(PUBLIC, scopes=(TokenScope.METRICS_READ,))],
) -> Response:
    """Prometheus' page, for this machine or a token that may read it."""
    may_read = TokenScope.METRICS_READ in caller.actor.token_scopes
    if not (may_read or _is_from_here(request)):
        raise PageUnknown("metrics are not shown to this address")
    return Response(metrics.render(), media_type=metrics.CONTENT_TYPE)


@router.get("/events")
async def live_events(
    caller: Annotated[Caller, access(SIGNED_IN, scopes=(TokenScope.CASES_READ,))],
) -> Response:
    """Names of what changed, as a stream, as far as the caller may know."""
    return StreamingResponse(
        _stream(caller.house.broker, caller.scope),
        media_type="text/event-stream",
        headers={"cache-control": "no-cache", "x-accel-buffering": "no"},
    )


async def _stream(broker: EventBroker, scope: Scope) -> AsyncIterator[str]:
    """Server-sent events: a topic, then its subjects; a comment keeps the line open."""
    yield "retry: 3000\n: open\n\n"
    ends_s = time.monotonic() + STREAM_S
    with broker.subscribe(scope) as subscription:
        while time.monotonic() < ends_s:
            event = await subscription.next(HEARTBEAT_S)
            yield ": still here\n\n" if event is None else _message(event)


def _message(event: Event) -> str:
    """One event as lines; a resync or too many subjects ask for the topic as a whole."""
    if event.topic == RESYNC:
        return "data: *\n\n"
    names = (event.topic, *(() if event.is_partial else event.subjects))
    return "".join(f"data: {name}\n\n" for name in names)


def _is_from_here(request: Request) -> bool:
    """Whether the other end is this machine, and no proxy stands between."""
    if request.client is None or "x-forwarded-for" in request.headers:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
