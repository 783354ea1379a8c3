"""Values as a file, a value's way back, frames, and what was refused."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest
from factories.people import Town
from factories.stations import COD, OUTFALL, Furnished

from qinghuan.infra.database import SYSTEM
from qinghuan.sensing.service.evidence import Origin, origin_of
from qinghuan.sensing.service.stations import datastreams_of

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]


@pytest.fixture
def origin(town: Town, stations: Furnished) -> Origin:
    """The latest value of the outfall."""
    with town.database.transaction(SYSTEM) as session:
        streams = datastreams_of(session, stations.outfall.id)
        chosen = next(each.id for each in streams if each.code == COD)
        return origin_of(session, chosen, stations.hour_at)


def lineage_of(stations: Furnished, origin: Origin) -> str:
    one = origin.observation
    query = urlencode({"at": one.phenomenon_at.isoformat()})
    return f"/stations/{stations.outfall.id}/observations/{one.datastream_id}?{query}"


def page_of(browser: httpx.Client, path: str, **headers: str) -> str:
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_values_as_csv_carry_unit_flag_frame_and_first_value(
    stations: Furnished, origin: Origin, enter: Enter
) -> None:
    path = f"/stations/{stations.outfall.id}/observations.csv?range=3d"
    lines = enter("duty").get(path).text.splitlines()

    assert lines[0].startswith("\ufeffMN,站点,因子代码")
    newest = next(line for line in lines if str(origin.frame.id) in line and COD in line)
    assert newest.startswith(f"{OUTFALL},演示排口 07,{COD},化学需氧量,小时,均值,")
    assert ",44,mg/L,N," in newest
    assert any(",41.5,mg/L,N,,1,50," in line for line in lines)
    assert sum(",M," in line for line in lines) == 2


def test_a_value_leads_back_to_its_frame_and_the_log(
    stations: Furnished, origin: Origin, enter: Enter
) -> None:
    page = page_of(enter("duty"), lineage_of(stations, origin))

    assert f'<mark data-s="bad">{COD}-Avg=44</mark>' in page
    assert "PW=******" in page
    assert "123456" not in page
    assert f"/log/records/{origin.frame.record_id}" in page
    assert "摘要一致" in page
    assert f"/frames/{origin.frame.id}" in page


def test_a_dialog_gets_the_lineage_without_the_page_around_it(
    stations: Furnished, origin: Origin, enter: Enter
) -> None:
    part = page_of(enter("duty"), lineage_of(stations, origin), **{"hx-request": "true"})

    assert "<html" not in part
    assert "这个数怎么来的" not in part
    assert "PW=******" in part


@pytest.mark.parametrize(
    ("at", "status"),
    [("", 422), ("noon", 422), ("2026-03-01T00:00:00", 422), ("2020-01-01T00:00:00Z", 404)],
)
def test_a_value_that_is_not_there_is_refused_in_words(
    stations: Furnished, origin: Origin, enter: Enter, at: str, status: int
) -> None:
    base = lineage_of(stations, origin).split("?")[0]

    assert enter("duty").get(base, params={"at": at}).status_code == status


def test_a_frame_shows_its_bytes_values_digest_and_proof(origin: Origin, enter: Enter) -> None:
    page = page_of(enter("duty"), f"/frames/{origin.frame.id}")

    assert "HJ 212 CN 2061" in page
    assert "PW=******" in page
    assert "123456" not in page
    assert origin.frame.sha256.hex() in page
    assert "化学需氧量" in page
    assert f"/log/records/{origin.frame.record_id}" in page
    assert "摘要一致" in page


@pytest.mark.usefixtures("stations")
@pytest.mark.parametrize(("frame_id", "status"), [(UUID(int=7), 404), ("seven", 422)])
def test_a_frame_that_is_not_there_is_told(enter: Enter, frame_id: object, status: int) -> None:
    assert enter("duty").get(f"/frames/{frame_id}").status_code == status


@pytest.mark.usefixtures("stations")
def test_refused_frames_are_listed_masked_and_counted(enter: Enter) -> None:
    page = page_of(enter("duty"), "/stations/refused")

    assert "校验码不符" in page
    assert "computed 1C80" in page
    assert "PW=******" in page
    assert "123456" not in page
    assert "192.0.2.9" not in page
    assert "未登记设备 5" in page.replace("</a>", "")


@pytest.mark.usefixtures("stations")
def test_refused_frames_are_narrowed_by_reason_and_device(enter: Enter) -> None:
    browser = enter("duty")

    assert "192.0.2.7" not in page_of(browser, "/stations/refused?verdict=password")
    assert "192.0.2.8" not in page_of(browser, f"/stations/refused?mn={OUTFALL}")
    assert browser.get("/stations/refused?verdict=bad").status_code == 422


@pytest.mark.usefixtures("stations")
def test_refused_frames_as_csv_keep_the_masked_bytes(enter: Enter) -> None:
    text = enter("duty").get("/stations/refused?format=csv").text

    assert len(text.splitlines()) == 3
    assert "PW=******" in text
    assert "123456" not in text


@pytest.mark.usefixtures("stations")
def test_another_areas_officer_sees_nothing_refused_here(enter: Enter) -> None:
    page = page_of(enter("stranger"), "/stations/refused")

    assert OUTFALL not in page
    assert "没有拒收的报文" in page


@pytest.mark.usefixtures("stations")
def test_devices_nobody_registered_are_seen_by_who_registers_stations(enter: Enter) -> None:
    page = page_of(enter("system"), "/stations/refused?side=nowhere")

    assert "192.0.2.9" in page
    assert "站点未登记或已停用" in page


@pytest.mark.usefixtures("stations")
def test_others_learn_how_many_unregistered_devices_sent_and_who_can_see_them(enter: Enter) -> None:
    browser = enter("duty")
    page = page_of(browser, "/stations/refused?side=nowhere")
    file = browser.get("/stations/refused?side=nowhere&format=csv")

    assert "未登记设备的报文由系统管理员查看" in page
    assert "192.0.2.9" not in page
    assert "192.0.2.9" not in file.text
