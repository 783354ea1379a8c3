"""Rows that open the door are reached under the platform's own scope only.

A person's request runs in his scope, which does not reach passwords, factors, sessions and
tokens, not even his own. The few statements that need them step up here and down again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_INSIDE = "qinghuan.people.sealed"
"""Mark on a session that has stepped up already."""

_READ = text(
    "SELECT current_setting('qinghuan.areas', true), current_setting('qinghuan.mark', true)"
)
_WRITE = text(
    "SELECT set_config('qinghuan.areas', :areas, true), set_config('qinghuan.mark', :mark, true)"
)


@contextmanager
def sealed(session: Session) -> Iterator[None]:
    """Run a few statements under the platform's scope, then return to the caller's.

    Keep decisions outside: only statements belong in it. After a failed statement the
    transaction is void and its rollback restores the scope. Inside another it does nothing.
    """
    if session.info.get(_INSIDE):
        yield
        return
    areas, mark = session.execute(_READ).one()
    is_person = areas != "*"
    if is_person:
        session.execute(_WRITE, {"areas": "*", "mark": "3"})
    session.info[_INSIDE] = True
    try:
        yield
    except DBAPIError:
        is_person = False
        raise
    finally:
        del session.info[_INSIDE]
        if is_person:
            session.execute(_WRITE, {"areas": areas or "", "mark": mark or "0"})
