"""Turns errors into answers: a problem document for programs, a page for people.

Source:
    RFC 9457 (Problem Details for HTTP APIs), section 3.
"""

from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from qinghuan.core.errors import QinghuanError
from qinghuan.people.errors import SignInNeeded, TooManyRequests
from qinghuan.people.model import SessionState
from qinghuan.web.errors import (
    BodyTooLarge,
    FieldsWrong,
    InnerFault,
    MethodUnknown,
    PageUnknown,
    StepMissing,
    status_of,
)
from qinghuan.web.field_rules import field_faults
from qinghuan.web.house import House
from qinghuan.web.language import Language, translate
from qinghuan.web.preferences import preferences_of

log = structlog.get_logger(__name__)

STEPS = {
    SessionState.NEEDS_SECOND_FACTOR: "/second-factor",
    SessionState.NEEDS_ENROLMENT: "/enrolment",
    SessionState.NEEDS_NEW_PASSWORD: "/new-password",
}
"""Where signing in goes on."""


def answer_errors(app: FastAPI) -> None:
    """Let the application answer every error through this module."""
    app.add_exception_handler(QinghuanError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_fields)
    app.add_exception_handler(HTTPException, _on_http)


def answer_early(scope: Scope, error: QinghuanError) -> ASGIApp:
    """Answer an error found before the application was reached."""
    return respond(Request(scope), error)


def answer_fault(scope: Scope, error: Exception) -> ASGIApp:
    """Answer what nobody foresaw: the log has the whole of it, the caller its number."""
    request = Request(scope)
    log.error("web.fault", request_id=request.state.request_id, exc_info=error)
    return respond(request, InnerFault("an inner fault, recorded under the request's id"))


def respond(request: Request, error: QinghuanError) -> Response:
    """The answer to an error, as its caller can read it."""
    if isinstance(error, SignInNeeded) and not wants_json(request):
        return _to_sign_in(request, error)
    status = status_of(error)
    headers = {"cache-control": "no-store", "vary": "accept, cookie"}
    if isinstance(error, TooManyRequests):
        headers["retry-after"] = str(error.wait_s)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = 'Bearer realm="qinghuan"'
    if wants_json(request) or "hx-request" in request.headers:
        return JSONResponse(
            problem(request, error, status),
            status_code=status,
            headers=headers,
            media_type="application/problem+json",
        )
    return _page(request, error, status, headers)


def problem(request: Request, error: QinghuanError, status: int) -> dict[str, object]:
    """The members of a problem document."""
    language = preferences_of(request.cookies).language
    document: dict[str, object] = {
        "type": f"urn:qinghuan:error:{error.code}",
        "title": sentence(error, language),
        "status": status,
        "code": error.code,
        "detail": str(error),
        "instance": request.url.path,
        "request_id": request.state.request_id,
    }
    if isinstance(error, FieldsWrong):
        document["faults"] = error.faults
    return document


def sentence(error: QinghuanError, language: Language) -> str:
    """An error in the reader's language."""
    if language is Language.ZH:
        return error.message_zh()
    pattern = translate(error.zh, language)
    if pattern == error.zh:
        text = str(error) or error.code
        return text[:1].upper() + text[1:]
    return pattern.format(**vars(error))


def wants_json(request: Request) -> bool:
    """Whether a program asks: under `/api/`, or it accepts no HTML."""
    accept = request.headers.get("accept", "")
    if request.url.path.startswith("/api/"):
        return True
    return bool(accept) and "text/html" not in accept and "*/*" not in accept


def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, QinghuanError)  # noqa: S101  registered for this class
    if status_of(error) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("web.unavailable", code=error.code, request_id=request.state.request_id)
    return respond(request, error)


def _on_fields(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class
    language = preferences_of(request.cookies).language
    return respond(request, FieldsWrong(field_faults(error.errors(), language)))


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class
    house: House = request.app.state.house
    if getattr(request.state, "is_too_large", False):
        return respond(request, BodyTooLarge(house.site.body_bytes))
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer = respond(request, MethodUnknown("method not allowed"))
        answer.headers.update(error.headers or {})
        return answer
    if error.status_code == HTTPStatus.NOT_FOUND:
        return respond(request, PageUnknown(f"nothing at {request.url.path}"))
    return respond(request, FieldsWrong({}))


def _to_sign_in(request: Request, error: SignInNeeded) -> Response:
    """Lead a person to the next step of signing in, and back to where he was."""
    step = STEPS.get(error.state, "/sign-in") if isinstance(error, StepMissing) else "/sign-in"
    wanted = request.url.path if request.method == "GET" else "/"
    if request.url.query and request.method == "GET":
        wanted = f"{wanted}?{request.url.query}"
    address = step if wanted == "/" else f"{step}?{urlencode({'next': wanted})}"
    if "hx-request" in request.headers:
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"hx-redirect": step})
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def _page(request: Request, error: QinghuanError, status: int, headers: dict[str, str]) -> Response:
    house: House = request.app.state.house
    preferences = preferences_of(request.cookies)
    return house.face.respond(
        "error.html",
        preferences,
        {
            "error": error,
            "sentence": sentence(error, preferences.language),
            "status": status,
            "request_id": request.state.request_id,
            "faults": getattr(error, "faults", {}) if isinstance(error, FieldsWrong) else {},
        },
        status=status,
        headers=headers,
    )
