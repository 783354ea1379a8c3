"""Limits of a station's datastreams: set by hand with their source, or left to the standard."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from qinghuan.people.service.audit import Deed, require_log
from qinghuan.sensing.model import Datastream, OwnLimit
from qinghuan.sensing.service import limits, stations
from qinghuan.web.access import Caller, access
from qinghuan.web.administration.forms import (
    NO_FAULTS,
    NOTHING_TYPED,
    Faults,
    Form,
    Typed,
    attempt,
    filled,
    submit,
)
from qinghuan.web.administration.lists import Question
from qinghuan.web.administration.schemas import LimitWanted, UnitWanted
from qinghuan.web.administration.sections import KEEPERS, READERS, section_page
from qinghuan.web.administration.station_fields import limit_fields
from qinghuan.web.administration.station_pages import stream_words
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.pages import go
from qinghuan.web.views import FieldView

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, access(*READERS)]
Keeper = Annotated[Caller, access(*KEEPERS)]

PATH = "/admin/datastreams/{datastream_id}"


@router.get(PATH)
def limit_page(caller: Reader, datastream_id: UUID, asked: Question) -> Response:
    """How one datastream is judged."""
    return _limit(caller, datastream_id, done=asked.done)


@router.post(f"{PATH}/limit")
def set_limit(caller: Keeper, datastream_id: UUID, form: Form) -> Response:
    """Set a limit by hand."""

    def do(wanted: LimitWanted) -> Datastream:
        own = OwnLimit(
            upper=wanted.upper,
            lower=wanted.lower,
            source=wanted.source,
            raise_after=wanted.raise_after,
            raise_after_s=wanted.raise_after_min * 60,
            clear_after=wanted.clear_after,
            clear_ratio=Decimal(wanted.clear_pct) / 100,
        )
        return _set(caller, datastream_id, own)

    came = submit(caller, LimitWanted, form, _deed("limit.set", datastream_id), do)
    return _back(caller, datastream_id, came, form, "limit-set")


@router.post(f"{PATH}/standard")
def clear_limit(caller: Keeper, datastream_id: UUID) -> Response:
    """Leave judging to the standard of the day, if there is one."""
    came = attempt(
        caller, _deed("limit.cleared", datastream_id), lambda: _set(caller, datastream_id, None)
    )
    return _back(caller, datastream_id, came, NOTHING_TYPED, "limit-cleared")


@router.post(f"{PATH}/unit")
def set_unit(caller: Keeper, datastream_id: UUID, form: Form) -> Response:
    """State the unit the station really sends in."""

    def do(wanted: UnitWanted) -> Datastream:
        require_log(caller.session, caller.house.gate, caller.at)
        return limits.set_unit(
            caller.session,
            datastream_id,
            wanted.unit,
            actor=caller.actor.reference,
            at=caller.at,
        )

    came = submit(caller, UnitWanted, form, _deed("limit.set", datastream_id), do)
    return _back(caller, datastream_id, came, form, "unit-set")


def _set(caller: Caller, datastream_id: UUID, own: OwnLimit | None) -> Datastream:
    require_log(caller.session, caller.house.gate, caller.at)
    return limits.set_limit(
        caller.session, datastream_id, own, actor=caller.actor.reference, at=caller.at
    )


def _back(
    caller: Caller, datastream_id: UUID, came: Datastream | Faults, typed: Typed, done: str
) -> Response:
    if isinstance(came, Faults):
        return _limit(caller, datastream_id, typed=typed, faults=came)
    return go(f"/admin/datastreams/{datastream_id}", {"done": done})


def _limit(
    caller: Caller,
    datastream_id: UUID,
    *,
    done: str = "",
    typed: Typed = NOTHING_TYPED,
    faults: Faults = NO_FAULTS,
) -> Response:
    stream = limits.datastream_of(caller.session, datastream_id)
    station = stations.station_of(caller.session, stream.station_id)
    judging = limits.judging_on(stream, station, limits.day_of(caller.at))
    unit = FieldView(
        name="unit", label=N_("单位"), value=stream.unit, is_required=True, maxlength=20
    )
    return section_page(
        caller,
        "limit.html",
        "stations",
        done=done,
        status=faults.status,
        fault=faults.whole,
        stream=stream,
        station=station,
        words=stream_words(caller, stream),
        judging=judging,
        may_keep=bool(caller.roles.intersection(KEEPERS)),
        fields=filled(limit_fields(stream), typed, faults),
        unit_fields=filled((unit,), typed, faults),
    )


def _deed(kind: str, datastream_id: UUID) -> Deed:
    return Deed(kind=kind, subject=f"datastream/{datastream_id}")
