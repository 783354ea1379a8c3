"""The town of the tests, and transactions in it."""

from collections.abc import Iterator

import pytest
from factories.people import NOON, Town, cheap_gate
from sqlalchemy.orm import Session

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.people.gate import Gate
from qinghuan.people.model import Area, Role
from qinghuan.people.rights import scope_of
from qinghuan.people.service.places import create_area, found_area


@pytest.fixture(scope="session")
def gate() -> Gate:
    """One gate for the run."""
    return cheap_gate()


@pytest.fixture
def town(database: Database, gate: Gate) -> Town:
    """Areas 9901 with 990101 and 990102, and the three administrators over 9901."""
    town = Town(database=database, gate=gate)
    with database.transaction(SYSTEM) as session:
        found_area(session, "9901", NOON)
    town.plant("system", Role.SYSTEM_ADMIN)
    town.plant("security", Role.SECURITY_ADMIN)
    town.plant("audit", Role.AUDIT_ADMIN)
    with database.transaction(scope_of(town.actor("system"))) as session:
        for code, name in (("990101", "青环区"), ("990102", "环山县")):
            area = Area(area_code=code, name=name)
            create_area(session, gate, town.actor("system"), area, NOON)
    return town


@pytest.fixture
def as_system(town: Town) -> Iterator[Session]:
    """A transaction in the system administrator's own scope."""
    with town.database.transaction(scope_of(town.actor("system"))) as session:
        yield session


@pytest.fixture
def platform(town: Town) -> Iterator[Session]:
    """A transaction of the platform."""
    with town.database.transaction(SYSTEM) as session:
        yield session
