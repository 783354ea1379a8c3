"""Stations and limits: registered, given a password, judged by what stands in the source."""

import re
from collections.abc import Callable

import httpx
import pytest
from factories.administration import seal
from factories.people import Town
from factories.stations import furnish_stations

from qinghuan.core.geo import Place, distance_m
from qinghuan.infra.database import SYSTEM
from qinghuan.sensing.service.stations import datastreams_of, station_by_mn

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]
Send = Callable[..., httpx.Response]

PAGE = "/admin/stations"
MN = "QH99010100000001"


def register(send: Send, **changes: str) -> httpx.Response:
    fields = {
        "mn": MN,
        "name": "海头空气站",
        "st": "22",
        "area_code": "990101",
        "longitude_deg": "123.41",
        "latitude_deg": "27.2",
        "system": "wgs84",
        "area_class": "2",
        "is_simulated": "true",
        **changes,
    }
    return send(PAGE, PAGE, **fields)


def test_a_station_is_registered_and_its_made_password_shown_once(
    enter: Enter, send: Send, town: Town
) -> None:
    browser = enter("system")

    answer = register(send)

    found = re.search(r'data-text="([^"]+)"', answer.text)
    assert found is not None, answer.text
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{9}", found[1])
    with town.database.transaction(SYSTEM) as session:
        station = station_by_mn(session, MN)
    page = browser.get(f"{PAGE}/{station.id}").text
    assert station.is_simulated
    assert "模拟或回放" in page
    assert "还没有数据流" in page
    assert found[1] not in page


def test_a_place_in_gcj02_is_brought_to_wgs84(enter: Enter, send: Send, town: Town) -> None:
    enter("system")

    register(send, longitude_deg="110.41", latitude_deg="21.2", system="gcj02")

    with town.database.transaction(SYSTEM) as session:
        station = station_by_mn(session, MN)
    there = Place(longitude_deg=station.longitude_deg, latitude_deg=station.latitude_deg)
    assert 300 < distance_m(there, Place(longitude_deg=110.41, latitude_deg=21.2)) < 800


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mn": ""}, "请填写"),
        ({"mn": "有空格 的"}, "MN 应为 1 至 64 位字母数字"),
        ({"system": ""}, "请填写"),
        ({"longitude_deg": "东经"}, "请填数字"),
        ({"longitude_deg": "1234"}, "不大于 180"),
        ({"cadence_s": "1.5"}, "请填整数"),
        ({"st": "99"}, "系统编码 ST 不在标准表中"),
        ({"password": "a;b"}, "密码应为 1 至 64 位可见字符"),
        ({"area_code": "4408"}, "本平台没有代码为 4408 的区域"),
    ],
)
def test_a_wrong_station_says_how_to_mend_it_and_keeps_what_was_typed(
    enter: Enter, send: Send, changes: dict[str, str], says: str
) -> None:
    enter("system")

    answer = register(send, **changes)

    assert answer.status_code in {404, 422}
    assert says in answer.text
    assert 'value="海头空气站"' in answer.text


def test_a_device_number_belongs_to_one_station(enter: Enter, send: Send) -> None:
    enter("system")
    register(send)

    again = register(send)

    assert again.status_code == 409
    assert f"设备唯一标识 {MN} 已被另一站点使用" in again.text


def test_a_station_is_changed_and_retired(enter: Enter, send: Send, town: Town) -> None:
    browser = enter("system")
    made = furnish_stations(town.database, town.at)
    seal(town)
    path = f"{PAGE}/{made.never.id}"

    answer = send(
        path,
        path,
        name="停用站",
        st="22",
        area_code="990101",
        longitude_deg="123.41",
        latitude_deg="27.2",
        system="cgcs2000",
        is_active="false",
    )

    assert answer.status_code == 303
    assert "已停用" in browser.get(path).text
    assert "停用站" in browser.get(PAGE, params={"format": "csv"}).text


def test_a_limit_is_set_with_its_source_and_left_to_the_standard_again(
    enter: Enter, send: Send, town: Town
) -> None:
    browser = enter("system")
    made = furnish_stations(town.database, town.at)
    seal(town)
    with town.database.transaction(SYSTEM) as session:
        stream = datastreams_of(session, made.outfall.id)[-1]
    path = f"/admin/datastreams/{stream.id}"

    without = send(path, f"{path}/limit", upper="8")
    upside_down = send(path, f"{path}/limit", upper="8", lower="9", source="许可证 A-1")
    no_number = send(path, f"{path}/limit", upper="八", source="许可证 A-1")
    done = send(path, f"{path}/limit", upper="8", source="许可证 A-1", clear_pct="90")
    seal(town)

    assert "请填写" in without.text
    assert "下限不能高于上限" in upside_down.text
    assert "请填数字" in no_number.text
    assert 'value="许可证 A-1"' in no_number.text
    assert done.status_code == 303
    page = browser.get(path).text
    assert "许可证 A-1" in page
    assert "自设" in page

    assert send(path, f"{path}/standard").status_code == 303
    assert "取消自设限值" not in browser.get(path).text


def test_stations_are_filtered_by_type_and_area(enter: Enter, town: Town) -> None:
    browser = enter("security")
    furnish_stations(town.database, town.at)

    def rows(**questions: str) -> int:
        return browser.get(PAGE, params=questions).text.count("<tr data-row>")

    assert rows() == 5
    assert rows(st="32") == 1
    assert rows(area="990102") == 1
    assert rows(q="涌口") == 1
