"""What the cockpit shows, read from the rooms in the reader's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qinghuan.casework.codec import event_from_json
from qinghuan.casework.listing import CaseRow, CasesAsked, Paging
from qinghuan.casework.problem.states import OPEN
from qinghuan.casework.service import listing
from qinghuan.infra.database import Scope, Session
from qinghuan.people.area import Level
from qinghuan.people.service.places import area_names, area_of, outlines_for_map
from qinghuan.sensing.model import EpisodeFilter, EpisodeKind, Station, StationFilter
from qinghuan.sensing.service.episodes import list_episodes
from qinghuan.sensing.service.readings import StationNow, stations_now, transmission
from qinghuan.sensing.service.stations import list_stations
from qinghuan.sensing.standards.aqi import CATEGORIES_ZH, level_of
from qinghuan.web.casework.sentences import line_of
from qinghuan.web.cockpit.marks import mark_of
from qinghuan.web.language import Language
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.overview import (
    Feed,
    Hillshade,
    MapArea,
    MapCase,
    MapView,
    Overdue,
    OverdueCase,
)
from qinghuan.web.states import State, state_of_stage
from qinghuan.web.views import ClockView, FeedEntry, KeyFigure, LawView, Num

MOST_ON_MAP = 500
FEED_LINES = 24
_NOBODY: dict[str, object] = {"person": "", "roles": [], "office_id": None, "label": ""}
"""The feed tells what happened, not who did it."""

NEAR = timedelta(hours=4)
"""A deadline so close counts as near on the cockpit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsCockpit:
    """The cockpit of an installation."""

    note: str = ""
    """Review number of the map, or that its places are made up."""
    hillshade: Hillshade | None = None

    def place(self, session: Session, scope: Scope) -> str:
        """Names of the areas the scope covers."""
        names = area_names(session, scope.area_prefixes)
        return "、".join(f"{names.get(code, '')} {code}".strip() for code in scope.area_prefixes)

    def law(self, session: Session, at: datetime) -> LawView | None:
        """The conservation law, counted now."""
        counted = listing.counts(session, at).balance
        return LawView(
            signals=counted.signals,
            opened=counted.opened,
            attached=counted.attached,
            refused=counted.refused,
            waiting=counted.waiting,
            checked_at=at,
            ownerless=counted.without_owner,
            clockless=counted.without_clock,
        )

    def figures(self, session: Session, at: datetime) -> tuple[KeyFigure, ...]:
        """Air, exceedances, open and overdue cases, transmission, stations."""
        stations, total = _stations(session)
        now = stations_now(session, stations, at)
        counted = listing.counts(session, at)
        running = list_episodes(
            session, EpisodeFilter(kind=EpisodeKind.EXCEEDANCE.value, is_open=True), limit=1
        ).total
        sent = transmission(session, stations, at)
        number_open = sum(counted.by_state.get(state, 0) for state in OPEN)
        silent = sum(1 for each in stations if each.has_open_silence)
        return (
            _air(list(now.values()), at),
            KeyFigure(
                label=N_("正在超标"),
                num=_num(running, "起", at, "sensing"),
                state=State.BAD if running else None,
                href="/stations",
            ),
            KeyFigure(
                label=N_("在办案卷"),
                num=_num(number_open, "件", at, "casework"),
                note=N_("全部在办"),
                href="/cases?state=open",
            ),
            KeyFigure(
                label=N_("超期"),
                num=_num(counted.overdue, "件", at, "casework"),
                state=State.BAD if counted.overdue else None,
                href="/cases?state=overdue",
            ),
            KeyFigure(
                label=N_("站点数据传输率"),
                num=Num(
                    value=None if sent.ratio is None else round(100 * sent.ratio, 1),
                    unit="%",
                    at=at,
                    source="HJ 212 CN 2061",
                ),
                note=N_("近 24 小时"),
            ),
            KeyFigure(
                label=N_("在线站点"),
                num=_num(total - silent, f"/ {total}", at, "sensing"),
                state=State.WARN if silent else None,
                href="/stations",
            ),
        )

    def overdue(self, session: Session, at: datetime) -> Overdue:
        """The most overdue cases in reach."""
        rows, total = listing.overdue(session, "", at, Paging(size=4))
        soon, _ = listing.cases(session, CasesAsked(is_open=True), Paging(size=200))
        near = sum(1 for row in soon if row.deadline_at and at <= row.deadline_at <= at + NEAR)
        return Overdue(cases=tuple(_overdue(row, at) for row in rows), total=total, near=near)

    def feed(self, session: Session, at: datetime) -> Feed:
        """What happened last."""
        lines = []
        for happening in listing.recent(session, at_most=FEED_LINES):
            body = {"body": happening.body, "acts": []}
            event = event_from_json(happening.type, happening.at, _NOBODY, body)
            line = line_of(event.body)
            lines.append(
                FeedEntry(
                    at=happening.at,
                    icon=line.icon,
                    text=line.sentence(Language.ZH),
                    detail=f"{happening.case_number} {happening.title}",
                    state=line.state,
                    href=f"/cases/{happening.case_id}",
                )
            )
        hour = sum(1 for line in lines if line.at >= at - timedelta(hours=1))
        return Feed(entries=tuple(lines), total=hour)

    def map(self, session: Session, scope: Scope, at: datetime) -> MapView:
        """Areas, stations and open cases in reach."""
        stations, _ = _stations(session)
        now = stations_now(session, stations, at)
        rows, _ = listing.cases(session, CasesAsked(is_open=True), Paging(size=200))
        return MapView(
            areas=_areas(session, scope),
            stations=tuple(mark_of(now[each.id], at) for each in stations),
            cases=tuple(found for row in rows if (found := _map_case(row))),
            hillshade=self.hillshade,
        )

    def map_note(self) -> str:
        """The note under the map."""
        return self.note


def _stations(session: Session) -> tuple[Sequence[Station], int]:
    found = list_stations(session, StationFilter(), limit=MOST_ON_MAP)
    return found.stations, found.total


def _areas(session: Session, scope: Scope) -> tuple[MapArea, ...]:
    """Districts in reach, each with the point where its name is written."""
    drawn = outlines_for_map(session, scope.area_prefixes, Level.DISTRICT)
    areas = []
    for feature in drawn["features"]:
        code = feature["properties"]["area_code"]
        middle = area_of(session, code)
        if middle.longitude_deg is None or middle.latitude_deg is None:
            continue
        areas.append(
            MapArea(
                area_code=code,
                name=feature["properties"]["name"],
                geometry=feature["geometry"],
                label_longitude_deg=middle.longitude_deg,
                label_latitude_deg=middle.latitude_deg,
            )
        )
    return tuple(areas)


def _num(value: int, unit: str, at: datetime, source: str) -> Num:
    return Num(value=value, unit=unit, at=at, source=source)


def _air(now: list[StationNow], at: datetime) -> KeyFigure:
    """The mean of the stations' indexes, with its level and word."""
    indexes = [each.air for each in now if each.air is not None and each.air.value is not None]
    if not indexes:
        return KeyFigure(
            label=N_("空气质量指数 AQI"), num=Num(value=None, at=at), note=N_("没有有效站点")
        )
    mean = round(sum(each.value or 0 for each in indexes) / len(indexes))
    level = level_of(mean)
    return KeyFigure(
        label=N_("空气质量指数 AQI"),
        num=Num(value=mean, at=at, source=indexes[0].standard),
        note=N_("站点均值"),
        aqi_level=level,
        aqi_word=CATEGORIES_ZH[level - 1],
    )


def _overdue(row: CaseRow, at: datetime) -> OverdueCase:
    assert row.deadline_at is not None  # noqa: S101  it is overdue
    over_s = (row.deadline_at - at).total_seconds()
    return OverdueCase(
        title=row.title,
        detail=f"{row.number} · {row.state.zh}",
        clock=ClockView(
            duty="",
            who="",
            until_at=row.deadline_at,
            used_ratio=1.0,
            left_s=over_s,
            is_working=False,
            is_breached=True,
        ),
        href=f"/cases/{row.case_id}",
    )


def _map_case(row: CaseRow) -> MapCase | None:
    if row.place is None:
        return None
    return MapCase(
        id=str(row.case_id),
        title=row.title,
        longitude_deg=row.place.longitude_deg,
        latitude_deg=row.place.latitude_deg,
        state=State.BAD if row.is_red else state_of_stage(row.state.value),
        detail=f"{row.number} · {row.state.zh}",
        href=f"/cases/{row.case_id}",
    )
