"""Where a person may be sent after signing in: only to a page of this site."""

from urllib.parse import urlsplit

HOME = "/"


def safe_destination(asked: str | None, otherwise: str = HOME) -> str:
    r"""The path asked for, if it is one of this site; else a safe one.

    Browsers read `//host`, `/\host` and control characters as other sites, so anything
    but a plain absolute path is refused.
    """
    if not asked or not asked.startswith("/") or asked.startswith(("//", "/\\")):
        return otherwise
    if "\\" in asked or any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in asked):
        return otherwise
    parts = urlsplit(asked)
    return otherwise if parts.scheme or parts.netloc else asked
