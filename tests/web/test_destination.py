"""After signing in nobody is sent to another site."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.web.destination import safe_destination


@pytest.mark.parametrize("path", ["/", "/cases/17?tab=proof", "/signals?q=河道", "/a//b"])
def test_a_page_of_this_site_is_kept(path: str) -> None:
    assert safe_destination(path) == path


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "",
        "cases",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\tevil",
        "/a\n//evil.example",
        "javascript:alert(1)",
        " //evil.example",
    ],
)
def test_anything_else_leads_home(asked: str | None) -> None:
    assert safe_destination(asked) == "/"


@given(st.text(alphabet="/\\:.@?#%ab \t\r\n", max_size=20))
def test_no_text_whatever_leads_away(asked: str) -> None:
    landed = urljoin("http://here.example/sign-in", safe_destination(asked))

    assert urlsplit(landed).netloc == "here.example"
