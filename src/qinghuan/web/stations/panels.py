"""What a station's page shows beside its chart: limits, episodes, what to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID

from qinghuan.sensing.model import Datastream, Episode, EpisodeKind, Station
from qinghuan.sensing.service.limits import day_of, judging_on
from qinghuan.sensing.standards.hourly import AMBIENT_AIR, SURFACE_WATER
from qinghuan.sensing.standards.rulebook import AIR_HOUR, WATER, edition_on
from qinghuan.sensing.standards.units import shown
from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.states import State
from qinghuan.web.stations.span import around, first_of
from qinghuan.web.stations.words import PERIODS, VALUE_KINDS, factor_name

CONFIRMED: Mapping[str, str] = MappingProxyType(
    {
        "text": N_("已核对标准原文"),
        "two sources": N_("两处来源一致"),
        "one source": N_("仅一处来源，待核对原文"),
        "set by hand": N_("人工设定"),
    }
)
"""How well a limit's number is confirmed."""

PLAIN_KINDS = frozenset({"Avg", "Rtd"})
"""Kinds that need no word beside their period."""

_EDITIONS = {AMBIENT_AIR: AIR_HOUR, SURFACE_WATER: WATER}


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """What a datastream is judged by today."""

    label: str
    text: str
    """`≤ 60 mg/L`; empty where no limit holds today."""
    standard: str
    confirmed: str
    valid_from: date | None = None
    valid_until: date | None = None
    patience: str = ""
    """How many values raise an episode, where it is not one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRow:
    """An exceedance or a silence of the station."""

    episode: Episode
    word: str
    factor: str
    state: State
    peak: str
    limit: str
    length_s: float
    """Until its end, or until now. [s]"""
    href: str
    """The chart over it; empty for a silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamChoice:
    """A datastream that can be looked at instead."""

    label: str
    datastream_id: UUID
    is_chosen: bool


def stream_label(stream: Datastream, language: Language) -> str:
    """`化学需氧量 小时均值`, in the reader's language."""
    return f"{factor_name(stream.code, language)} {variant_label(stream, language)}"


def variant_label(stream: Datastream, language: Language) -> str:
    """`小时均值`: over what time a value stands, and which one of it."""
    period = translate(PERIODS.get(stream.period, stream.period), language)
    if stream.kind == "Rtd":
        return period
    kind = translate(VALUE_KINDS.get(stream.kind, stream.kind), language)
    return f"{period} {kind}" if language is Language.EN else f"{period}{kind}"


def factors_of(
    streams: Sequence[Datastream], chosen: Datastream, language: Language
) -> tuple[StreamChoice, ...]:
    """One datastream for each factor, of the chosen one's period and kind where there is one."""
    by_code: dict[str, list[Datastream]] = {}
    for stream in streams:
        by_code.setdefault(stream.code, []).append(stream)
    choices = []
    for code, alike in by_code.items():
        same = [each for each in alike if (each.period, each.kind) == (chosen.period, chosen.kind)]
        best = first_of(same or alike)
        assert best is not None  # noqa: S101  a code is there because of a datastream
        choices.append(
            StreamChoice(
                label=factor_name(code, language),
                datastream_id=best.id,
                is_chosen=code == chosen.code,
            )
        )
    return tuple(choices)


def variants_of(
    streams: Sequence[Datastream], chosen: Datastream, language: Language
) -> tuple[StreamChoice, ...]:
    """The chosen factor's periods and kinds."""
    return tuple(
        StreamChoice(
            label=variant_label(stream, language),
            datastream_id=stream.id,
            is_chosen=stream.id == chosen.id,
        )
        for stream in streams
        if stream.code == chosen.code
    )


def limits_of(
    station: Station, streams: Sequence[Datastream], at: datetime, language: Language
) -> tuple[LimitRow, ...]:
    """What each watched datastream is judged by today."""
    return tuple(
        _limit(station, stream, day_of(at), language) for stream in streams if stream.is_watched
    )


def episode_rows(
    episodes: Sequence[Episode],
    streams: Sequence[Datastream],
    at: datetime,
    language: Language,
) -> tuple[EpisodeRow, ...]:
    """Episodes as their panel shows them."""
    by_id = {stream.id: stream for stream in streams}
    return tuple(
        _episode(each, by_id.get(each.datastream_id) if each.datastream_id else None, at, language)
        for each in episodes
    )


def limit_text(upper: Decimal | None, lower: Decimal | None, unit: str) -> str:
    """`6 – 9`, `≤ 60 mg/L` or `≥ 5 mg/L`."""
    told = f" {shown(unit)}" if shown(unit) else ""
    if upper is not None and lower is not None:
        return f"{lower:f} – {upper:f}{told}"
    if upper is not None:
        return f"≤ {upper:f}{told}"
    return f"≥ {lower:f}{told}" if lower is not None else ""


def _limit(station: Station, stream: Datastream, on: date, language: Language) -> LimitRow:
    label = stream_label(stream, language)
    judging = judging_on(stream, station, on)
    if judging is None:
        return LimitRow(
            label=label,
            text="",
            standard=translate(N_("今日没有已录入的标准限值，不判定超标"), language),
            confirmed="",
        )
    limit, rule = judging.limit, judging.rule
    patience = ""
    if rule.raise_after > 1:
        patience = translate(N_("连续 {n} 个值超限才立为过程"), language).format(n=rule.raise_after)
    edition = None
    if stream.own_limit is None and station.st in _EDITIONS:
        edition = edition_on(_EDITIONS[station.st], on)
    return LimitRow(
        label=label,
        text=limit_text(limit.upper, limit.lower, limit.unit),
        standard=limit.standard,
        confirmed=translate(CONFIRMED.get(limit.provenance, limit.provenance), language),
        valid_from=edition.valid_from if edition else None,
        valid_until=edition.valid_until if edition else None,
        patience=patience,
    )


def _episode(
    episode: Episode, stream: Datastream | None, at: datetime, language: Language
) -> EpisodeRow:
    is_exceedance = episode.kind is EpisodeKind.EXCEEDANCE
    unit = shown(episode.unit)
    return EpisodeRow(
        episode=episode,
        word=translate(N_("超标") if is_exceedance else N_("断线"), language),
        factor=factor_name(stream.code, language) if stream else "",
        state=State.BAD if episode.ended_at is None else State.IDLE,
        peak="" if episode.peak is None else f"{episode.peak:f} {unit}".strip(),
        limit=limit_text(episode.limit_upper, episode.limit_lower, episode.unit),
        length_s=((episode.ended_at or at) - episode.started_at).total_seconds(),
        href=_chart_href(episode, at) if is_exceedance else "",
    )


def _chart_href(episode: Episode, at: datetime) -> str:
    """The chart that shows an exceedance."""
    asked = around(episode.started_at, episode.ended_at, at)
    query = urlencode(asked.query(datastream=str(episode.datastream_id)))
    return f"/stations/{episode.station_id}?{query}"
