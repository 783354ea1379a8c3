"""The case page and the commands given on it."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from qinghuan.casework.service.commanding import Order, command
from qinghuan.casework.service.viewing import case_view
from qinghuan.web.casework.drawing import acting_on, draw_case, said_of
from qinghuan.web.casework.errors import CommandUnknown, FieldMissing
from qinghuan.web.casework.forms import FORMS, Typed
from qinghuan.web.casework.known import known_for
from qinghuan.web.casework.parts import CaseworkParts
from qinghuan.web.casework.readers import Reader
from qinghuan.web.casework.taking import Form
from qinghuan.web.language import translate
from qinghuan.web.pages import go

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}")
def casedraw_case(caller: Reader, parts: CaseworkParts, case_id: UUID, done: str = "") -> Response:
    """A case: where it stands, its story, what this person may do."""
    return draw_case(caller, parts, case_id, done=done)


@router.post("/cases/{case_id}/commands/{name}")
def give_command(
    caller: Reader, parts: CaseworkParts, case_id: UUID, name: str, form: Form
) -> Response:
    """Give a command; a refusal comes back on the page, with what is missing."""
    typed, _ = form
    if name not in FORMS:
        raise CommandUnknown(name)
    actor = acting_on(caller, case_id)
    view = case_view(caller.session, case_id, actor, caller.at, parts.desk)
    known = known_for(caller.session, view, frozenset({name}), caller.at)
    try:
        wanted = FORMS[name].read(typed, known)
    except FieldMissing as error:
        sentence = said_of(error, caller.preferences.language)
        return draw_case(caller, parts, case_id, fault=(name, error.name, sentence), typed=typed)
    outcome = command(
        caller.session,
        Order(
            case_id=case_id,
            command=wanted,
            actor=actor,
            expected_version=_version(typed, view.case.version),
            is_source_quiet=parts.is_quiet(caller.session, view.case, caller.at),
        ),
        caller.at,
        parts.desk,
    )
    if outcome.refusal is not None:
        said = translate(outcome.refusal.zh, caller.preferences.language)
        return draw_case(caller, parts, case_id, fault=(name, "", said), typed=typed)
    return go(f"/cases/{case_id}", {"done": name})


def _version(typed: Typed, current: int) -> int:
    written = typed.text("expected_version")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else current
