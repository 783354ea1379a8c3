"""Who may look at stations, each within his own area."""

from typing import Annotated

from qinghuan.people.model import Role
from qinghuan.web.access import Caller, access

READERS = (
    Role.DUTY_OFFICER,
    Role.ACCEPTOR,
    Role.DISPATCHER,
    Role.DIRECTOR,
    Role.OFFICE_HEAD,
    Role.HANDLER,
    Role.CHECKER,
    Role.GRID_WORKER,
    Role.DEPUTY,
    Role.CONGRESS_STAFF,
    Role.CARBON_ANALYST,
)
"""Posts that work with measurements or watch over those who do."""

ACCEPTORS = (*READERS, Role.SYSTEM_ADMIN)
"""They see what was refused; the system administrator puts senders right."""

Reader = Annotated[Caller, access(*READERS)]
RefusedReader = Annotated[Caller, access(*ACCEPTORS)]

HERE = "stations"
"""Key of the room on the rail."""


def may_read(caller: Caller) -> bool:
    """Whether the station pages open to a caller who came by another way."""
    return bool(caller.roles.intersection(READERS))
