"""A town with its three administrators, and its house with the administration's pages."""

from dataclasses import replace
from datetime import datetime

from factories.people import NOON, Town, cheap_gate
from factories.web import house_of
from fastapi import FastAPI

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.people.model import Area, Person, Role
from qinghuan.people.rights import scope_of
from qinghuan.people.service.persons import PersonDraft, create_person
from qinghuan.people.service.places import create_area, found_area
from qinghuan.trace.note import Ed25519Signer
from qinghuan.trace.service.sequencing import sequence
from qinghuan.web.administration import pages as administration_pages
from qinghuan.web.application import create
from qinghuan.web.log import pages as log_pages

SIGNER = Ed25519Signer("qinghuan.example/log", bytes(range(32)))


def governed_town(database: Database) -> Town:
    """Areas 9901, 990101 and 990102; three administrators over 9901, a duty officer."""
    town = Town(database=database, gate=cheap_gate())
    with database.transaction(SYSTEM) as session:
        found_area(session, "9901", NOON)
    town.plant("system", Role.SYSTEM_ADMIN)
    town.plant("security", Role.SECURITY_ADMIN)
    town.plant("audit", Role.AUDIT_ADMIN)
    town.plant("duty", Role.DUTY_OFFICER)
    actor = town.actor("system")
    with database.transaction(scope_of(actor)) as session:
        for code, name in (("990101", "青环区"), ("990102", "环山县")):
            create_area(session, town.gate, actor, Area(area_code=code, name=name), NOON)
    seal(town)
    return town


def add_person(town: Town, login_name: str, post: str, area_code: str = "990101") -> Person:
    """Add a person without any role, as the system administrator does."""
    actor = town.actor("system")
    draft = PersonDraft(login_name=login_name, name="赵伟", post_label=post, area_code=area_code)
    with town.database.transaction(scope_of(actor)) as session:
        return create_person(session, town.gate, actor, draft, town.at).person


def seal(town: Town) -> None:
    """Give every record its place in the log."""
    with town.database.transaction(SYSTEM) as session:
        sequence(session, SIGNER, town.at)


def outlive(town: Town, at: datetime, name: str, role: Role) -> None:
    """Move the town on and let somebody come new, whose password is not too old by then."""
    town.at = at
    town.plant(name, role)


def application(town: Town) -> FastAPI:
    """The application with the administration and the log."""
    house = replace(house_of(town), log_vkey=SIGNER.verifier.vkey())
    return create(house, (administration_pages.router, log_pages.router))
