"""Privileged acts live and stop with the log, and say nothing personal in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from factories.people import HERE, PASSWORD, PHONE, SECRET, Town
from sqlalchemy import text

from qinghuan.infra.database import SYSTEM
from qinghuan.people.errors import RightMissing
from qinghuan.people.granting import GrantAsked
from qinghuan.people.model import (
    Actor,
    ActsAsked,
    Area,
    Mark,
    OfficeKind,
    PageAsked,
    Role,
    TokenScope,
)
from qinghuan.people.rights import scope_of
from qinghuan.people.service import factors, grants, passwords, persons, places, tokens
from qinghuan.people.service.audit import Deed, audit_of, note_refusal
from qinghuan.people.service.retention import sweep
from qinghuan.people.service.sign_in import SignedIn, sign_in, sign_out_everywhere, unlock
from qinghuan.trace.errors import LogStopped
from qinghuan.trace.service.reading import record_by_id

pytestmark = pytest.mark.db


def decided(town: Town, security: Actor, about: tuple[UUID, UUID, UUID], at: datetime) -> None:
    """What the security administrator does in a day."""
    first, second, duty = about
    with town.database.transaction(scope_of(security)) as s:
        grants.approve_grant(s, town.gate, security, first, at)
        grants.decline_grant(s, town.gate, security, second, at)
        grants.revoke_grant(s, town.gate, security, first, "吴婷调离", at)
        factors.reset_factor(s, town.gate, security, duty, at)
        token = tokens.issue_token(
            s,
            town.gate,
            security,
            tokens.TokenDraft(
                person_id=town.people["analyst"].id,
                name="采集",
                scopes=frozenset({TokenScope.CASES_READ}),
                area_code="990101",
                mark=Mark.INTERNAL,
                expires_at=at + timedelta(days=1),
            ),
            at,
        ).token
        tokens.revoke_token(s, town.gate, security, token.id, at)


def busy_day(town: Town, at: datetime) -> list[str]:
    """Every privileged act once; returns the kinds that must stand in the log."""
    system, security = town.actor("system"), town.actor("security")
    duty = town.plant("duty", Role.DUTY_OFFICER, area_code="9901")
    town.plant("analyst", Role.CARBON_ANALYST, area_code="990101")
    gate, database = town.gate, town.database
    with database.transaction(scope_of(system)) as s:
        places.create_area(s, gate, system, Area(area_code="990101009", name="新镇"), at)
        places.rename_area(s, gate, system, Area(area_code="990101009", name="旧镇"), at)
        draft = places.OfficeDraft(name="新所", kind=OfficeKind.OTHER, area_code="990101")
        office = places.create_office(s, gate, system, draft, at)
        places.change_office(s, gate, system, replace(office, name="旧所"), at)
        new = persons.create_person(
            s,
            gate,
            system,
            persons.PersonDraft(
                login_name="wu.ting",
                name="吴婷婷",
                post_label="网格员 12",
                area_code="990101",
                phone=PHONE,
            ),
            at,
        ).person
        persons.change_person(s, gate, system, replace(new, name="吴婷"), at)
        passwords.reset_password(s, gate, system, new.id, at)
        wish = GrantAsked(
            person_id=new.id, role=Role.GRID_WORKER, area_code="990101", valid_from=at
        )
        first, second = (
            grants.request_grant(s, gate, system, wish, "吴婷接替老林", at) for _ in range(2)
        )
    decided(town, security, (first.id, second.id, duty.id), at)
    acting = town.actor("duty")
    with database.transaction(scope_of(acting)) as s:
        persons.open_phone(s, gate, acting, new.id, "吴婷家着火", at)
    with database.transaction(scope_of(system)) as s:
        unlock(s, gate, system, new.id, at)
        sign_out_everywhere(s, gate, system, new.id, at)
        persons.disable_person(s, gate, system, new.id, at)
        persons.enable_person(s, gate, system, new.id, at)
    return [
        "area.created", "area.renamed", "office.created", "office.changed", "person.created",
        "person.changed", "password.reset", "grant.asked", "grant.asked", "grant.approved",
        "grant.declined", "grant.revoked", "factor.reset", "token.issued", "token.revoked",
        "phone.opened", "person.unlocked", "session.all-ended", "person.disabled",
        "person.enabled",
    ]  # fmt: skip


def test_every_privileged_act_has_its_record(town: Town) -> None:
    begun = town.wait(60)
    kinds = busy_day(town, begun)
    audit = town.actor("audit")
    with town.database.transaction(scope_of(audit)) as session:
        acts = audit_of(session, audit, ActsAsked(since=begun), PageAsked(size=200)).items
        for act in acts:
            assert act.record_id is not None
            record = record_by_id(session, act.record_id)
            assert (record.kind, record.subject, record.actor) == (act.kind, act.subject, act.actor)

    assert sorted(act.kind for act in acts if act.kind != "grant.set-up") == sorted(kinds)


def test_neither_phone_nor_password_lies_open_and_the_log_names_nobody(town: Town) -> None:
    busy_day(town, town.at)
    with town.database.transaction(SYSTEM) as session:
        tables = session.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        everything = {
            table: "\n".join(
                session.scalars(text(f'SELECT row_to_json(t)::text FROM "{table}" AS t')).all()  # noqa: S608 - names come from the catalogue
            )
            for table in tables
            if table.startswith(("people_", "trace_"))
        }
        bodies = b"\n".join(session.scalars(text("SELECT body FROM trace_record")).all())

    for secret in (PHONE, PASSWORD, SECRET):
        assert not [table for table, rows in everything.items() if secret in rows]
        assert not [table for table, rows in everything.items() if secret.encode().hex() in rows]
        assert secret.encode() not in bodies
    for personal in ("吴婷", "林system", "wu.ting", HERE):
        assert personal.encode() not in bodies


def test_when_the_log_stops_privileged_acts_stop_and_signing_in_goes_on(town: Town) -> None:
    system = town.actor("system")
    later = datetime.now(UTC) + timedelta(seconds=town.gate.log_max_lag_s + 5)
    area = Area(area_code="990103", name="新区")
    with town.database.transaction(scope_of(system)) as session, pytest.raises(LogStopped):
        places.create_area(session, town.gate, system, area, later)
    with pytest.raises(LogStopped):
        busy_day(town, later)

    with town.database.transaction(SYSTEM) as session:
        assert places.list_areas(session, PageAsked(), ("990103",)).total == 0
        entered = sign_in(session, town.gate, "system", PASSWORD, HERE, later)
    assert isinstance(entered, SignedIn)


def test_a_refused_try_is_kept_for_the_auditor(town: Town) -> None:
    audit, system = town.actor("audit"), town.actor("system")
    deed = Deed(kind="grant.approved", subject="grant/17", area_code="9901")
    with town.database.transaction(SYSTEM) as session:
        note_refusal(session, system, deed, town.at)
    with town.database.transaction(scope_of(audit)) as session:
        (refused,) = audit_of(session, audit, ActsAsked(refused_only=True)).items
        none = audit_of(session, audit, ActsAsked(refused_only=True, until=town.at)).items
        by = ActsAsked(actor=system.reference, subject="grant/17", kind="grant")
        same = audit_of(session, audit, by).items

    assert (refused.kind, refused.is_done, refused.record_id) == ("grant.approved", False, None)
    assert (none, same) == ((), (refused,))


def test_nobody_but_the_auditor_reads_the_acts(town: Town) -> None:
    for name in ("system", "security"):
        actor = town.actor(name)
        with town.database.transaction(scope_of(actor)) as session, pytest.raises(RightMissing):
            audit_of(session, actor, ActsAsked())


def test_what_is_kept_no_longer_goes_and_half_a_year_stays(town: Town) -> None:
    town.enter("system")
    town.enter("system")
    hasty = replace(town.gate, audit_days=1)
    with town.database.transaction(SYSTEM) as session:
        early = sweep(session, hasty, town.at + timedelta(days=31))
        late = sweep(session, hasty, town.at + timedelta(days=181))

    assert early == {"sessions": 2, "failures": 0, "attempts": 0}
    assert late["attempts"] == 4
