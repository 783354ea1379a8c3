"""The list of stations."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from qinghuan.people.model import PageAsked
from qinghuan.people.service import places
from qinghuan.sensing.model import Station, StationFilter
from qinghuan.sensing.service.stations import list_stations
from qinghuan.web.access import Caller
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import (
    MOST_PER_PAGE,
    PAGE_SIZE,
    Choice,
    Filter,
    Listing,
    csv_answer,
    page_number,
)
from qinghuan.web.pages import page
from qinghuan.web.stations.readers import HERE, Reader
from qinghuan.web.stations.station_view import STANDINGS, StandingKey, StationRow, rows_of
from qinghuan.web.stations.words import KINDS, csv_moment, say

router = APIRouter(include_in_schema=False)

PATH = "/stations"
MOST_AREAS = 200
"""A longer list is no list to choose from: the code is typed instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationsAsked:
    """What the list is asked, as its address says."""

    st: str
    area: str
    standing: StandingKey | Literal[""]
    words: str
    page: int
    is_csv: bool

    def filter(self) -> StationFilter:
        """For the room's service."""
        return StationFilter(
            area_prefix=self.area,
            st=self.st,
            words=self.words,
            is_heard={"online": True, "silent": True, "never": False}.get(self.standing),
            is_silent={"online": False, "silent": True}.get(self.standing),
            is_active={"": None, "retired": False}.get(self.standing, True),
        )


def read_asked(
    st: Annotated[str, Query(max_length=2)] = "",
    area: Annotated[str, Query(max_length=15, pattern=r"^\d*$")] = "",
    state: StandingKey | Literal[""] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    page_asked: Annotated[str, Query(alias="page", max_length=9)] = "",
    form: Annotated[str, Query(alias="format", max_length=8)] = "",
) -> StationsAsked:
    """The questions in the address."""
    return StationsAsked(
        st=st,
        area=area,
        standing=state,
        words=q.strip(),
        page=page_number(page_asked),
        is_csv=form == "csv",
    )


@router.get(PATH)
def stations_page(caller: Reader, asked: Annotated[StationsAsked, Depends(read_asked)]) -> Response:
    """Stations in the caller's reach, by name."""
    if asked.is_csv:
        return _csv(caller, asked)
    found = list_stations(
        caller.session, asked.filter(), limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE
    )
    listing = Listing(
        path=PATH,
        items=rows_of(caller, found.stations),
        total=found.total,
        page=asked.page,
        filters=(
            _kinds(asked),
            area_filter(caller, asked.area),
            _standings(caller, asked),
            Filter(name="q", label=N_("名称或 MN"), chosen=asked.words),
        ),
    )
    return page(caller, "stations/list.html", HERE, listing=listing, kinds=KINDS)


def area_filter(caller: Caller, chosen: str) -> Filter:
    """A question of which area, while there are few to choose from; else its code is typed."""
    found = places.list_areas(
        caller.session, PageAsked(size=MOST_AREAS), caller.scope.area_prefixes
    )
    choices = tuple(
        Choice(value=area.area_code, label=f"{area.name} {area.area_code}") for area in found.items
    )
    is_short = found.total <= MOST_AREAS
    return Filter(name="area", label=N_("区域"), choices=choices if is_short else (), chosen=chosen)


def _kinds(asked: StationsAsked) -> Filter:
    choices = tuple(Choice(value=st, label=word) for st, word in KINDS.items())
    return Filter(name="st", label=N_("类型"), choices=choices, chosen=asked.st)


def _standings(caller: Caller, asked: StationsAsked) -> Filter:
    """The states, each with how many there are under the other questions."""
    choices = tuple(
        Choice(
            value=key,
            label=standing.word,
            count=list_stations(
                caller.session, replace(asked, standing=key).filter(), limit=1
            ).total,
        )
        for key, standing in STANDINGS.items()
    )
    return Filter(name="state", label=N_("状态"), choices=choices, chosen=asked.standing)


def _csv(caller: Caller, asked: StationsAsked) -> Response:
    header = (
        N_("MN"),
        N_("名称"),
        N_("类型"),
        N_("区域代码"),
        N_("区域"),
        N_("状态"),
        N_("最近数据时刻"),
        N_("最近报文时刻"),
        N_("AQI 或水质类别"),
        N_("数据传输率 24 h %"),
        N_("数据来源"),
        N_("经度 WGS84 °"),
        N_("纬度 WGS84 °"),
    )
    rows = [_cells(caller, row) for row in _everything(caller, asked)]
    return csv_answer(say(caller, N_("站点")), [say(caller, each) for each in header], rows)


def _everything(caller: Caller, asked: StationsAsked) -> Iterator[StationRow]:
    offset = 0
    while True:
        found = list_stations(caller.session, asked.filter(), limit=MOST_PER_PAGE, offset=offset)
        yield from rows_of(caller, found.stations)
        offset += len(found.stations)
        if not found.stations or offset >= found.total:
            return


def _cells(caller: Caller, row: StationRow) -> tuple[object, ...]:
    station, figure = row.station, row.figure
    return (
        station.mn,
        station.name,
        say(caller, KINDS[station.st]),
        station.area_code,
        row.area_name,
        say(caller, row.standing.word),
        csv_moment(row.value_at),
        csv_moment(station.last_frame_at),
        figure.text if figure.kind and figure.level else "",
        row.share.pct,
        say(caller, origin_word(station)),
        station.longitude_deg,
        station.latitude_deg,
    )


def origin_word(station: Station) -> str:
    """Whether values are measured or made."""
    return N_("模拟") if station.is_simulated else N_("实测")
