"""What the forms of a case offer to choose from: offices, people, codes, other cases."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from qinghuan.casework.adapters import shelf
from qinghuan.casework.listing import CasesAsked, Paging
from qinghuan.casework.model import NamedPerson
from qinghuan.casework.problem.case import Case
from qinghuan.casework.service import listing
from qinghuan.casework.service.viewing import CaseView
from qinghuan.infra.database import Session
from qinghuan.people.area import ancestors_of
from qinghuan.people.model import OfficeKind, PageAsked, Role
from qinghuan.people.service.grants import holders_of
from qinghuan.people.service.places import list_offices
from qinghuan.web.casework.forms import Choices, Known

HANDLING_OFFICES = frozenset(OfficeKind) - {OfficeKind.CENTRE, OfficeKind.CONGRESS}
"""Offices a case can be sent to; the directing centre sends, the congress supervises."""


def known_for(session: Session, view: CaseView, commands: frozenset[str], at: datetime) -> Known:
    """What the forms of a case's allowed commands offer.

    Args:
        session: In the caller's scope.
        view: The case as the caller sees it.
        commands: Which commands he may give; only their lists are read.
        at: Now.
    """
    case, item = view.case, view.policy_item
    lead = case.lead

    def when(
        wanted: set[str], read: Callable[[], Mapping[str, NamedPerson]]
    ) -> Mapping[str, NamedPerson]:
        return read() if wanted & commands else {}

    return Known(
        offices=_offices(session, case)
        if commands & {"dispatch", "decide_owner", "return"}
        else {},
        handlers=when(
            {"sign", "name_handler"},
            lambda: _holders(session, case, Role.HANDLER, at, lead.office_id if lead else None),
        ),
        checkers=when({"send_check"}, lambda: _checkers(session, case, at)),
        collectors=when(
            {"send_verify"}, lambda: _holders(session, case, Role.GRID_WORKER, at, None)
        ),
        codes=_codes() if "file" in commands else (),
        area_code=case.area_code,
        filing_condition=(item.filing_condition or "") if item else "",
        closing_condition=(item.closing_condition or "") if item else "",
        parents=_parents(session, case) if "merge" in commands else (),
    )


def _offices(session: Session, case: Case) -> Mapping[str, str]:
    within = tuple(dict.fromkeys((*ancestors_of(case.area_code), case.area_code)))
    found = list_offices(session, PageAsked(size=200), (within[0][:2],))
    return {
        str(office.id): office.name
        for office in found.items
        if office.kind in HANDLING_OFFICES
        and (
            case.area_code.startswith(office.area_code)
            or office.area_code.startswith(case.area_code)
        )
    }


def _holders(
    session: Session, case: Case, role: Role, at: datetime, office_id: str | None
) -> Mapping[str, NamedPerson]:
    office = UUID(office_id) if office_id else None
    return {
        str(holder.person_id): NamedPerson(
            person=str(holder.person_id),
            label=holder.post_label,
            office_id=str(holder.office_id or ""),
            has_phone=holder.has_phone,
        )
        for holder in holders_of(session, role, case.area_code, at, office)
    }


def _checkers(session: Session, case: Case, at: datetime) -> Mapping[str, NamedPerson]:
    """Checkers of offices without a leg in the case."""
    busy = {leg.office_id for leg in case.legs}
    found = _holders(session, case, Role.CHECKER, at, None)
    return {key: one for key, one in found.items() if one.office_id not in busy}


def _codes() -> Choices:
    in_force = max(shelf.code_lists().values(), key=lambda each: each.effective_on)
    return tuple(
        (
            f"{row.key.standard_ref}|{row.key.kind.value}|{row.key.code}",
            f"{row.key.code} {row.name}",
        )
        for row in in_force.rows.values()
        if not row.is_withdrawn
    )


def _parents(session: Session, case: Case) -> Choices:
    rows, _ = listing.cases(
        session,
        CasesAsked(is_open=True, area_prefix=case.area_code[:6], order="changed"),
        Paging(size=50),
    )
    return tuple(
        (str(row.case_id), f"{row.number} {row.title}")
        for row in rows
        if str(row.case_id) != case.case_id
    )
