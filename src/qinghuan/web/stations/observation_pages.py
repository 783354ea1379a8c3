"""Values as a file, and the way back from one value to its frame and the log."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from qinghuan.sensing.errors import DatastreamUnknown
from qinghuan.sensing.model import Datastream, Station
from qinghuan.sensing.service.evidence import Origin, origin_of
from qinghuan.sensing.service.limits import Judging, day_of, judging_on
from qinghuan.sensing.service.readings import series_of
from qinghuan.sensing.service.stations import datastreams_of, station_of
from qinghuan.sensing.standards.units import shown
from qinghuan.trace.service.reading import record_by_id
from qinghuan.web.access import Caller
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import csv_answer
from qinghuan.web.pages import page
from qinghuan.web.stations.batch import batch_place
from qinghuan.web.stations.panels import limit_text, stream_label
from qinghuan.web.stations.raw_frame import item_of, read_raw
from qinghuan.web.stations.readers import HERE, Reader
from qinghuan.web.stations.series import is_over, readings_of
from qinghuan.web.stations.span import Span
from qinghuan.web.stations.station_pages import chosen_of, over_text
from qinghuan.web.stations.words import (
    COMMANDS,
    PERIODS,
    VALUE_KINDS,
    csv_moment,
    factor_name,
    flag_view,
    say,
)
from qinghuan.web.views import LineageStep, ProofView
from qinghuan.web.wording import full_moment, moment

router = APIRouter(include_in_schema=False)

PATH = "/stations/{station_id}"


@router.get(f"{PATH}/observations.csv")
def observations_file(caller: Reader, station_id: UUID, asked: Span) -> Response:
    """Values of a span as CSV: of one datastream, or of all."""
    station = station_of(caller.session, station_id)
    streams = list(datastreams_of(caller.session, station_id))
    if asked.datastream_id is not None:
        chosen = chosen_of(station, streams, asked)
        streams = [chosen] if chosen else []
    header = (
        N_("MN"),
        N_("站点"),
        N_("因子代码"),
        N_("因子"),
        N_("时段"),
        N_("数值类型"),
        N_("数据时刻"),
        N_("值"),
        N_("单位"),
        N_("标记"),
        N_("超限"),
        N_("改值次数"),
        N_("首次上报值"),
        N_("报文编号"),
    )
    rows = [
        row for stream in streams for row in _cells(caller, station, stream, asked.span(caller.at))
    ]
    name = f"{station.mn} {say(caller, N_('观测值'))}"
    return csv_answer(name, [say(caller, each) for each in header], rows)


@router.get(f"{PATH}/observations/{{datastream_id}}")
def origin_page(
    caller: Reader,
    station_id: UUID,
    datastream_id: UUID,
    at: Annotated[AwareDatetime, Query()],
    hx_request: Annotated[str, Header()] = "",
) -> Response:
    """Where a value comes from; alone within a dialog, else as a page."""
    station = station_of(caller.session, station_id)
    streams = datastreams_of(caller.session, station_id)
    stream = next((each for each in streams if each.id == datastream_id), None)
    if stream is None:
        raise DatastreamUnknown(str(datastream_id))
    origin = origin_of(caller.session, datastream_id, at)
    raw = read_raw(origin.frame.raw)
    return page(
        caller,
        "stations/lineage.html" if hx_request else "stations/observation.html",
        "" if hx_request else HERE,
        station=station,
        label=stream_label(stream, caller.preferences.language),
        unit=shown(stream.unit),
        observation=origin.observation,
        changes=origin.changes,
        flag_view=flag_view,
        frame=origin.frame,
        steps=_steps(caller, station, stream, origin),
        raw_text=raw.text,
        raw_mark=item_of(raw.text, stream.code, stream.kind),
    )


def _steps(
    caller: Caller, station: Station, stream: Datastream, origin: Origin
) -> tuple[LineageStep, ...]:
    """From the value down to the log's record."""
    judging = judging_on(stream, station, day_of(origin.observation.phenomenon_at))
    return (
        _value_step(caller, stream, origin, judging),
        *_rule_steps(caller, judging),
        LineageStep(
            icon="station",
            text=f"{station.name} · {stream_label(stream, caller.preferences.language)}",
            detail=" · ".join(
                filter(
                    None,
                    [
                        f"MN {station.mn}",
                        stream.code,
                        say(caller, N_("模拟数据")) if station.is_simulated else "",
                    ],
                )
            ),
        ),
        _frame_step(caller, origin),
        _record_step(caller, origin),
    )


def _value_step(
    caller: Caller, stream: Datastream, origin: Origin, judging: Judging | None
) -> LineageStep:
    one = origin.observation
    over = over_text(caller, judging, one.value) if is_over(judging, one) else ""
    changed = (
        say(caller, N_("改过 {n} 次，原值在下")).format(n=len(origin.changes))
        if origin.changes
        else say(caller, N_("未改值"))
    )
    at = full_moment(one.phenomenon_at, caller.preferences.language)
    return LineageStep(
        icon="alert" if over else "ok",
        text=" · ".join(filter(None, [f"{one.value:f} {shown(stream.unit)}".strip(), over])),
        detail=f"{at} · {changed}",
        flag=flag_view(one.flag).code,
    )


def _rule_steps(caller: Caller, judging: Judging | None) -> tuple[LineageStep, ...]:
    if judging is None:
        return ()
    limit = judging.limit
    text = limit_text(limit.upper, limit.lower, limit.unit)
    return (
        LineageStep(
            icon="rule",
            text=say(caller, N_("限值 {limit}")).format(limit=text),
            detail=limit.standard,
        ),
    )


def _frame_step(caller: Caller, origin: Origin) -> LineageStep:
    frame = origin.frame
    command = say(caller, COMMANDS[frame.cn]) if frame.cn in COMMANDS else ""
    return LineageStep(
        icon="frame",
        text=f"HJ 212 CN {frame.cn} {command}".strip(),
        detail=say(caller, N_("{at} 收自 {peer} · SHA-256 {digest}…")).format(
            at=moment(frame.received_at), peer=frame.peer, digest=frame.sha256.hex()[:12]
        ),
    )


def _record_step(caller: Caller, origin: Origin) -> LineageStep:
    record = record_by_id(caller.session, origin.frame.record_id)
    place = batch_place(record.body, origin.frame.sha256)
    detail = (
        say(caller, N_("批次第 {n} / {all} 条，摘要一致")).format(n=place[0], all=place[1])
        if place
        else say(caller, N_("记录里没有这条报文的摘要，请报告审计管理员"))
    )
    return LineageStep(
        icon="proof",
        text=say(caller, N_("存证日志")),
        detail=detail,
        proof=ProofView(
            digest=record.leaf_hash.hex(),
            href=f"/log/records/{record.id}",
            is_sealed=record.leaf_index is not None,
        ),
    )


def _cells(
    caller: Caller, station: Station, stream: Datastream, span: tuple[datetime, datetime]
) -> Iterator[tuple[object, ...]]:
    series = series_of(caller.session, stream.id, *span)
    frames = {one.phenomenon_at: one.frame_id for one in series.observations}
    for one in readings_of(series):
        changes = [each for each in series.changes if each.phenomenon_at == one.at]
        yield (
            station.mn,
            station.name,
            stream.code,
            factor_name(stream.code, caller.preferences.language),
            say(caller, PERIODS.get(stream.period, stream.period)),
            say(caller, VALUE_KINDS.get(stream.kind, stream.kind)),
            csv_moment(one.at),
            one.value,
            shown(stream.unit),
            one.flag or "N",
            say(caller, N_("是")) if one.is_over else "",
            len(changes) or "",
            changes[0].old_value if changes else None,
            frames[one.at],
        )
