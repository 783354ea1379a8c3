"""The town's house with the station pages in it, and stations that have sent."""

import pytest
from factories.people import Town
from factories.stations import Furnished, furnish_stations
from fastapi import FastAPI

from qinghuan.infra.database import SYSTEM
from qinghuan.people.model import Role
from qinghuan.people.service.places import found_area
from qinghuan.web.administration import pages as administration_pages
from qinghuan.web.application import create
from qinghuan.web.house import House
from qinghuan.web.log import pages as log_pages
from qinghuan.web.stations import pages


@pytest.fixture
def app(house: House) -> FastAPI:
    """The application with stations, the log and administration."""
    return create(house, routers=(pages.router, log_pages.router, administration_pages.router))


@pytest.fixture
def stations(town: Town) -> Furnished:
    """Stations of the town and one of the next area, whose officer is `stranger`."""
    with town.database.transaction(SYSTEM) as session:
        found_area(session, "990102", town.at)
    town.plant("stranger", Role.DUTY_OFFICER, area_code="990102")
    return furnish_stations(town.database, town.at)
