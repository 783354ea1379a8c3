"""One embedded PostgreSQL for the run; each test gets a fresh clone of a migrated database."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from sqlalchemy.orm import Session

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.infra.migrations.runner import migrate
from qinghuan.infra.postgres.owner import choose_owner
from qinghuan.infra.postgres.server import FAST_AND_LOSABLE, running

settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("house")
"""A busy machine is no fault; CI tries the same examples every time, people fresh ones."""

TEMPLATE = "qinghuan_template"

MIN_MEMORY_BYTES = 4 * 1024**3
"""The clusters of a whole run take under one; containers often have 64 MB there."""

_PREFIX = "qinghuan-test-"
_clone_numbers = count(1)


def _reachable_home() -> Path:
    """A folder for temporary clusters that the database's user can enter (TMPDIR may be closed)."""
    owner = choose_owner(Path("/nonexistent"))
    for home in (*_memory(), tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp is used in it
        seen = subprocess.run(
            ["/bin/sh", "-c", 'test -x "$0"', home],
            check=False,
            cwd="/",
            **owner.process_options(),
        )
        if seen.returncode == 0 and os.access(home, os.W_OK):
            return Path(home)
    pytest.exit("no temporary folder is open to the database's user", returncode=3)


def _memory() -> tuple[str, ...]:
    """A file system in memory, if it has room: a busy disk then slows no test."""
    home = "/dev/shm"  # noqa: S108 - mkdtemp is used in it
    roomy = Path(home).is_dir() and shutil.disk_usage(home).free > MIN_MEMORY_BYTES
    return (home,) if roomy else ()


def _sweep(home: Path) -> None:
    """Remove clusters of runs that were killed before they could clean up."""
    for left in home.glob(f"{_PREFIX}*"):
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(left, ignore_errors=True)


@pytest.fixture(scope="session")
def reachable_tmp() -> Iterator[Path]:
    """A temporary folder that the embedded database's user can enter, also under root."""
    home = _reachable_home()
    _sweep(home)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=home))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(reachable_tmp: Path) -> Iterator[str]:
    """Address of the run's server, whose template database is migrated to the newest revision."""
    with running(reachable_tmp / "shared", options=FAST_AND_LOSABLE) as url:
        _administer(url, "CREATE DATABASE {}", TEMPLATE)
        migrate(_named(url, TEMPLATE))
        yield url


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """Address of a fresh migrated database of this test alone."""
    name = f"test_{next(_clone_numbers)}"
    _administer(postgres_url, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, TEMPLATE)
    yield _named(postgres_url, name)
    _administer(postgres_url, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    """Address of a fresh database nobody migrated."""
    name = f"empty_{next(_clone_numbers)}"
    _administer(postgres_url, "CREATE DATABASE {}", name)
    yield _named(postgres_url, name)
    _administer(postgres_url, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database."""
    opened = Database(database_url, pool_size=5)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def rollback_database(postgres_url: str) -> Iterator[Database]:
    """One migrated database for all tests that undo what they do."""
    name = "rolled_back"
    _administer(postgres_url, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, TEMPLATE)
    opened = Database(_named(postgres_url, name), pool_size=2)
    yield opened
    opened.close()


@pytest.fixture
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A SYSTEM-scope session, rolled back after the test; on `database` if the test asks for it."""
    name = "database" if "database" in request.fixturenames else "rollback_database"
    opened_on: Database = request.getfixturevalue(name)
    with suppress(_Undo), opened_on.transaction(SYSTEM) as opened:
        yield opened
        raise _Undo


class _Undo(Exception):
    """Rolls a test's transaction back."""


def _named(url: str, database: str) -> str:
    """The same server's address for another database."""
    return url.replace("@/qinghuan?", f"@/{database}?")


def _administer(url: str, statement: str, *names: str) -> None:
    """Run one statement about whole databases."""
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
