"""Write the generated pages of docs/reference from the code itself.

Run: uv run python tools/reference.py            (write)
     uv run python tools/reference.py --check    (fail if a page is not current)
"""

import importlib
import pkgutil
import re
import sys
from pathlib import Path
from typing import Any

import typer
from pydantic_settings import BaseSettings

import qinghuan
from qinghuan.core.errors import QinghuanError

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
HEADER = "<!-- written by tools/reference.py; change the code, not this page -->\n\n"


STANDARD = re.compile(
    r"GB(?:/T)? ?[0-9.]+-[0-9]{4}|HJ(?:/T)? ?[0-9.]+-[0-9]{4}|CJJ?/T ?[0-9]+-[0-9]{4}"
    r"|RFC [0-9]{3,5}|C2SP (?:tlog-[a-z]+|signed-note)"
)
TITLES = {
    "C2SP signed-note": "Signed notes",
    "C2SP tlog-checkpoint": "Transparency log checkpoints",
    "C2SP tlog-proof": "Transparency log proofs",
    "C2SP tlog-tiles": "Tiled transparency logs",
    "CJJ/T 106-2010": "城市市容管理信息系统技术规范: workflow of digital city management",
    "GB 3095-2012": "环境空气质量标准 Ambient air quality standards",
    "GB 3838-2002": "地表水环境质量标准 Surface water quality standards",
    "GB 32100-2015": "法人和其他组织统一社会信用代码编码规则 Unified social credit code",
    "GB/T 2260-2007": "中华人民共和国行政区划代码 Codes of administrative divisions",
    "GB/T 10114-2003": "县级以下行政区划代码编制规则 Codes below county level",
    "GB/T 22239-2019": "网络安全等级保护基本要求 Classified protection of cybersecurity",
    "GB/T 30428.1-2013": "数字化城市管理信息系统 第1部分 单元网格 Unit grids",
    "GB/T 30428.2-2013": "数字化城市管理信息系统 第2部分 管理部件和事件 Components and events",
    "GB/T 47678.5-2026": "城市运行管理服务平台 第5部分 管理部件和事项 (third-party transcription)",
    "HJ 212-2017": "污染物在线监控（监测）系统数据传输标准 Data transmission of monitoring systems",
    "HJ 212-2025": "污染物自动监测监控系统数据传输技术要求 (read through public implementations)",
    "HJ/T 212-2005": "污染源在线自动监控（监测）系统数据传输标准 (replaced)",
    "HJ 633-2012": "环境空气质量指数（AQI）技术规定（试行） Technical rules of the AQI",
    "HJ 633-2026": "环境空气质量指数（AQI）技术规定 Technical rules of the AQI",
    "RFC 4226": "HOTP",
    "RFC 4648": "Base encodings",
    "RFC 6238": "TOTP",
    "RFC 6962": "Certificate Transparency",
    "RFC 7493": "I-JSON",
    "RFC 7946": "GeoJSON",
    "RFC 8032": "EdDSA",
    "RFC 8785": "JSON Canonicalization Scheme",
    "RFC 9106": "Argon2",
    "RFC 9162": "Certificate Transparency 2.0",
    "RFC 9457": "Problem details for HTTP APIs",
    "RFC 9562": "UUIDs",
}
"""Every standard the code names; one that is missing here fails the page."""


def pages() -> dict[str, str]:
    """Every generated page: file name to text."""
    _import_everything()
    return {
        "errors.md": HEADER + _errors_page(),
        "settings.md": HEADER + _settings_page(),
        "cli.md": HEADER + _cli_page(),
        "standards.md": HEADER + _standards_page(),
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


def _standards_page() -> str:
    where: dict[str, set[str]] = {}
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in {".py", ".toml", ".csv", ".json"} and "node_modules" not in path.parts:
            for name in STANDARD.findall(path.read_text(encoding="utf-8")):
                where.setdefault(name, set()).add(str(path.relative_to(ROOT / "src" / "qinghuan")))
    unknown = sorted(where.keys() - TITLES.keys())
    if unknown:
        raise SystemExit(f"standards without a title in tools/reference.py: {', '.join(unknown)}")
    rows = "\n".join(
        f"| {name} | {TITLES[name]} | {', '.join(f'`{path}`' for path in sorted(paths))} |"
        for name, paths in sorted(where.items())
    )
    return (
        "# Standards\n\nWhat the code follows, and where. Clauses stand in the docstrings.\n\n"
        f"| standard | title | modules and data |\n|---|---|---|\n{rows}\n"
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
