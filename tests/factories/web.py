"""A cockpit as drawn, and a house to serve it: real database, real people, made-up figures."""
# ruff: noqa: ARG001, ARG002, D102 - its methods are those of the Protocol they stand in for

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from math import cos, pi, sin
from typing import Any

import httpx
from factories.people import PASSWORD, SECRET, Town

from qinghuan.infra.database import Scope, Session
from qinghuan.infra.events import EventBroker
from qinghuan.infra.health import Health
from qinghuan.people.ratelimit import Limiter, Rate
from qinghuan.web.assets import Assets
from qinghuan.web.classification import Classified
from qinghuan.web.house import DemoAccount, Hit, House, RailCount, Site
from qinghuan.web.overview import (
    Feed,
    MapArea,
    MapCase,
    MapStation,
    MapView,
    Overdue,
    OverdueCase,
)
from qinghuan.web.rendering import Face
from qinghuan.web.states import State
from qinghuan.web.style import samples
from qinghuan.web.views import ClockView, FeedEntry, KeyFigure, LawView, Num

CENTRE = (123.4, 27.2)
"""Open sea: no real place is shown as polluted."""


@dataclass(slots=True)
class TownClock:
    """Tells the town's time."""

    town: Town

    def now(self) -> datetime:
        return self.town.at


class SampleCockpit:
    """The drawn cockpit's figures."""

    def place(self, session: Session, scope: Scope) -> str:
        return f"青环示范区 {'、'.join(scope.area_prefixes)}"

    def law(self, session: Session, at: datetime) -> LawView | None:
        return replace(samples.LAW, checked_at=at)

    def figures(self, session: Session, at: datetime) -> tuple[KeyFigure, ...]:
        def num(value: float | str, unit: str = "") -> Num:
            return Num(value=Decimal(str(value)), unit=unit, at=at, source="演示数据")

        return (
            KeyFigure(
                label="空气质量指数 AQI", num=num(68), note="5 站均值", aqi_level=2, aqi_word="良"
            ),
            KeyFigure(label="超标事件", num=num(1, "起"), note="1 站 · 进行中", state=State.BAD),
            KeyFigure(label="在办案卷", num=num(214, "件"), note="临期 11 · 挂账 5"),
            KeyFigure(label="超期", num=num(3, "件"), note="最长 1 日 2 时", state=State.BAD),
            KeyFigure(label="站点数据传输率", num=num("98.7", "%"), note="76 / 77 在线"),
            KeyFigure(label="按期结案率", num=num("96.4", "%"), note="应结案 583 件"),
        )

    def overdue(self, session: Session, at: datetime) -> Overdue:
        def over(title: str, detail: str, over_s: int) -> OverdueCase:
            clock = ClockView(
                duty="处置时限",
                who="",
                until_at=at - timedelta(seconds=over_s),
                used_ratio=1.5,
                left_s=-over_s,
                is_working=False,
                is_breached=True,
            )
            return OverdueCase(title=title, detail=detail, clock=clock, href="/cases/1")

        return Overdue(
            cases=(
                over("河道污染 · 泉庄涌段", "主办 区水务局 · 处置员 04 · 已督办", 93_600),
                over("工地扬尘 · 友谊路口", "主办 区住建局 · 处置员 21 · 已催办", 11_400),
                over("非正规填埋 · 海头西", "主办 区城管局 · 处置员 09 · 已催办", 1_500),
            ),
            total=3,
            near=11,
        )

    def feed(self, session: Session, at: datetime) -> Feed:
        lines = (
            ("case", "立案 暴露垃圾 新园街道", "随手拍 · 限时 4 工作时", State.RUN),
            ("wind", "泉庄站 AQI 112 轻度污染", "首要 PM10 · 未达立案条件", State.WARN),
            ("proof", "结案 垃圾满溢 工农街道", "核查员 02 通过 · 举报人满意", State.OK),
            ("inbox", "并入 第 4 条同源举报", "海滨街道 · 夜间施工噪声", State.IDLE),
            ("pause", "挂账获批 堤岸破损 至 12-05", "原因 气象 · 审批 派遣员 05", State.HOLD),
            ("station", "演示排口 03 连续 3 次缺数", "已生成监测设施异常线索", State.WARN),
            ("proof", "检查点 #20614 已签名", "2 个见证方一致", State.OK),
        )
        return Feed(
            entries=tuple(
                FeedEntry(
                    at=at - timedelta(minutes=4 * n),
                    icon=icon,
                    text=text,
                    detail=detail,
                    state=state,
                )
                for n, (icon, text, detail, state) in enumerate(lines)
            ),
            total=37,
        )

    def map(self, session: Session, scope: Scope, at: datetime) -> MapView:
        east, north = CENTRE
        return MapView(
            areas=(
                _area("990101", "青环区", east, north, 0.08, is_own=True),
                _area("990102", "环山县", east - 0.19, north + 0.05, 0.1, is_own=False),
                _area("990103", "坡头镇", east + 0.17, north + 0.1, 0.07, is_own=False),
            ),
            stations=tuple(
                MapStation(
                    id=name,
                    name=name,
                    kind=kind,
                    longitude_deg=east + dx,
                    latitude_deg=north + dy,
                    text=text,
                    level=level,
                    detail="PM10 · 14:00 小时均值",
                    href="/stations",
                )
                for name, kind, text, level, dx, dy in (
                    ("海头", "air", "68", 2, -0.04, 0.02),
                    ("工农", "air", "47", 1, 0.03, 0.035),
                    ("泉庄", "air", "112", 3, 0.01, -0.035),
                    ("港务", "air", "233", 5, 0.045, 0.0),
                    ("麻章", "air", "–", 0, -0.16, 0.06),
                    ("涌口", "water", "Ⅴ", 5, -0.02, -0.02),
                    ("南闸", "water", "Ⅲ", 3, 0.035, -0.02),
                )
            ),
            cases=tuple(
                MapCase(
                    id=str(n),
                    title=f"演示案卷 {n}",
                    longitude_deg=east + dx,
                    latitude_deg=north + dy,
                    state=state,
                    detail="主办 区水务局",
                    href="/cases",
                )
                for n, (dx, dy, state) in enumerate(
                    (
                        (-0.03, 0.045, State.RUN),
                        (0.0, 0.01, State.WARN),
                        (0.02, -0.01, State.BAD),
                        (-0.01, -0.05, State.HOLD),
                    )
                )
            ),
        )

    def map_note(self) -> str:
        return "虚构区域，仅供演示"


def _area(
    code: str, name: str, east: float, north: float, size_deg: float, *, is_own: bool
) -> MapArea:
    """A ragged island."""
    ring = [
        [
            east + size_deg * (1 + 0.14 * sin(5 * t) + 0.06 * cos(11 * t)) * cos(t),
            north + 0.85 * size_deg * (1 + 0.12 * cos(3 * t) + 0.05 * sin(13 * t)) * sin(t),
        ]
        for t in (2 * pi * n / 90 for n in range(90))
    ]
    geometry: dict[str, Any] = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return MapArea(
        area_code=code,
        name=name,
        geometry=geometry,
        label_longitude_deg=east,
        label_latitude_deg=north,
        is_own=is_own,
    )


def house_of(town: Town, *, is_demo: bool = True, is_secure: bool = False) -> House:
    """A house around a town."""
    return House(
        database=town.database,
        site=Site(secret=b"t" * 32, is_secure=is_secure),
        gate=town.gate,
        face=Face(Assets(), is_demo=is_demo),
        limiter=Limiter(Rate(burst=10_000, per_s=1_000)),
        broker=EventBroker(town.database.url),
        health=Health(),
        cockpit=SampleCockpit(),
        finders=(_find_anything,),
        counter=lambda _session, _actor, _at: {"cockpit": RailCount(number=3, is_urgent=True)},
        demo_accounts=tuple(
            DemoAccount(
                login_name=name,
                password=PASSWORD,
                label=person.post_label,
                totp_secret=SECRET,
            )
            for name, person in town.people.items()
        )
        if is_demo
        else (),
        clock=TownClock(town),
    )


def _find_anything(session: Session, words: str) -> tuple[Hit, ...]:
    return (Hit(title=f"演示案卷 {words}", kind="案卷", href="/cases/1", icon="case"),)


def token_on(browser: httpx.Client, path: str) -> str:
    """The form token of a page."""
    page = browser.get(path)
    assert page.status_code == 200, page.text
    return page.text.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def address_of(route: Classified) -> str:
    """An address of a route that takes a static file's version and path, or nothing."""
    return route.path.replace("{version}", "x").replace("{path:path}", "icons.svg")
