"""What an administrator may do with an account."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from qinghuan.people.service import factors, passwords, persons, sign_in
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import person_view
from qinghuan.web.administration.forms import Faults, attempt
from qinghuan.web.administration.sections import KEEPERS, SECURITY
from qinghuan.web.pages import go

router = APIRouter(include_in_schema=False)

Keeper = Annotated[Caller, access(*KEEPERS)]
Security = Annotated[Caller, access(*SECURITY)]

PATH = "/admin/persons/{person_id}"


@router.post(f"{PATH}/disablement")
def disable(caller: Keeper, person_id: UUID) -> Response:
    """Let a person in no more."""
    return _do(caller, person_id, "person.disabled", persons.disable_person, "person-disabled")


@router.post(f"{PATH}/enablement")
def enable(caller: Keeper, person_id: UUID) -> Response:
    """Let a person in again."""
    return _do(caller, person_id, "person.enabled", persons.enable_person, "person-enabled")


@router.post(f"{PATH}/unlocking")
def unlock(caller: Keeper, person_id: UUID) -> Response:
    """Forget a person's wrong tries."""
    return _do(caller, person_id, "person.unlocked", sign_in.unlock, "person-unlocked")


@router.post(f"{PATH}/session-end")
def end_sessions(caller: Keeper, person_id: UUID) -> Response:
    """End all of a person's sessions."""
    return _do(
        caller, person_id, "session.all-ended", sign_in.sign_out_everywhere, "sessions-ended"
    )


@router.post(f"{PATH}/factor-reset")
def reset_factor(caller: Security, person_id: UUID) -> Response:
    """Take a lost authenticator away."""
    return _do(caller, person_id, "factor.reset", factors.reset_factor, "factor-reset")


@router.post(f"{PATH}/password-reset")
def reset_password(caller: Keeper, person_id: UUID) -> Response:
    """Give a person a password to hand over, and show it this once."""
    found = persons.person_of(caller.session, caller.actor, person_id)
    came = attempt(
        caller,
        person_view.deed_about("password.reset", found),
        lambda: passwords.reset_password(
            caller.session, caller.house.gate, caller.actor, person_id, caller.at
        ),
    )
    if isinstance(came, Faults):
        return person_view.person(caller, person_id, faults=came)
    return person_view.first_password(caller, found, came, is_new=False)


def _do(
    caller: Caller, person_id: UUID, kind: str, act: Callable[..., object], done: str
) -> Response:
    """Do one act of a person's page and come back to it."""
    found = persons.person_of(caller.session, caller.actor, person_id)
    came = attempt(
        caller,
        person_view.deed_about(kind, found),
        lambda: act(caller.session, caller.house.gate, caller.actor, person_id, caller.at),
    )
    if isinstance(came, Faults):
        return person_view.person(caller, person_id, faults=came)
    return go(f"/admin/persons/{person_id}", {"done": done})
