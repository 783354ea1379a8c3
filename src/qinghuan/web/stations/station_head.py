"""The head of a station's page: what it says now and how well it sends."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from qinghuan.sensing.model import Datastream, EpisodeFilter, EpisodeKind, Station
from qinghuan.sensing.service.episodes import list_episodes
from qinghuan.sensing.service.limits import day_of, judging_on
from qinghuan.sensing.service.readings import StationNow, station_now, transmission
from qinghuan.sensing.service.rejects import reject_counts
from qinghuan.sensing.standards.units import shown
from qinghuan.web.access import Caller
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.states import State
from qinghuan.web.stations.panels import limit_text
from qinghuan.web.stations.span import first_of
from qinghuan.web.stations.station_view import (
    RATE_HOURS,
    Figure,
    Standing,
    figure_of,
    share_of,
    standing_of,
    value_at,
)
from qinghuan.web.stations.words import factor_name, say
from qinghuan.web.views import KeyFigure, Num
from qinghuan.web.wording import moment

PUNCTUAL_PCT = Decimal(90)
"""Below it the share of hours that came is worth a warning.

A default of the platform, not of a standard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands at the top of a station's page."""

    station: Station
    standing: Standing
    figure: Figure
    value_at: datetime | None
    leading: KeyFigure | None
    """Latest value of the first watched datastream, for stations without an index."""
    rate: KeyFigure
    refused: KeyFigure
    exceeding: KeyFigure


def head_of(caller: Caller, station: Station, streams: list[Datastream]) -> Head:
    """A station's head."""
    now = station_now(caller.session, station.id, caller.at)
    figure = figure_of(now, caller.preferences.language, caller)
    return Head(
        station=station,
        standing=standing_of(station),
        figure=figure,
        value_at=value_at(now),
        leading=None if figure.kind else _leading(caller, now, streams),
        rate=_rate(caller, station),
        refused=_refused(caller, station),
        exceeding=_exceeding(caller, station),
    )


def day_before(at: datetime) -> date:
    """First day (UTC) of the counts that cover the last 24 hours."""
    return (at - timedelta(hours=24)).astimezone(UTC).date()


def _leading(caller: Caller, now: StationNow, streams: list[Datastream]) -> KeyFigure | None:
    """The latest value of the datastream that matters most."""
    stream = first_of(streams)
    latest = next((one for one in now.latest if stream and one.datastream_id == stream.id), None)
    if stream is None or latest is None:
        return None
    judging = judging_on(stream, now.station, day_of(latest.phenomenon_at))
    is_over = judging is not None and judging.rule.is_over(latest.value)
    limit = limit_text(judging.limit.upper, judging.limit.lower, "") if judging else ""
    return KeyFigure(
        label=factor_name(stream.code, caller.preferences.language),
        num=Num(
            value=latest.value,
            unit=shown(stream.unit),
            at=latest.phenomenon_at,
            source=now.station.name,
        ),
        note=say(caller, N_("限值 {limit}")).format(limit=limit) if limit else "",
        state=State.BAD if is_over else None,
        icon="station",
    )


def _rate(caller: Caller, station: Station) -> KeyFigure:
    came = transmission(caller.session, [station], caller.at, hours=RATE_HOURS)
    share = share_of(station, came.by_station, caller.at)
    rate = share.pct
    note = say(caller, N_("近 24 时应收 {all} 次，收到 {n} 次")).format(
        n=share.received, all=share.expected
    )
    return KeyFigure(
        label=N_("数据传输率"),
        num=Num(value=rate, unit="%", source=say(caller, N_("按整点或上报间隔计"))),
        note=note if rate is not None else say(caller, N_("登记不足一小时，未计")),
        state=State.WARN if rate is not None and rate < PUNCTUAL_PCT else None,
    )


def _refused(caller: Caller, station: Station) -> KeyFigure:
    since = day_before(caller.at)
    counts = reject_counts(caller.session, since)
    refused = sum(each.refused for each in counts if each.mn == station.mn)
    begun = datetime.combine(since, time(0), UTC)
    return KeyFigure(
        label=N_("拒收报文"),
        num=Num(value=refused, unit=say(caller, N_("条")), source=say(caller, N_("数采网关"))),
        note=say(caller, N_("自 {at} 起")).format(at=moment(begun)),
        state=State.WARN if refused else None,
        href=f"/stations/refused?mn={station.mn}" if refused else "",
    )


def _exceeding(caller: Caller, station: Station) -> KeyFigure:
    wanted = EpisodeFilter(kind=EpisodeKind.EXCEEDANCE.value, station_id=station.id, is_open=True)
    going_on = list_episodes(caller.session, wanted, limit=1).total
    return KeyFigure(
        label=N_("进行中的超标"),
        num=Num(value=going_on, unit=say(caller, N_("起")), source=say(caller, N_("限值判定"))),
        note=say(caller, N_("按小时均值等已设限值判定")),
        state=State.BAD if going_on else None,
    )
