"""Who may open the pages of casework."""

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
Reader = Annotated[Caller, access(*READERS)]
