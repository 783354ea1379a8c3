"""Draws the case page as it stands now, for one person."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from qinghuan.casework.model import Acting
from qinghuan.casework.problem.decide import Offer
from qinghuan.casework.service.viewing import CaseView, area_of, case_view, timeline
from qinghuan.people.errors import OfficeUnknown
from qinghuan.people.service.persons import labels_of
from qinghuan.people.service.places import area_names, office_of
from qinghuan.trace.service.reading import places_of
from qinghuan.web.access import Caller
from qinghuan.web.casework.acting import acting_as
from qinghuan.web.casework.errors import FieldMissing
from qinghuan.web.casework.forms import FORMS, Known, Typed
from qinghuan.web.casework.known import known_for
from qinghuan.web.casework.parts import Parts
from qinghuan.web.casework.view import (
    clock_of,
    evidence_of,
    main_clock,
    stages_of,
    story_of,
)
from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.pages import page
from qinghuan.web.states import state_of_stage
from qinghuan.web.views import FieldView

HERE = "cases"


def acting_on(caller: Caller, case_id: UUID) -> Acting:
    """How the caller acts on a case: with the roles that reach its place."""
    return acting_as(caller.actor, area_of(caller.session, case_id))


def said_of(error: FieldMissing, language: Language) -> str:
    """What is missing, in the reader's language."""
    return translate(error.zh, language).format(label=translate(error.label, language))


def draw_case(
    caller: Caller,
    parts: Parts,
    case_id: UUID,
    *,
    done: str = "",
    fault: tuple[str, str, str] = ("", "", ""),
    typed: Typed | None = None,
) -> Response:
    """Draw the page as it stands now."""
    session, language = caller.session, caller.preferences.language
    actor = acting_on(caller, case_id)
    view = case_view(session, case_id, actor, caller.at, parts.desk, parts.is_quiet)
    steps = timeline(session, case_id)
    allowed = frozenset(offer.command for offer in view.offers if offer.is_allowed)
    head_clock = main_clock(view)
    story = story_of(steps, places_of(session, [step.record_id for step in steps]), language)
    return page(
        caller,
        "casework/case.html",
        HERE,
        status=422 if fault[0] else 200,
        view=view,
        case=view.case,
        place=_where(caller, view),
        owner=_owner(caller, view),
        state=state_of_stage(view.case.state.value),
        clock=clock_of(head_clock, _owner(caller, view), language) if head_clock else None,
        clocks=[clock_of(one, "", language) for one in view.clocks if not one.is_stopped],
        stages=stages_of(view.case, steps),
        story=story,
        evidence=evidence_of(view.case, view.blobs, _labels(caller, view), language),
        measured=parts.measured(session, view.case),
        offers=_ordered(view.offers),
        forms=_fields(known_for(session, view, allowed, caller.at), allowed),
        acting=actor,
        fault=fault,
        typed=(typed or Typed()).texts,
        ticked=(typed or Typed()).lists,
        done=done,
    )


def _fields(known: Known, allowed: frozenset[str]) -> Mapping[str, tuple[FieldView, ...]]:
    return {name: form.fields(known) for name, form in FORMS.items() if name in allowed}


def _ordered(offers: tuple[Offer, ...]) -> list[Offer]:
    """What may be done first; what belongs to another state of the case last of all."""
    shown = [offer for offer in offers if offer.command not in {"attach_signal", "add_evidence"}]

    def rank(offer: Offer) -> int:
        if offer.is_allowed:
            return 0
        code = offer.refusal.code if offer.refusal else ""
        return {"wrong-role": 2, "wrong-state": 3}.get(code, 1)

    return sorted(shown, key=rank)


def _where(caller: Caller, view: CaseView) -> str:
    names = area_names(caller.session, (view.case.area_code,))
    return names.get(view.case.area_code, view.case.area_code)


def _owner(caller: Caller, view: CaseView) -> str:
    case = view.case
    person = case.handler or case.checker
    try:
        office = office_of(caller.session, UUID(case.owner_office)).name
    except (ValueError, OfficeUnknown):
        office = translate(N_("指挥中心"), caller.preferences.language)
    return f"{office} · {person.label}" if person else office


def _labels(caller: Caller, view: CaseView) -> Mapping[str, str]:
    ids = []
    for item in view.case.evidence:
        try:
            ids.append(UUID(item.by.removeprefix("person/")))
        except ValueError:
            continue
    found = labels_of(caller.session, tuple(dict.fromkeys(ids)))
    return {str(key): label for key, label in found.items()}
