"""One station: its head, a datastream's chart and values, episodes, limits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from qinghuan.people.service import places
from qinghuan.sensing.errors import DatastreamUnknown
from qinghuan.sensing.model import (
    Datastream,
    Episode,
    EpisodeFilter,
    EpisodeKind,
    ObservationChange,
    Station,
)
from qinghuan.sensing.service.episodes import list_episodes
from qinghuan.sensing.service.limits import Judging
from qinghuan.sensing.service.readings import Series, series_of
from qinghuan.sensing.service.stations import datastreams_of, station_of
from qinghuan.sensing.standards.hourly import AMBIENT_AIR, SURFACE_WATER
from qinghuan.sensing.standards.units import shown
from qinghuan.web.access import Caller
from qinghuan.web.charts import ChartData
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import PAGE_SIZE, Listing, page_number
from qinghuan.web.pages import page
from qinghuan.web.stations import panels
from qinghuan.web.stations.readers import HERE, Reader
from qinghuan.web.stations.series import MOST_POINTS, Reading, chart_of, readings_of
from qinghuan.web.stations.span import LENGTHS, Span, SpanAsked, first_of
from qinghuan.web.stations.station_head import head_of
from qinghuan.web.stations.words import KINDS, flag_view, say
from qinghuan.web.views import FlagView, Num

router = APIRouter(include_in_schema=False)

PATH = "/stations/{station_id}"
EPISODES_SHOWN = 8
EPISODES_DRAWN = 200

CLASSED = frozenset({AMBIENT_AIR, SURFACE_WATER})
"""Kinds of station whose area or water has a class."""

RANGES = {"24h": N_("24 小时"), "3d": N_("3 天"), "7d": N_("7 天"), "30d": N_("30 天")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """One value in the table below the chart."""

    num: Num
    flag: FlagView
    is_over: bool
    over: str
    """`超 31 %`, or nothing."""
    changes: tuple[ObservationChange, ...]
    """What stood there before, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Another look at the same station."""

    label: str
    href: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is looked at: a datastream over a span of time."""

    stream: Datastream
    label: str
    unit: str
    span: tuple[datetime, datetime]
    series: Series
    listing: Listing[ValueRow]
    factors: tuple[Link, ...]
    variants: tuple[Link, ...]
    ranges: tuple[Link, ...]
    earlier: str
    later: str
    """Empty when the span ends now."""
    chart: str
    csv: str
    latest_href: str
    """The span that holds the latest value, when this one holds none."""
    is_thinned: bool


@router.get(PATH)
def station_page(
    caller: Reader,
    station_id: UUID,
    asked: Span,
    page_asked: Annotated[str, Query(alias="page", max_length=9)] = "",
) -> Response:
    """The whole page."""
    station = station_of(caller.session, station_id)
    streams = list(datastreams_of(caller.session, station_id))
    stream = chosen_of(station, streams, asked)
    language = caller.preferences.language
    head = head_of(caller, station, streams)
    look = _look(caller, stream, streams, asked, page_number(page_asked)) if stream else None
    if look and not look.listing.items and head.value_at:
        look = _with_latest(caller, look, asked)
    episodes = list_episodes(
        caller.session, EpisodeFilter(station_id=station.id), limit=EPISODES_SHOWN
    )
    return page(
        caller,
        "stations/station.html",
        HERE,
        station=station,
        kind=KINDS[station.st],
        area=places.area_names(caller.session, (station.area_code,)).get(
            station.area_code, station.area_code
        ),
        has_class=station.st in CLASSED and station.area_class > 0,
        head=head,
        look=look,
        limits=panels.limits_of(station, streams, caller.at, language),
        episodes=panels.episode_rows(episodes.episodes, streams, caller.at, language),
        episode_total=episodes.total,
        has_cases=any(entry.room.key == "cases" for entry in caller.rail),
    )


@router.get(f"{PATH}/figures")
def figures_part(caller: Reader, station_id: UUID) -> Response:
    """The head's figures, fetched again when the stream names them."""
    station = station_of(caller.session, station_id)
    streams = list(datastreams_of(caller.session, station_id))
    return page(caller, "stations/figures.html", head=head_of(caller, station, streams))


@router.get(f"{PATH}/series.json")
def series_data(caller: Reader, station_id: UUID, asked: Span) -> ChartData:
    """A datastream's chart."""
    station = station_of(caller.session, station_id)
    streams = list(datastreams_of(caller.session, station_id))
    stream = chosen_of(station, streams, asked)
    if stream is None:
        raise DatastreamUnknown(f"{station.mn}")
    span = asked.span(caller.at)
    series = series_of(caller.session, stream.id, *span)
    episodes = exceedances_of(caller, stream)
    return chart_of(series, episodes, span, caller.preferences.language)


def chosen_of(
    station: Station, streams: Sequence[Datastream], asked: SpanAsked
) -> Datastream | None:
    """The datastream an address names, or the one that matters most; None if there is none.

    Raises:
        DatastreamUnknown: It is another station's.
    """
    if asked.datastream_id is None:
        return first_of(streams)
    for stream in streams:
        if stream.id == asked.datastream_id:
            return stream
    raise DatastreamUnknown(f"{asked.datastream_id} at {station.mn}")


def exceedances_of(caller: Caller, stream: Datastream) -> list[Episode]:
    """A datastream's latest exceedances."""
    wanted = EpisodeFilter(kind=EpisodeKind.EXCEEDANCE.value, station_id=stream.station_id)
    found = list_episodes(caller.session, wanted, limit=EPISODES_DRAWN).episodes
    return [episode for episode in found if episode.datastream_id == stream.id]


def over_text(caller: Caller, judging: Judging | None, value: Decimal) -> str:
    """How far a value is over its limit, in words."""
    if judging is None or not judging.rule.is_over(value):
        return ""
    upper = judging.limit.upper
    if upper is not None and value > upper:
        if upper <= 0:
            return say(caller, N_("高于限值"))
        pct = round((value - upper) * 100 / upper)
        return say(caller, N_("超 {pct} %")).format(pct=pct)
    return say(caller, N_("低于下限"))


def _look(
    caller: Caller,
    stream: Datastream,
    streams: Sequence[Datastream],
    asked: SpanAsked,
    number: int,
) -> Look:
    language = caller.preferences.language
    path = PATH.format(station_id=stream.station_id)
    span = asked.span(caller.at)
    series = series_of(caller.session, stream.id, *span)
    kept = {**asked.query(), "datastream": str(stream.id)}

    def link(label: str, *, is_chosen: bool = False, **changes: str) -> Link:
        query = {name: value for name, value in {**kept, **changes}.items() if value}
        return Link(label=label, href=f"{path}?{urlencode(query)}", is_chosen=is_chosen)

    def links(choices: tuple[panels.StreamChoice, ...]) -> tuple[Link, ...]:
        return tuple(
            link(each.label, is_chosen=each.is_chosen, datastream=str(each.datastream_id))
            for each in choices
        )

    length = LENGTHS[asked.length]
    later_until = span[1] + length
    is_latest = asked.until is None or span[1] >= caller.at
    return Look(
        stream=stream,
        label=panels.stream_label(stream, language),
        unit=shown(stream.unit),
        span=span,
        series=series,
        listing=_listing(caller, series, kept, number),
        factors=links(panels.factors_of(streams, stream, language)),
        variants=links(panels.variants_of(streams, stream, language)),
        ranges=tuple(
            link(say(caller, word), is_chosen=key == asked.length, range=key)
            for key, word in RANGES.items()
        ),
        earlier=link("", until=span[0].isoformat()).href,
        later=""
        if is_latest
        else link("", until=later_until.isoformat() if later_until < caller.at else "").href,
        chart=f"{path}/series.json?{urlencode(kept)}",
        csv=f"{path}/observations.csv?{urlencode(kept)}",
        latest_href="",
        is_thinned=len(series.observations) > MOST_POINTS,
    )


def _listing(
    caller: Caller, series: Series, kept: dict[str, str], number: int
) -> Listing[ValueRow]:
    """Values of the span, the latest first."""
    newest = readings_of(series)[::-1]
    start = (number - 1) * PAGE_SIZE
    return Listing(
        path=PATH.format(station_id=series.station.id),
        items=[_row(caller, series, one) for one in newest[start : start + PAGE_SIZE]],
        total=len(newest),
        page=number,
        has_csv=False,
        kept=kept,
    )


def _row(caller: Caller, series: Series, one: Reading) -> ValueRow:
    query = urlencode({"at": one.at.isoformat()})
    return ValueRow(
        num=Num(
            value=one.value,
            unit=shown(series.datastream.unit),
            at=one.at,
            source=series.station.name,
            href=f"/stations/{series.station.id}/observations/{series.datastream.id}?{query}",
        ),
        flag=flag_view(one.flag),
        is_over=one.is_over,
        over=over_text(caller, series.judging, one.value) if one.is_over else "",
        changes=tuple(each for each in series.changes if each.phenomenon_at == one.at),
    )


def _with_latest(caller: Caller, look: Look, asked: SpanAsked) -> Look:
    """An empty look with the way to the datastream's latest value, if it ever had one."""
    since = look.span[0] - timedelta(days=400)
    older = series_of(caller.session, look.stream.id, since, look.span[0]).observations
    if not older:
        return look
    until = older[-1].phenomenon_at + timedelta(seconds=1)
    query = asked.query(datastream=str(look.stream.id), until=until.isoformat())
    href = f"{PATH.format(station_id=look.stream.station_id)}?{urlencode(query)}"
    return replace(look, latest_href=href)
