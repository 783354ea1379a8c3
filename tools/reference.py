"""Write the generated pages of docs/reference from the code itself.

Run: uv run python tools/reference.py            (write)
     uv run python tools/reference.py --check    (fail if a page is not current)
"""

import importlib
import pkgutil
import sys
from pathlib import Path
from typing import Any

import typer
from pydantic_settings import BaseSettings

import qinghuan
from qinghuan.core.errors import QinghuanError

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
HEADER = "<!-- written by tools/reference.py; change the code, not this page -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page: file name to text."""
    _import_everything()
    return {
        "errors.md": HEADER + _errors_page(),
        "settings.md": HEADER + _settings_page(),
        "cli.md": HEADER + _cli_page(),
    }


def main() -> int:
    """Write or check the pages; return an exit code."""
    stale = [
        name
        for name, text in pages().items()
        if not (path := REFERENCE / name).exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv:
        print("\n".join(f"{name} is not current" for name in stale) or "reference is current")
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    return 0


def _import_everything() -> None:
    """Import every module of the house, so that all errors and settings are known."""
    for module in pkgutil.walk_packages(qinghuan.__path__, "qinghuan."):
        if ".versions." not in module.name and not module.name.endswith(".env"):
            importlib.import_module(module.name)


def _all_subclasses(root: type[Any]) -> list[type[Any]]:
    found: dict[str, type[Any]] = {}
    queue: list[type[Any]] = [root]
    while queue:
        for sub in queue.pop().__subclasses__():
            found[f"{sub.__module__}.{sub.__qualname__}"] = sub
            queue.append(sub)
    return [
        found[name]
        for name in sorted(found)
        if name.startswith("qinghuan.") and not found[name].__name__.startswith("_")
    ]


def _settings() -> list[type[BaseSettings]]:
    return [s for s in _all_subclasses(BaseSettings) if issubclass(s, BaseSettings)]


def _first_line(thing: object) -> str:
    return (thing.__doc__ or "").strip().splitlines()[0] if thing.__doc__ else ""


def _errors_page() -> str:
    rows = sorted(
        f"| `{sub.code}` | {_kind(sub)} | {sub.zh} | {_first_line(sub)} |"
        for sub in _all_subclasses(QinghuanError)
        if issubclass(sub, QinghuanError) and "." in sub.__dict__.get("code", "")
    )
    table = "\n".join(rows)
    return (
        "# Errors\n\nEvery refusal has a stable code, a kind and a sentence for the screen.\n\n"
        f"| code | kind | 中文 | raised when |\n|---|---|---|---|\n{table}\n"
    )


def _kind(sub: type[QinghuanError]) -> str:
    kinds = ("Invalid", "NotFound", "Conflict", "Refused", "Unavailable")
    return next((base.__name__ for base in sub.__mro__ if base.__name__ in kinds), "-")


def _settings_page() -> str:
    parts = ["# Settings\n\nEnvironment variables, read once at start.\n"]
    for sub in _settings():
        prefix = sub.model_config.get("env_prefix", "")
        parts.append(
            f"\n## {_first_line(sub)}\n\n| variable | default | meaning |\n|---|---|---|\n"
        )
        for name, field in sub.model_fields.items():
            default = (
                "" if field.is_required() else _shown(field.get_default(call_default_factory=False))
            )
            meaning = " ".join((field.description or "").split())
            parts.append(f"| `{(prefix + name).upper()}` | {default} | {meaning} |\n")
    return "".join(parts)


def _shown(default: object) -> str:
    text = str(default)
    return (
        f"`{text}`"
        if text and text not in {"None", "PydanticUndefined"} and "**" not in text
        else ""
    )


def _cli_page() -> str:
    from qinghuan.cli import main as command  # noqa: PLC0415  the page is about it

    group = typer.main.get_command(command)
    parts = ["# Command line\n"]
    _describe(group, "qinghuan", parts)
    return "".join(parts)


def _describe(command: Any, path: str, parts: list[str]) -> None:  # noqa: ANN401  click's, vendored
    """Append one command's section, or those of its sub-commands."""
    subs = getattr(command, "commands", None)
    if subs is not None:
        for name in sorted(subs):
            _describe(subs[name], f"{path} {name}", parts)
        return
    parts.append(f"\n## `{path}`\n\n{(command.help or '').strip()}\n\n")
    for param in command.params:
        names = ", ".join(param.opts) if param.param_type_name == "option" else param.name.upper()
        parts.append(f"- `{names}`: {' '.join((getattr(param, 'help', '') or '').split())}\n")


if __name__ == "__main__":
    sys.exit(main())
