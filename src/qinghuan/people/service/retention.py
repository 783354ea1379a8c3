"""Forgetting what is kept no longer, as the register of personal fields says."""

from datetime import datetime, timedelta

from qinghuan.infra.database import Session
from qinghuan.people.gate import Gate
from qinghuan.people.repository import attempts

ENDED_DAYS = 30
"""Ended sessions and old counters of wrong tries. [d]"""


def sweep(session: Session, gate: Gate, at: datetime) -> dict[str, int]:
    """Delete ended sessions, old counters and tries at signing in past their time.

    Args:
        session: A SYSTEM transaction; a daily job's.
        gate: The gate; says how long tries are kept, never under 180 days.
        at: Now.

    Returns:
        How many rows of each kind went.
    """
    return attempts.forget_before(
        session,
        ended=at - timedelta(days=ENDED_DAYS),
        attempts=at - timedelta(days=max(gate.audit_days, 180)),
    )
