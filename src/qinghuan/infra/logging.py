"""One log line per fact: JSON in production, readable in development, secrets blacked out."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

BLACK = "[已遮盖]"
"""What stands where a secret stood."""

_SECRET_KEYS = re.compile(
    r"(?:pass(?:word|wd)?|pw|secret|token|cookie|authori[sz]ation|api_?key|private_?key|otp|totp"
    r"|phone|mobile|id_?card|payload_raw)$",
    re.IGNORECASE,
)
"""Names of fields whose value never reaches a log."""

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)(\bPW=)[^;&\s]*"), rf"\1{BLACK}"),
    (
        re.compile(
            r"(?i)(\b(?:password|passwd|secret|token|api[_-]?key|access_token|otp)\b"
            r"['\"]?\s*[=:]\s*['\"]?)[^\s'\"&;,}]+"
        ),
        rf"\1{BLACK}",
    ),
    (re.compile(r"(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{6,}"), rf"\1{BLACK}"),
    (re.compile(r"(://[^:/@\s]*:)[^@\s/]*@"), rf"\1{BLACK}@"),
    (re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9]\d{9}(?![0-9A-Za-z])"), BLACK),
    (re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])"), BLACK),
)
"""In order: HJ 212 passwords, key=value secrets, HTTP credentials, passwords in addresses,
mobile numbers, resident identity numbers."""

_NOISY = ("procrastinate", "alembic", "sqlalchemy.engine", "httpx", "asyncio")
"""Libraries whose chatter at INFO may repeat arguments."""


def redact(words: str) -> str:
    """Black out passwords, tokens, `PW=` of frames, phone and identity numbers in a text."""
    for pattern, replacement in _PATTERNS:
        words = pattern.sub(replacement, words)
    return words


def redact_event(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Black out secrets in every value of a log line, however deep."""
    return {key: _clean(key, value) for key, value in event.items()}


def configure_logging(
    *, is_production: bool, level: str = "INFO", stream: TextIO | None = None
) -> None:
    """Send every log line, ours and the libraries', through one redacted channel.

    Args:
        is_production: JSON lines instead of readable ones.
        level: The least important level shown.
        stream: Where to; standard error by default.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        redact_event,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if is_production
        else structlog.dev.ConsoleRenderer(
            colors=(stream or sys.stderr).isatty(),
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _clean(key: str, value: Any) -> Any:  # noqa: ANN401 - a log line may hold anything
    """Black out one value."""
    if _SECRET_KEYS.search(key):
        return BLACK
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {name: _clean(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", inner) for inner in value]
    return redact(value.decode(errors="replace") if isinstance(value, bytes) else str(value))
