from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from factories.people import Town
from factories.stations import COD, OUTFALL, Furnished

from qinghuan.infra.database import SYSTEM
from qinghuan.sensing.service.evidence import origin_of
from qinghuan.sensing.service.stations import datastreams_of

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]


def stream_id(town: Town, stations: Furnished, code: str = COD) -> UUID:
    with town.database.transaction(SYSTEM) as session:
        streams = datastreams_of(session, stations.outfall.id)
    return next(each.id for each in streams if each.code == code)


def page_of(browser: httpx.Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_list_shows_state_figure_and_rate_of_the_own_areas_stations(
    stations: Furnished, enter: Enter
) -> None:
    page = page_of(enter("duty"), "/stations")

    assert "海头空气站" in page
    assert 'class="aqi" data-l="2"' in page
    assert 'class="wq" data-l="3">Ⅲ' in page
    assert "未上报" in page
    assert "模拟数据" in page
    assert stations.elsewhere.name not in page


@pytest.mark.usefixtures("stations")
@pytest.mark.parametrize(
    ("query", "wanted", "unwanted"),
    [
        ("state=never", "待接入站", "海头空气站"),
        ("state=online", "海头空气站", "待接入站"),
        ("st=21", "涌口断面", "海头空气站"),
        ("q=排口", "演示排口 07", "涌口断面"),
        ("area=990101&q=QHST00000009", "没有符合筛选条件", "涌口断面"),
    ],
)
def test_the_list_is_narrowed_by_its_filters(
    enter: Enter, query: str, wanted: str, unwanted: str
) -> None:
    page = page_of(enter("duty"), f"/stations?{query}")

    assert wanted in page
    assert unwanted not in page


def test_the_list_as_csv_holds_every_station_with_its_place(
    stations: Furnished, enter: Enter
) -> None:
    answer = enter("duty").get("/stations?format=csv")
    lines = answer.text.splitlines()

    assert answer.headers["content-type"].startswith("text/csv")
    assert lines[0].startswith("\ufeffMN,名称,类型")
    assert len(lines) == 5
    assert any(line.startswith(f"{OUTFALL},演示排口 07,废水污染源,990101") for line in lines)
    assert stations.elsewhere.mn not in answer.text


def test_an_empty_list_tells_the_next_step(enter: Enter) -> None:
    page = page_of(enter("duty"), "/stations")

    assert "还没有站点" in page
    assert "登记 MN 与密码" in page


def test_a_station_shows_head_chart_values_limits_and_episodes(
    stations: Furnished, enter: Enter
) -> None:
    page = page_of(enter("duty"), f"/stations/{stations.outfall.id}")

    assert "演示排口 07" in page
    assert "模拟数据" in page
    assert 'data-controller="chart"' in page
    assert "≤ 60 mg/L" in page
    assert "许可限值（演示）" in page
    assert "连续 3 个值超限才立为过程" in page
    assert "超 35 %" in page
    assert "峰值 81.0 mg/L" in page
    assert f"/stations/refused?mn={OUTFALL}" in page


def test_a_flagged_value_and_a_changed_one_are_told_apart(
    stations: Furnished, enter: Enter
) -> None:
    page = page_of(enter("duty"), f"/stations/{stations.outfall.id}?range=3d")

    assert "维护" in page
    assert "由 50 N 改为 41.5 N" in page
    assert "原报文" in page


def test_the_chart_breaks_where_values_are_missing_and_marks_what_is_over(
    town: Town, stations: Furnished, enter: Enter
) -> None:
    browser = enter("duty")
    chosen = stream_id(town, stations)
    chart = browser.get(
        f"/stations/{stations.outfall.id}/series.json?datastream={chosen}&range=7d"
    ).json()
    points = chart["series"][0]["points"]

    assert chart["title"] == "化学需氧量 mg/L"
    assert chart["limits"] == [{"name": "限值", "value": 60.0}]
    assert [each["name"] for each in chart["spans"]] == ["峰值 81.0"]
    assert sum(each["value"] is None for each in points) == 1
    assert sum(each["state"] == "bad" for each in points) == 7
    assert {each["flag"] for each in points} == {"N", "M", "改"}


def test_another_areas_officer_finds_neither_station_nor_values_nor_frame(
    town: Town, stations: Furnished, enter: Enter
) -> None:
    browser = enter("stranger")
    chosen = stream_id(town, stations)
    base = f"/stations/{stations.outfall.id}"
    at = stations.hour_at.isoformat().replace("+", "%2B")
    with town.database.transaction(SYSTEM) as session:
        frame_id = origin_of(session, chosen, stations.hour_at).frame.id

    for path in (
        base,
        f"{base}/figures",
        f"{base}/series.json",
        f"{base}/observations.csv",
        f"{base}/observations/{chosen}?at={at}",
        f"/frames/{frame_id}",
    ):
        assert browser.get(path).status_code == 404, path


def test_a_system_administrator_does_not_read_values(stations: Furnished, enter: Enter) -> None:
    browser = enter("system")

    assert browser.get("/stations").status_code == 403
    assert browser.get(f"/stations/{stations.outfall.id}").status_code == 403


@pytest.mark.parametrize(
    "query",
    ["range=year", "until=yesterday", "until=2026-03-01T00:00:00", "datastream=7"],
)
def test_a_malformed_span_is_refused_in_words(
    stations: Furnished, enter: Enter, query: str
) -> None:
    answer = enter("duty").get(f"/stations/{stations.outfall.id}?{query}")

    assert answer.status_code == 422
    assert "请按提示修改后再提交" in answer.text


def test_a_datastream_of_another_station_is_not_found(
    town: Town, stations: Furnished, enter: Enter
) -> None:
    chosen = stream_id(town, stations)

    answer = enter("duty").get(f"/stations/{stations.air.id}?datastream={chosen}")

    assert answer.status_code == 404


def test_a_span_without_values_leads_to_the_latest_ones(
    stations: Furnished, enter: Enter, town: Town
) -> None:
    browser = enter("duty")
    town.wait(6 * 3600)
    later = browser.get(f"/stations/{stations.outfall.id}")
    town.wait(3 * 86_400)
    browser = enter("duty")
    page = page_of(browser, f"/stations/{stations.outfall.id}")

    assert later.status_code in {200, 303}
    assert "这段时间没有数据" in page
    assert "看最近的数据" in page


def test_a_station_that_never_sent_tells_what_to_check(stations: Furnished, enter: Enter) -> None:
    page = page_of(enter("duty"), f"/stations/{stations.never.id}")

    assert "还没有收到数据" in page
    assert "核对数采仪的服务器地址" in page


def test_every_page_speaks_english_too(stations: Furnished, enter: Enter) -> None:
    browser = enter("duty")
    browser.cookies.set("qh_language", "en")

    for path in ("/stations", f"/stations/{stations.outfall.id}", "/stations/refused"):
        page = page_of(browser, path)
        assert 'lang="en"' in page
        assert "站点列表" not in page
