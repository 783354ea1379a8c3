"""Telling people: one line in the list of each whom an event concerns, once."""

from uuid import UUID

from qinghuan.casework.notices import REPORTERS, audiences
from qinghuan.casework.problem.evolve import fold
from qinghuan.casework.repository import cases, signals, watch
from qinghuan.infra.database import Session
from qinghuan.infra.events import announce


def notify(session: Session, case_id: UUID, case_seq: int) -> int:
    """Tell whom one event of a case concerns; how many were told now.

    Args:
        session: In the SYSTEM scope.
        case_id: Which case.
        case_seq: Which of its events.
    """
    steps = [stored for stored in cases.events_of(session, case_id) if stored.case_seq <= case_seq]
    case = fold(stored.event for stored in steps)
    if case is None or case.version != case_seq:
        return 0
    event = steps[-1].event
    told = 0
    for audience, words in audiences(case, event).items():
        for one in _expand(session, case_id, audience):
            told += watch.add_notice(session, case, case_seq, one, (words, event.at))
    if told:
        announce(
            session,
            "notice",
            subject=f"case/{case_id}",
            area_code=case.area_code,
            mark=case.mark,
        )
    return told


def _expand(session: Session, case_id: UUID, audience: str) -> list[str]:
    """The lists an audience stands for."""
    if audience != REPORTERS:
        return [audience]
    return [f"person/{person}" for _, person in signals.reporters_of(session, case_id)]
