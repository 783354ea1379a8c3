"""Who reported is asked again after closing; a machine answers with what it measures now.

casework asks at D+1, D+28 and D+90, whatever the case was closed for. For a machine's case
nobody would answer, so sensing does: values still under the limit are a yes, values over it
again open the case again.
"""

from datetime import datetime, timedelta
from uuid import UUID

from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.states import Verdict
from qinghuan.casework.service.commanding import give_as_platform
from qinghuan.casework.service.desk import Desk
from qinghuan.casework.service.watching import machines_asked
from qinghuan.flows.exceedance_opens_case import evidence_of, is_source_quiet
from qinghuan.infra.database import Session

STILL_UNDER = "监测值仍在限值以内"
OVER_AGAIN = "监测值再次超过限值"


def answer_for_machines(session: Session, at: datetime, desk: Desk, *, window: timedelta) -> int:
    """Answer the questions that wait for a machine.

    Args:
        session: In the SYSTEM scope.
        at: Now.
        desk: The rules in force.
        window: How long values must have stayed under the limit.

    Returns:
        How many were answered; one whose station is gone waits for a person.
    """
    answered = 0
    for case in machines_asked(session):
        if evidence_of(session, case) is None:
            continue
        is_quiet = is_source_quiet(session, case, at, window=window)
        answer = c.AnswerFollowUp(
            verdict=Verdict.SATISFIED if is_quiet else Verdict.UNSATISFIED,
            text=STILL_UNDER if is_quiet else OVER_AGAIN,
        )
        answered += give_as_platform(session, UUID(case.case_id), answer, at, desk).is_done
    return answered
