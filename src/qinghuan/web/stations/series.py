"""A datastream's values as a chart: gaps stay gaps, over and flagged values are marked.

Pure: from what sensing read to what `client/chart` draws.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

from qinghuan.sensing.exceedance import COUNTED_FLAGS
from qinghuan.sensing.model import Episode, Observation, Period
from qinghuan.sensing.service.limits import Judging
from qinghuan.sensing.service.readings import Series
from qinghuan.sensing.standards.units import shown
from qinghuan.web.charts import ChartData, ChartLimit, ChartPoint, ChartSeries, ChartSpan, words
from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.states import State, state_of_flag
from qinghuan.web.stations.words import factor_name

MOST_POINTS = 1_200
"""A screen has no more columns; beyond, each stretch keeps its extremes and marked values."""

MOST_NAMED_SPANS = 6
"""More shaded spans than this would print their names over each other."""

GAP_FACTOR = 1.5
"""A value later than so many beats after the one before leaves a gap."""

CHANGED = N_("改")

BEATS = {
    Period.REALTIME: timedelta(minutes=1),
    Period.MINUTE: timedelta(minutes=10),
    Period.HOUR: timedelta(hours=1),
    Period.DAY: timedelta(days=1),
}
"""Usual beat of a period's values, where too few came to show their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value, judged and marked."""

    at: datetime
    value: Decimal
    flag: str
    is_over: bool
    is_changed: bool

    @property
    def state(self) -> State:
        """Over the limit, changed, flagged, or nothing to say."""
        if self.is_over:
            return State.BAD
        if self.is_changed:
            return State.WARN
        return State.IDLE if self.flag in COUNTED_FLAGS else state_of_flag(self.flag)

    @property
    def is_marked(self) -> bool:
        """Whether the chart must show it whatever else is left out."""
        return self.is_over or self.is_changed or self.flag not in COUNTED_FLAGS


def readings_of(series: Series) -> list[Reading]:
    """Every value of a series, oldest first, judged by the rule at the end of the span."""
    changed = {change.phenomenon_at for change in series.changes}
    return [
        Reading(
            at=one.phenomenon_at,
            value=one.value,
            flag=one.flag,
            is_over=is_over(series.judging, one),
            is_changed=one.phenomenon_at in changed,
        )
        for one in series.observations
    ]


def is_over(judging: Judging | None, one: Observation) -> bool:
    """Whether a value breaks the limit; only values that count are judged."""
    return judging is not None and one.flag in COUNTED_FLAGS and judging.rule.is_over(one.value)


def beat_of(readings: Sequence[Reading], period: str) -> timedelta:
    """How often values come: as they show, or as is usual for the period."""
    if len(readings) < 3:
        return BEATS.get(Period(period), timedelta(hours=1))
    gaps_s = [(later.at - one.at).total_seconds() for one, later in pairwise(readings)]
    return timedelta(seconds=median(gaps_s))


def thinned(readings: Sequence[Reading], most: int = MOST_POINTS) -> list[Reading]:
    """Few enough values to draw: of each stretch the lowest, the highest and the marked ones.

    Args:
        readings: In order of time.
        most: About how many to keep, besides marked ones. At least 2.
    """
    if len(readings) <= most:
        return list(readings)
    stretch = -(-len(readings) * 2 // most)
    kept: list[Reading] = []
    for start in range(0, len(readings), stretch):
        part = readings[start : start + stretch]
        wanted = {
            min(range(len(part)), key=lambda n: part[n].value),
            max(range(len(part)), key=lambda n: part[n].value),
            *(n for n, one in enumerate(part) if one.is_marked),
        }
        kept.extend(part[n] for n in sorted(wanted))
    return kept


def points_of(readings: Sequence[Reading], beat: timedelta, language: Language) -> list[ChartPoint]:
    """Points of a line, with an empty one wherever values are missing.

    Args:
        readings: In order of time.
        beat: How often values should come.
        language: Of the mark of changed values.
    """
    points: list[ChartPoint] = []
    before: datetime | None = None
    for one in readings:
        if before is not None and one.at - before > beat * GAP_FACTOR:
            points.append(ChartPoint(at=before + beat, value=None))
        points.append(
            ChartPoint(at=one.at, value=one.value, flag=_mark(one, language), state=one.state)
        )
        before = one.at
    return points


def chart_of(
    series: Series, episodes: Iterable[Episode], span: tuple[datetime, datetime], language: Language
) -> ChartData:
    """A datastream's chart over a span of time."""
    readings = readings_of(series)
    few = thinned(readings)
    beat = beat_of(few, series.datastream.period)
    stream = series.datastream
    name = factor_name(stream.code, language)
    return ChartData(
        title=f"{name} {shown(stream.unit)}".strip(),
        series=[
            ChartSeries(name=name, unit=shown(stream.unit), points=points_of(few, beat, language))
        ],
        limits=limits_of(series.judging, language),
        spans=spans_of(episodes, span, language),
        words=words(language),
        href=f"/stations/{series.station.id}/observations/{stream.id}?at={{at}}",
    )


def limits_of(judging: Judging | None, language: Language) -> list[ChartLimit]:
    """The limits as lines; upper and lower are told apart where there are both."""
    if judging is None:
        return []
    upper, lower = judging.limit.upper, judging.limit.lower
    has_both = upper is not None and lower is not None
    named = (
        (upper, N_("上限") if has_both else N_("限值")),
        (lower, N_("下限")),
    )
    return [
        ChartLimit(name=translate(name, language), value=float(value))
        for value, name in named
        if value is not None
    ]


def spans_of(
    episodes: Iterable[Episode], span: tuple[datetime, datetime], language: Language
) -> list[ChartSpan]:
    """Exceedances as shaded spans, cut to what the chart shows; open ones run to its end."""
    since, until = span
    found = [
        (max(episode.started_at, since), min(episode.ended_at or until, until), episode)
        for episode in episodes
        if episode.started_at < until and (episode.ended_at or until) > since
    ]
    is_named = len(found) <= MOST_NAMED_SPANS
    return [
        ChartSpan(name=_peak(episode, language) if is_named else "", start_at=start, end_at=end)
        for start, end, episode in found
    ]


def _peak(episode: Episode, language: Language) -> str:
    if episode.peak is None:
        return ""
    return translate(N_("峰值 {value}"), language).format(value=f"{episode.peak:f}")


def _mark(one: Reading, language: Language) -> str:
    if one.flag not in COUNTED_FLAGS:
        return one.flag
    return translate(CHANGED, language) if one.is_changed else "N"
