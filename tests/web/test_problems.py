"""Errors are answered in the caller's language and form, never by a traceback."""

import io
import logging
from collections.abc import Callable, Iterator
from typing import Annotated, ClassVar

import httpx
import pytest
import structlog
from factories.people import Town
from factories.server import serving
from factories.web import house_of
from fastapi import APIRouter

from qinghuan.core.errors import Conflict, Invalid, NotFound, QinghuanError, Refused, Unavailable
from qinghuan.infra.logging import configure_logging
from qinghuan.people.errors import AreaUnknown, SignInNeeded, TooManyRequests
from qinghuan.web.access import PUBLIC, SIGNED_IN, Caller, access
from qinghuan.web.application import create
from qinghuan.web.errors import FieldsWrong, RoleMissing, status_of

router = APIRouter()


@router.get("/api/breaks")
@router.get("/breaks")
def breaks(_caller: Annotated[Caller, access(PUBLIC)]) -> str:
    raise ZeroDivisionError("secret inner words")


@router.get("/api/unknown-area")
@router.get("/unknown-area")
def unknown_area(_caller: Annotated[Caller, access(PUBLIC)]) -> str:
    raise AreaUnknown("990109")


@router.get("/api/number/{n}")
@router.get("/number/{n}")
def number(n: int, _caller: Annotated[Caller, access(PUBLIC)]) -> int:
    return n


@router.get("/api/inside")
def inside(_caller: Annotated[Caller, access(SIGNED_IN)]) -> str:
    return "in"


@pytest.fixture
def caller(town: Town) -> Callable[..., httpx.Response]:
    def call(path: str, **headers: str) -> httpx.Response:
        with serving(create(house_of(town), [router])) as address:
            return httpx.get(f"{address}{path}", headers=headers)

    return call


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the platform writes into its log."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logging(is_production=True, stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


class Strange(QinghuanError):
    """An error without a kind."""

    code: ClassVar[str] = "error"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid(), 422),
        (NotFound(), 404),
        (Conflict(), 409),
        (Refused(), 403),
        (Unavailable(), 503),
        (SignInNeeded(), 401),
        (TooManyRequests(3), 429),
        (RoleMissing("受理员"), 403),
        (FieldsWrong({}), 422),
        (Strange(), 500),
    ],
)
def test_a_kind_has_its_status(error: QinghuanError, status: int) -> None:
    assert status_of(error) == status


@pytest.mark.db
def test_a_program_gets_a_problem_document(caller: Callable[..., httpx.Response]) -> None:
    answer = caller("/api/unknown-area", accept="application/json")
    document = answer.json()

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["code"] == "people.area-unknown"
    assert document["title"] == "本平台没有代码为 990109 的区域"
    assert document["status"] == 404
    assert document["instance"] == "/api/unknown-area"
    assert document["request_id"] == answer.headers["x-request-id"]


@pytest.mark.db
def test_a_person_gets_a_page_in_his_language(caller: Callable[..., httpx.Response]) -> None:
    chinese = caller("/unknown-area", accept="text/html")
    english = caller("/unknown-area", accept="text/html", cookie="qh_language=en")

    assert "本平台没有代码为 990109 的区域" in chinese.text
    assert "No area 990109" in english.text
    assert "990109" not in chinese.headers["x-request-id"]


@pytest.mark.db
def test_what_breaks_inside_is_recorded_and_never_shown(
    caller: Callable[..., httpx.Response], logged: io.StringIO
) -> None:
    for path, accept in (("/api/breaks", "application/json"), ("/breaks", "text/html")):
        answer = caller(path, accept=accept)
        assert answer.status_code == 500
        assert "web.inner-fault" in answer.text
        assert "secret inner words" not in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["content-security-policy"]
        assert answer.headers["x-request-id"] in logged.getvalue()
    assert "secret inner words" in logged.getvalue()


@pytest.mark.db
def test_a_wrong_value_says_how_to_mend_it(caller: Callable[..., httpx.Response]) -> None:
    document = caller("/api/number/x", accept="application/json").json()
    page = caller("/number/x", accept="text/html").text

    assert document["faults"] == {"n": "请填整数"}
    assert "请填整数" in page


@pytest.mark.db
def test_a_program_without_a_session_is_told_and_not_led_to_a_page(
    caller: Callable[..., httpx.Response],
) -> None:
    answer = caller("/api/inside", accept="application/json")
    token = caller("/api/inside", authorization="Bearer not-a-token")

    assert answer.status_code == 401
    assert answer.json()["code"] == "people.sign-in-needed"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert token.json()["code"] == "people.token-refused"
