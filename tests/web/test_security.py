"""What every answer carries, and what no request gets past."""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from factories.people import Town
from factories.server import serving
from factories.web import address_of, house_of
from fastapi import FastAPI
from starlette.datastructures import Headers

from qinghuan.people.ratelimit import Limiter, Rate
from qinghuan.web.application import create
from qinghuan.web.errors import CrossSite
from qinghuan.web.house import House, Site
from qinghuan.web.security import CONTENT_POLICY, check_same_site

pytestmark = pytest.mark.db

OPEN_FOR_LONG = {"/events"}


def test_every_route_answers_under_the_content_policy(
    app: FastAPI, enter: Callable[[str], httpx.Client]
) -> None:
    browser = enter("duty")
    for route in app.state.classified:
        if "GET" not in route.methods or route.path in OPEN_FOR_LONG:
            continue
        path = address_of(route)
        answer = browser.get(path)
        assert answer.status_code < 500, path
        assert answer.headers["content-security-policy"] == CONTENT_POLICY, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] == "same-origin", path
        assert answer.headers["x-frame-options"] == "DENY", path
        assert "'unsafe" not in answer.headers["content-security-policy"], path


def test_even_a_missing_page_and_a_refusal_carry_the_headers(browser: httpx.Client) -> None:
    for answer in (
        browser.get("/nothing-here"),
        browser.post("/sign-in", headers={"sec-fetch-site": "cross-site"}),
        browser.get("/static/x/../settings.py"),
    ):
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-security-policy"] == CONTENT_POLICY
        assert answer.headers["x-request-id"]


def test_a_secure_site_binds_its_cookies_to_tls(town: Town) -> None:
    with (
        serving(create(house_of(town, is_secure=True))) as address,
        httpx.Client(base_url=address, headers={"accept": "text/html"}) as browser,
    ):
        answer = browser.get("/sign-in")

    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert house_of(town, is_secure=True).site.session_cookie.startswith("__Host-")


def test_pages_are_kept_by_no_cache_and_files_for_a_year(browser: httpx.Client) -> None:
    page = browser.get("/sign-in")
    address = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    sheet = browser.get(address)

    assert page.headers["cache-control"] == "no-store"
    assert "immutable" in sheet.headers["cache-control"]
    assert browser.get("/static/old/face.css").headers["cache-control"] == "no-cache"


def test_a_proxy_s_request_id_is_kept_and_a_made_up_one_is_not(browser: httpx.Client) -> None:
    kept = browser.get("/health", headers={"x-request-id": "abc-12345678"})
    other = browser.get("/health", headers={"x-request-id": "<script>"})

    assert kept.headers["x-request-id"] == "abc-12345678"
    assert other.headers["x-request-id"] != "<script>"


def test_a_form_without_its_token_is_refused(browser: httpx.Client) -> None:
    browser.get("/sign-in")
    answer = browser.post("/preferences", data={"theme": "dark"})

    assert answer.status_code == 403
    assert "页面已过期" in answer.text


def test_a_request_that_says_too_much_is_refused_before_it_is_read(
    town: Town,
) -> None:
    house = replace(house_of(town), site=Site(secret=b"t" * 32, body_bytes=65_536))
    with (
        serving(create(house)) as address,
        httpx.Client(base_url=address, headers={"accept": "application/json"}) as client,
    ):
        told = client.post("/preferences", content=b"a" * 70_000)
        untold = client.post(
            "/preferences",
            content=iter([b"a" * 40_000, b"a" * 40_000]),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )

    for answer in (told, untold):
        assert answer.status_code == 413
        assert answer.json()["code"] == "web.body-too-large"


def test_a_flood_from_one_address_is_slowed(town: Town) -> None:
    house: House = replace(house_of(town), limiter=Limiter(Rate(burst=10, per_s=0.001)))
    with serving(create(house)) as address, httpx.Client(base_url=address) as client:
        answers = [client.get("/health") for _ in range(12)]

    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example", "host": "here.example"},
        {"origin": "null", "host": "here.example"},
        {"origin": "https://here.example.evil", "host": "here.example"},
    ],
)
def test_another_site_s_page_sends_nothing(headers: dict[str, str]) -> None:
    with pytest.raises(CrossSite):
        check_same_site(Headers(headers), "")


@pytest.mark.parametrize(
    ("headers", "public_url"),
    [
        ({"sec-fetch-site": "same-origin"}, ""),
        ({"origin": "https://here.example", "host": "here.example"}, ""),
        ({"origin": "https://here.example", "host": "10.0.0.2:8212"}, "https://here.example"),
        ({"host": "here.example"}, ""),
    ],
)
def test_our_own_page_and_a_program_do(headers: dict[str, str], public_url: str) -> None:
    check_same_site(Headers(headers), public_url)
