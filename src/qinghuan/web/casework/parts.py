"""What the pages of casework use beside the house's parts, handed in once by the application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from qinghuan.casework.problem.case import Case
from qinghuan.casework.service.desk import Desk
from qinghuan.infra.blobs import Blobs
from qinghuan.infra.database import Session
from qinghuan.web.views import LineageStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the machine behind a case says: how it came about, and whether it is over."""

    lineage: tuple[LineageStep, ...] = ()
    raw: str = ""
    """The frame's bytes, its password masked."""
    mark: str = ""
    """The part of the raw bytes the figure came from."""
    chart_href: str = ""
    station_href: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The desk, the store of files, and the stories that join other rooms."""

    desk: Desk
    blobs: Blobs
    is_quiet: Callable[[Session, Case, datetime], bool | None]
    """Whether a machine's value has been back under its limit long enough; None for people's."""
    measured: Callable[[Session, Case], Measured | None]
    """Where the figure behind a machine's case came from."""


def parts_of(request: Request) -> Parts:
    """The parts the application was built with."""
    parts = request.app.state.casework
    assert isinstance(parts, Parts)  # noqa: S101  set by the application
    return parts


CaseworkParts = Annotated[Parts, Depends(parts_of)]
