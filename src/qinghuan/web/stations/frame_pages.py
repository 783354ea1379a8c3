"""One kept frame: its bytes, what they say, where it stands in the log."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from qinghuan.sensing.hj212.frame import Frame, Reading, beijing
from qinghuan.sensing.model import PERIODS, Datastream, Station
from qinghuan.sensing.service.evidence import frame_of
from qinghuan.sensing.service.stations import datastreams_of, station_of
from qinghuan.sensing.standards.units import shown
from qinghuan.trace.service.reading import record_by_id
from qinghuan.web.access import Caller
from qinghuan.web.pages import page
from qinghuan.web.stations.batch import batch_place
from qinghuan.web.stations.raw_frame import read_raw
from qinghuan.web.stations.readers import HERE, Reader
from qinghuan.web.stations.words import COMMANDS, VALUE_KINDS, factor_name, flag_view, say
from qinghuan.web.views import FlagView, Num, ProofView

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """One value of a frame."""

    factor: str
    code: str
    kind: str
    num: Num
    flag: FlagView


@router.get("/frames/{frame_id}")
def frame_page(caller: Reader, frame_id: UUID) -> Response:
    """A frame as it was kept."""
    kept = frame_of(caller.session, frame_id)
    station = station_of(caller.session, kept.station_id)
    raw = read_raw(kept.raw)
    record = record_by_id(caller.session, kept.record_id)
    return page(
        caller,
        "stations/frame.html",
        HERE,
        kept=kept,
        station=station,
        raw=raw,
        command=COMMANDS.get(kept.cn, ""),
        rows=_rows(caller, station, raw.frame) if raw.frame else (),
        place=batch_place(record.body, kept.sha256),
        proof_view=ProofView(
            digest=record.leaf_hash.hex(),
            href=f"/log/records/{record.id}",
            is_sealed=record.leaf_index is not None,
        ),
    )


def _rows(caller: Caller, station: Station, frame: Frame) -> tuple[ReadingRow, ...]:
    period = PERIODS.get(frame.cn)
    streams = {
        (stream.code, stream.kind): stream
        for stream in datastreams_of(caller.session, station.id)
        if period is not None and stream.period == period
    }
    return tuple(
        _row(caller, station, frame, reading, streams.get((reading.code, reading.kind)))
        for reading in frame.readings
    )


def _row(
    caller: Caller, station: Station, frame: Frame, reading: Reading, stream: Datastream | None
) -> ReadingRow:
    language = caller.preferences.language
    at = beijing((reading.sample_time or frame.data_time or frame.qn)[:14])
    href = ""
    if stream is not None:
        query = urlencode({"at": at.isoformat()})
        href = f"/stations/{station.id}/observations/{stream.id}?{query}"
    return ReadingRow(
        factor=factor_name(reading.code, language),
        code=reading.code,
        kind=say(caller, VALUE_KINDS.get(reading.kind, reading.kind)),
        num=Num(
            value=reading.value,
            unit=shown(stream.unit) if stream else "",
            at=at,
            source=station.name,
            href=href,
        ),
        flag=flag_view(reading.flag),
    )
