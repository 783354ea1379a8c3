"""A governed town whose log has grown a little."""

import pytest
from factories.administration import application, governed_town
from factories.people import Town
from fastapi import FastAPI

from qinghuan.infra.database import Database


@pytest.fixture
def town(database: Database) -> Town:
    """Three administrators and a duty officer; every record in its place."""
    return governed_town(database)


@pytest.fixture
def app(town: Town) -> FastAPI:
    """The application with the log's pages."""
    return application(town)
