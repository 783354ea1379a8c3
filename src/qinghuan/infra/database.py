"""One request or job, one transaction: the edge opens it here and nobody else commits.

Every transaction states for whom it runs. PostgreSQL's row-level security reads that
statement, so a query that forgets its scope still returns only what the person may see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, MetaData, create_engine, event, text
from sqlalchemy.orm import Session

__all__ = ["NOBODY", "SYSTEM", "Database", "Scope", "Session", "metadata"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All rooms' tables, so that one migration line can be checked against them."""

APP_ROLE = "qinghuan_app"
"""Database role every transaction steps down to; it owns nothing and cannot bypass RLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """For whom a transaction runs, as row-level security sees it."""

    area_prefixes: tuple[str, ...] = ()
    """Short area codes (`9901`, `990101`); a row is seen if its area code starts with one."""
    person_id: str = ""
    office_ids: tuple[str, ...] = ()
    mark: int = 0
    """Highest security mark seen: 0 public, 1 internal, 2 sensitive, 3 important."""
    is_system: bool = False
    """Jobs and the gateway: all areas, all marks."""

    def __post_init__(self) -> None:
        """Refuse prefixes that would read as another scope: empty, `*`, or with a comma."""
        for prefix in self.area_prefixes:
            if not prefix.isalnum():
                raise ValueError(f"no area code: {prefix!r}")

    def sees(self, area_code: str | None, mark: int) -> bool:
        """Whether a row of an area and mark is seen, by the same rule as `qinghuan_sees`."""
        if self.is_system:
            return True
        if area_code is None or mark > self.mark:
            return False
        return area_code.startswith(self.area_prefixes)

    def settings(self) -> dict[str, str]:
        """Session variables of PostgreSQL that carry this scope."""
        return {
            "qinghuan.areas": "*" if self.is_system else ",".join(self.area_prefixes),
            "qinghuan.person": self.person_id,
            "qinghuan.offices": ",".join(self.office_ids),
            "qinghuan.mark": "3" if self.is_system else str(self.mark),
        }


SYSTEM = Scope(is_system=True)
"""The platform itself: jobs, gateway, sequencer."""

NOBODY = Scope()
"""An unauthenticated caller: sees public rows of no area."""


class Database:
    """A pool of connections and the one way to open a transaction on it."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        """Open the pool lazily.

        Args:
            url: `postgresql://…` of any server 15 or newer.
            pool_size: Connections kept; as many again may be opened for a while.
        """
        self.url = url
        self.engine: Engine = create_engine(
            driver_url(url), pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True
        )
        event.listen(self.engine, "connect", _speak_utc)

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[Session]:
        """Open a transaction for a scope; commit at the end, roll back on any error."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            step_down(session, scope)
            yield session

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def step_down(session: Session, scope: Scope) -> None:
    """Give up the owner's rights for the rest of the transaction and state the scope."""
    session.execute(_STEP_DOWN, {"role": APP_ROLE, **_parameters(scope)})


_STEP_DOWN = text(
    "SELECT set_config('role', :role, true), set_config('qinghuan.areas', :areas, true),"
    " set_config('qinghuan.person', :person, true), set_config('qinghuan.offices', :offices, true),"
    " set_config('qinghuan.mark', :mark, true)"
)
"""One round trip: small transactions are many."""


def _parameters(scope: Scope) -> dict[str, str]:
    return {name.removeprefix("qinghuan."): value for name, value in scope.settings().items()}


def driver_url(url: str) -> str:
    """Name the psycopg 3 driver in a plain PostgreSQL address."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _speak_utc(connection: object, _record: object) -> None:
    """Make every session answer in UTC."""
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()  # type: ignore[attr-defined]
