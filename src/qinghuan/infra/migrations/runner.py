"""Walk the schema up to the newest revision; two processes at once do it one after the other."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from qinghuan.infra.database import driver_url

LOCK_TIMEOUT_S = 4
"""A migration that waits longer for a table blocks everybody behind it, so it gives up."""

TURN_TIMEOUT_S = 300
"""How long to wait for another process that is migrating now."""

_TURN = 0x51494E47
"""Number of the advisory lock; the letters QING."""


def migrate(url: str, *, target: str = "head") -> tuple[str | None, str | None]:
    """Bring the schema of a database up to a revision.

    Args:
        url: Address of the database; its user owns the schema.
        target: A revision's name, or `head` for the newest.

    Returns:
        The revision before and after; None for an empty database.
    """
    engine = create_engine(driver_url(url), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            _take_turn(connection)
            before = _revision(connection)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, target)
            return before, _revision(connection)
    finally:
        engine.dispose()


def newest() -> str:
    """Name of the newest revision the program knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("no revision")
    return head


def current(url: str) -> str | None:
    """Name of the revision a database stands at; None when it is empty."""
    engine = create_engine(driver_url(url), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def _config() -> Config:
    """The revisions, wherever the package is installed."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _take_turn(connection: Connection) -> None:
    """Wait for our turn, then bound every later wait. The turn ends with the connection."""
    connection.execute(text(f"SET lock_timeout = '{TURN_TIMEOUT_S}s'"))
    connection.execute(text("SELECT pg_advisory_lock(:turn)"), {"turn": _TURN})
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'"))
    connection.commit()


def _revision(connection: Connection) -> str | None:
    """Where the database stands now."""
    revision = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    return revision
