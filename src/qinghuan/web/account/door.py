"""What the account pages share: the cookie, the way on, refusals in the reader's language."""

from starlette.responses import Response

from qinghuan.core.errors import QinghuanError
from qinghuan.people.model import SessionState
from qinghuan.people.service.sign_in import SignedIn
from qinghuan.people.service.trying import SignInRefused
from qinghuan.web.access import Caller
from qinghuan.web.destination import safe_destination
from qinghuan.web.language import Language
from qinghuan.web.pages import go
from qinghuan.web.problems import STEPS, sentence


def let_in(caller: Caller, signed_in: SignedIn, wanted: str) -> Response:
    """Set the cookie and lead to the next step, or to where the person wanted."""
    step = STEPS.get(signed_in.actor.state)
    destination = safe_destination(wanted)
    query = {"next": destination} if step and destination != "/" else None
    return with_cookie(caller, go(step or destination, query), signed_in.token)


def with_cookie(caller: Caller, answer: Response, token: str) -> Response:
    """Put a session's token into the cookie; it ends with the browser."""
    answer.set_cookie(
        caller.house.site.session_cookie,
        token,
        httponly=True,
        samesite="lax",
        secure=caller.house.site.is_secure,
        path="/",
    )
    return answer


def refusal(caller: Caller, refused: SignInRefused) -> str:
    """Why a try was not let in, in the reader's language."""
    is_chinese = caller.preferences.language is Language.ZH
    return refused.message_zh() if is_chinese else refused.message_en()


def reason(caller: Caller, error: QinghuanError) -> str:
    """An error in the reader's language."""
    return sentence(error, caller.preferences.language)


def elsewhere(caller: Caller, due: SessionState, wanted: str) -> Response | None:
    """Where a person belongs whose session is not at this step."""
    state = caller.actor.state
    if state is due:
        return None
    return go(STEPS[state] if state in STEPS else safe_destination(wanted))
