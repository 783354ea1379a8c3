"""What can go wrong, by kind. Rooms subclass a kind; `web.errors` gives each kind a status.

QinghuanError
├── Invalid        the input breaks a rule we can name
├── NotFound       no such thing, or not yours to see
├── Conflict       true a moment ago, not any more
├── Refused        you may not do this
└── Unavailable    something outside us did not answer; retrying may help
"""

from typing import ClassVar


class QinghuanError(Exception):
    """Root of every error the platform raises on purpose.

    The message is English for logs; `zh` is what a person reads on the Chinese screen.
    """

    code: ClassVar[str] = "error"
    """Stable slug `room.what-is-wrong`; listed in `docs/reference/errors.md`."""

    zh: ClassVar[str] = "出错了"
    """Chinese sentence in the field's words; may hold `{attribute}` places of the error."""

    def message_zh(self) -> str:
        """Return the Chinese sentence with this error's facts filled in."""
        return self.zh.format(**vars(self))


class Invalid(QinghuanError):
    """The input breaks a rule we can name."""


class NotFound(QinghuanError):
    """There is no such thing, or it is not the caller's to see."""


class Conflict(QinghuanError):
    """It was true a moment ago and is not any more."""


class Refused(QinghuanError):
    """The caller may not do this."""


class Unavailable(QinghuanError):
    """Something outside the platform did not answer."""
