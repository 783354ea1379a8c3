"""What the worker does for casework: tell people."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import JsonValue

from qinghuan.casework.service.notifying import notify
from qinghuan.infra.database import Session
from qinghuan.infra.jobs import job


@job("casework.notify")
def tell(session: Session, payload: Mapping[str, JsonValue]) -> None:
    """Tell whom one event concerns."""
    notify(session, UUID(str(payload["case_id"])), int(str(payload["case_seq"])))
