"""Areas: the tree, adding, renaming, outlines."""

import json
from collections.abc import Callable

import httpx
import pytest

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]
Send = Callable[..., httpx.Response]

PAGE = "/admin/areas"
SQUARE = [[123.4, 27.1], [123.5, 27.1], [123.5, 27.2], [123.4, 27.2], [123.4, 27.1]]


def collection(*features: tuple[str, str, list[list[float]]]) -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"area_code": code, "name": name},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
                for code, name, ring in features
            ],
        }
    ).encode()


def test_an_area_is_added_below_its_parent_and_told_once(enter: Enter, send: Send) -> None:
    browser = enter("system")

    answer = send(PAGE, PAGE, area_code="990101001", name=" 海滨街道 ")

    assert answer.status_code == 303
    shown = browser.get(answer.headers["location"]).text
    assert "区域已添加" in shown
    assert 'class="nw d1"><a href="/admin/areas/990101001"><b>海滨街道</b>' in shown


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "新区"}, "请填写"),
        ({"area_code": "99010", "name": "新区"}, "区域代码“99010”不正确"),
        ({"area_code": "990101", "name": "新区"}, "区域 990101 已存在"),
        ({"area_code": "990103001", "name": "新区"}, "请先添加上级区域 990103"),
        ({"area_code": "990103"}, "名称须为 1 至 80 个字"),
        ({"area_code": "990103", "name": "新" * 81}, "最多 80 个字"),
        ({"area_code": "440803", "name": "霞山区"}, "须由系统管理员办理"),
    ],
)
def test_a_wrong_area_says_how_to_mend_it_and_keeps_what_was_typed(
    enter: Enter, send: Send, fields: dict[str, str], says: str
) -> None:
    enter("system")

    answer = send(PAGE, PAGE, **fields, name_en="Harbour")

    assert answer.status_code in {403, 409, 422}
    assert says in answer.text
    assert 'value="Harbour"' in answer.text
    assert ('aria-invalid="true" aria-describedby="e-' in answer.text) is (
        answer.status_code != 403
    )


def test_the_published_list_is_searched_and_says_what_hinders(enter: Enter) -> None:
    page = enter("system").get(PAGE, params={"find": "湛江"}).text

    assert "湛江市" in page
    assert "不在您管理的区域内" in page


def test_an_area_is_renamed(enter: Enter, send: Send) -> None:
    browser = enter("system")

    answer = send(f"{PAGE}/990102", f"{PAGE}/990102", name="环山新县", name_en="Huanshan")

    assert answer.status_code == 303
    assert "环山新县" in browser.get(f"{PAGE}/990102").text


def test_outlines_are_taken_only_with_their_coordinates_said(enter: Enter, send: Send) -> None:
    enter("system")
    file = {"document": ("a.geojson", collection(("990101", "", SQUARE)))}

    without = send(PAGE, f"{PAGE}/outlines", files=file)
    wrong = send(PAGE, f"{PAGE}/outlines", files=file, system="bd09")

    assert without.status_code == wrong.status_code == 422
    assert "请填写" in without.text
    assert "请从列表中选择" in wrong.text


def test_a_file_of_outlines_is_taken_area_by_area(enter: Enter, send: Send) -> None:
    browser = enter("system")
    content = collection(
        ("990101", "", SQUARE), ("990101002", "新园街道", SQUARE), ("990102", "", SQUARE[:3])
    )

    report = send(
        PAGE,
        f"{PAGE}/outlines",
        files={"document": ("a.geojson", content)},
        system="wgs84",
    )

    assert report.status_code == 200
    assert "导入 2 个" in report.text
    assert "拒绝 1 个" in report.text
    assert "每个环须有" in report.text
    assert '<path class="focus" d="M' in browser.get(f"{PAGE}/990101").text


def test_bytes_that_are_no_geojson_are_refused_beside_the_field(enter: Enter, send: Send) -> None:
    enter("system")

    answer = send(
        PAGE, f"{PAGE}/outlines", files={"document": ("a.zip", b"PK\x03\x04")}, system="wgs84"
    )

    assert answer.status_code == 422
    assert "无法读取边界文件" in answer.text


def test_the_whole_list_comes_as_csv_that_spreadsheets_open(enter: Enter) -> None:
    answer = enter("security").get(PAGE, params={"format": "csv", "q": "环"})

    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("区域代码,全码,名称")
    assert [line.split(",")[0] for line in lines[1:]] == ["990101", "990102"]


def test_the_security_administrator_reads_and_does_not_add(enter: Enter) -> None:
    page = enter("security").get(PAGE).text

    assert "区域由系统管理员维护" in page
    assert 'action="/admin/areas/outlines"' not in page


def test_an_area_out_of_reach_is_not_there(enter: Enter) -> None:
    browser = enter("system")

    assert browser.get(f"{PAGE}/4408").status_code == 404
    assert browser.get(f"{PAGE}/abc").status_code == 404
