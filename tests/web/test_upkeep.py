"""Files, health, metrics and the live stream."""

from collections.abc import Callable

import httpx
import pytest
from factories.people import Town

from qinghuan.infra.database import SYSTEM
from qinghuan.infra.events import announce
from qinghuan.web.house import House

pytestmark = pytest.mark.db


def test_a_static_file_is_packed_for_whom_it_helps(browser: httpx.Client) -> None:
    packed = browser.get("/static/x/face.css")
    plain = browser.get("/static/x/face.css", headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert plain.headers["content-type"].startswith("text/css")


def test_no_path_leads_out_of_the_static_files(browser: httpx.Client) -> None:
    for path in ("..%2fsettings.py", "css/tokens.css", "built/stamp.txt", "%00"):
        assert browser.get(f"/static/x/{path}").status_code == 404


def test_health_tells_facts_to_this_machine_only(browser: httpx.Client, house: House) -> None:
    house.health.add("arithmetic", lambda: {"sum": 1 + 1})

    def broken() -> dict[str, int]:
        raise ZeroDivisionError

    here = browser.get("/health")
    beyond_a_proxy = browser.get("/health", headers={"x-forwarded-for": "203.0.113.9"})
    house.health.add("broken", broken)
    failing = browser.get("/health")

    assert here.json()["checks"]["arithmetic"]["ok"] is True
    assert beyond_a_proxy.json() == {"status": "ok"}
    assert failing.status_code == 503
    assert failing.json()["status"] == "failing"


def test_metrics_count_by_route_and_are_shown_here_only(browser: httpx.Client) -> None:
    browser.get("/static/x/icons.svg")
    here = browser.get("/metrics")
    elsewhere = browser.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})

    assert 'route="/static/{version}/{path:path}"' in here.text
    assert "icons.svg" not in here.text
    assert elsewhere.status_code == 404


def test_the_stream_names_what_changed_in_the_caller_s_scope(
    enter: Callable[[str], httpx.Client], town: Town
) -> None:
    browser = enter("duty")
    heard: list[str] = []
    with browser.stream("GET", "/events", headers={"accept": "text/event-stream"}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines) == "retry: 3000"
        with town.database.transaction(SYSTEM) as session:
            announce(session, "case", subject="case/1", area_code="440803", mark=0)
            announce(session, "case", subject="case/2", area_code="990101", mark=0)
        for line in lines:
            if line.startswith("data: "):
                heard.append(line.removeprefix("data: "))
            if len(heard) == 2:
                break

    assert heard == ["case", "case/2"]
