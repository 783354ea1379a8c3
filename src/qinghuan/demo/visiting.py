"""A visitor with a browser's manners: signs in, reads pages, fills in the forms that are there.

What no page offers him he cannot do; so a check made with him goes the way people go.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
from typing_extensions import override

from qinghuan.core.clock import Clock
from qinghuan.people.totp import code_at
from qinghuan.web.house import DemoAccount

PATIENCE_S = 30.0
"""Longest wait for one answer. [s]"""


class VisitFailed(Exception):
    """A page is not as the visitor needs it."""


@dataclass(slots=True)
class Form:
    """A form as it stands on a page."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    """Value by label, for each list to choose from."""

    def value_of(self, name: str, label: str) -> str:
        """The value behind a label of a list.

        Raises:
            VisitFailed: The list does not offer it.
        """
        offered = self.choices.get(name, {})
        if label not in offered:
            raise VisitFailed(f"{self.action}: “{label}” is not among {sorted(offered)}")
        return offered[label]


class Page(HTMLParser):
    """What a visitor sees of a page: forms, links with their text, and what went wrong."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.text = ""
        self.faults: list[str] = []
        self.withheld: dict[str, str] = {}
        """Why an act is not offered, by its name."""
        self._act = ""
        self._select = ""
        self._option = ""
        self._gathering: list[tuple[str, str]] = []
        self.feed(html)

    def form(self, action: str) -> Form:
        """The form that goes to an address.

        Raises:
            VisitFailed: The page has none, with what it says instead.
        """
        for one in self.forms:
            if one.action == action:
                return one
        name = action.rsplit("/", 1)[-1]
        raise VisitFailed(f"no form to {action}: {self.withheld.get(name) or self.reason()}")

    def links_to(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Links to addresses that begin so, with their text, in the page's order."""
        return ((href, text) for href, text in self.links if href.startswith(prefix))

    def reason(self) -> str:
        """What the page says went wrong, or its first words."""
        return "; ".join(self.faults) or " ".join(self.text.split())[:200]

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form, a field or a link."""
        facts = {name: value or "" for name, value in attrs}
        if facts.get("id", "").startswith("act-"):
            self._act = facts["id"].removeprefix("act-")
        if tag == "form":
            self.forms.append(Form(action=facts.get("action", "")))
        elif tag in {"input", "textarea", "select"} and self.forms:
            self._take_field(tag, facts)
        elif tag == "option" and self.forms:
            self._option = facts.get("value", "")
            self._gathering.append((tag, ""))
        elif tag == "a":
            self.links.append((facts.get("href", ""), ""))
            self._gathering.append((tag, ""))
        elif tag == "small" or "err" in facts.get("class", "").split():
            self._gathering.append((tag, ""))

    @override
    def handle_endtag(self, tag: str) -> None:
        """Close what was gathered."""
        if not self._gathering or self._gathering[-1][0] != tag:
            return
        _, text = self._gathering.pop()
        text = " ".join(text.split())
        if tag == "a":
            self.links[-1] = (self.links[-1][0], text)
        elif tag == "option":
            self.forms[-1].choices.setdefault(self._select, {})[text] = self._option
        elif tag == "small":
            self.withheld.setdefault(self._act, text)
        elif text:
            self.faults.append(text)

    @override
    def handle_data(self, data: str) -> None:
        """Take in text."""
        self.text += data
        self._gathering = [(tag, text + data) for tag, text in self._gathering]

    def _take_field(self, tag: str, facts: Mapping[str, str]) -> None:
        """Note a field; boxes are left unticked."""
        name = facts.get("name", "")
        if tag == "select":
            self._select = name
        elif facts.get("type") not in {"checkbox", "file"}:
            self.forms[-1].fields[name] = facts.get("value", "")


class Visitor:
    """Somebody with an account of the sign-in page."""

    def __init__(self, address: str, account: DemoAccount, clock: Clock) -> None:
        """Open a browser.

        Args:
            address: The platform's address, `http://host:port`.
            account: Whose.
            clock: The time, for the one-time code.
        """
        self.label = account.label
        self._account = account
        self._clock = clock
        self._http = httpx.Client(
            base_url=address, timeout=PATIENCE_S, follow_redirects=True, trust_env=False
        )

    def sign_in(self) -> None:
        """Come in by password and one-time code.

        Raises:
            VisitFailed: He was not let in.
        """
        form = self.page("/sign-in").form("/sign-in")
        account = self._account
        answer = self._send(form, {"login_name": account.login_name, "password": account.password})
        if answer.url.path == "/second-factor":
            form = Page(answer.text).form("/second-factor")
            code = code_at(account.totp_secret, self._clock.now())
            answer = self._send(form, {"code": code})
        if answer.is_error or answer.url.path in {"/sign-in", "/second-factor"}:
            raise VisitFailed(f"{self.label}: {Page(answer.text).reason()}")

    def page(self, path: str) -> Page:
        """Read a page.

        Raises:
            VisitFailed: It does not come.
        """
        return Page(self._got(path).text)

    def file(self, path: str) -> bytes:
        """Fetch a file.

        Raises:
            VisitFailed: It does not come.
        """
        return self._got(path).content

    def submit(
        self,
        form: Form,
        typed: Mapping[str, str],
        upload: tuple[str, bytes, str] | None = None,
    ) -> Page:
        """Send a form and read what comes back.

        Args:
            form: From a page.
            typed: What to fill in.
            upload: Name, content and media type of a file for the field `file`.

        Raises:
            VisitFailed: It was not taken.
        """
        answer = self._send(form, typed, upload)
        found = Page(answer.text)
        if answer.is_error or found.faults:
            raise VisitFailed(f"{self.label} {form.action}: {found.reason()}")
        return found

    def close(self) -> None:
        """Close the browser."""
        with suppress(httpx.HTTPError):
            self._http.close()

    def _got(self, path: str) -> httpx.Response:
        try:
            answer = self._http.get(path)
        except httpx.HTTPError as error:
            raise VisitFailed(f"{path}: {error}") from error
        if answer.is_error:
            raise VisitFailed(f"{path}: {answer.status_code}, {Page(answer.text).reason()}")
        return answer

    def _send(
        self,
        form: Form,
        typed: Mapping[str, str],
        upload: tuple[str, bytes, str] | None = None,
    ) -> httpx.Response:
        files = {"file": upload} if upload else None
        try:
            return self._http.post(form.action, data={**form.fields, **typed}, files=files)
        except httpx.HTTPError as error:
            raise VisitFailed(f"{form.action}: {error}") from error
