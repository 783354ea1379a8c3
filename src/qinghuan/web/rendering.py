"""Pages out of templates: one strict environment for each language.

Two environments instead of one with a switch, so that imported macros, which see no page
context, still speak the reader's language.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from qinghuan.web import wording
from qinghuan.web.assets import Assets
from qinghuan.web.language import Language, translate
from qinghuan.web.preferences import Preferences

TEMPLATES = Path(__file__).parent / "templates"


class Face:
    """Renders templates in a person's language and theme."""

    def __init__(
        self, assets: Assets, *, is_demo: bool = False, templates: Path = TEMPLATES
    ) -> None:
        """Prepare both environments.

        Args:
            assets: The static files that templates link to.
            is_demo: Whether every page carries the demo label.
            templates: Folder of the templates.
        """
        self.assets = assets
        self.is_demo = is_demo
        self._environments = {
            language: _environment(language, assets, templates) for language in Language
        }

    def render(self, name: str, preferences: Preferences, values: Mapping[str, Any]) -> str:
        """Render a template to text.

        Args:
            name: Its path below the templates.
            preferences: Of the reader.
            values: What the template speaks of.
        """
        return (
            self.environment(preferences.language)
            .get_template(name)
            .render(
                {
                    "preferences": preferences,
                    "language": preferences.language,
                    "is_demo": self.is_demo,
                    "has_client": self.assets.has_client,
                    **values,
                }
            )
        )

    def environment(self, language: Language) -> Environment:
        """The environment of a language."""
        return self._environments[language]

    def respond(
        self,
        name: str,
        preferences: Preferences,
        values: Mapping[str, Any],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Render a template to an answer."""
        return HTMLResponse(
            self.render(name, preferences, values), status_code=status, headers=dict(headers or {})
        )


def _environment(language: Language, assets: Assets, templates: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
    )
    say = partial(translate, language=language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        gettext=say,
        ngettext=lambda one, many, n: say(one if n == 1 else many),
        newstyle=True,
    )
    environment.globals["asset"] = assets.url
    environment.globals["icons"] = assets.url("icons.svg")
    environment.filters.update(
        {
            "number": wording.number,
            "clock": wording.hour_and_minute,
            "day": wording.month_and_day,
            "moment": wording.moment,
            "full_moment": partial(_swap(wording.full_moment), language),
            "weekday_moment": partial(_swap(wording.day_and_weekday), language),
            "duration": _duration(language),
            "t": say,
        }
    )
    return environment


def _swap(function: Any) -> Any:  # noqa: ANN401  any filter of (value, language)
    """Take the language first, so that it can be bound."""
    return lambda language, value: function(value, language)


def _duration(language: Language) -> Any:  # noqa: ANN401  a jinja filter
    def write(total_s: float, is_working: bool = False) -> str:  # noqa: FBT001, FBT002  positional in templates
        return wording.duration(total_s, language, is_working=is_working)

    return write
