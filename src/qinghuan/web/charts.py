"""A chart's series as they cross the wire: `client/chart/series.ts` reads them."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.states import State


class ChartPoint(BaseModel):
    """One value of a series; None is a gap, never zero."""

    at: datetime
    value: float | Decimal | None
    flag: str = "N"
    state: State = State.IDLE


class ChartSeries(BaseModel):
    """One line or row of bars."""

    name: str
    unit: str
    points: list[ChartPoint]
    is_forecast: bool = False


class ChartLimit(BaseModel):
    """A limit, drawn as a line across."""

    name: str
    value: float


class ChartSpan(BaseModel):
    """A stretch of time that is shaded, such as an exceedance."""

    name: str
    start_at: datetime
    end_at: datetime


class ChartWords(BaseModel):
    """Words of the chart in the reader's language."""

    gap: str
    over: str
    flag: str


class ChartData(BaseModel):
    """A whole chart."""

    title: str
    kind: Literal["line", "bar"] = "line"
    series: list[ChartSeries]
    limits: list[ChartLimit] = []
    spans: list[ChartSpan] = []
    words: ChartWords
    href: str = ""
    """Where a chosen point leads, with `{at}` for its instant."""


def words(language: Language) -> ChartWords:
    """The chart's own words."""
    return ChartWords(
        gap=translate(N_("缺测"), language),
        over=translate(N_("超限"), language),
        flag=translate(N_("标记"), language),
    )
