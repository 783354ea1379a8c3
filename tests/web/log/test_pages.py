"""The log page and records: who leafs, who opens, what it shows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from factories.administration import outlive, seal
from factories.people import Town

from qinghuan.infra.database import SYSTEM
from qinghuan.people.model import Role
from qinghuan.trace.model import Record, RecordsAsked
from qinghuan.trace.service.reading import browse

pytestmark = pytest.mark.db

Enter = Callable[[str], httpx.Client]


def record_of(town: Town, kind: str) -> Record:
    with town.database.transaction(SYSTEM) as session:
        return browse(session, RecordsAsked(kind=kind))[0][0]


def rows(browser: httpx.Client, **questions: str) -> int:
    return browser.get("/log", params=questions).text.count("<tr data-row>")


def test_records_are_found_by_kind_subject_and_actor(enter: Enter, town: Town) -> None:
    browser = enter("audit")

    assert rows(browser, kind="area") == 2
    assert rows(browser, kind="area.created", subject="area/990101") == 1
    assert rows(browser, actor="set-up") == 4
    assert rows(browser, actor=f"person/{town.people['audit'].id}") == 1
    assert rows(browser, kind="are") == 0


def test_a_post_that_answers_for_a_part_opens_one_subject_and_not_the_whole(
    enter: Enter,
) -> None:
    browser = enter("duty")

    assert rows(browser) == 0
    assert "请从案卷、站点等页面的盾标打开记录" in browser.get("/log").text
    assert rows(browser, subject="area/990101") == 1
    assert len(browser.get("/log", params={"format": "csv"}).text.splitlines()) == 1


def test_the_page_shows_the_newest_checkpoint_and_what_waits(enter: Enter, town: Town) -> None:
    outlive(town, datetime.now(UTC) + timedelta(minutes=5), "late", Role.AUDIT_ADMIN)
    browser = enter("late")
    page = browser.get("/log").text
    assert "已签名" in page
    assert "待入链" in page
    assert "最早一条记录已等待" in browser.get("/log").text

    seal(town)
    assert "最早一条记录已等待" not in browser.get("/log").text


def test_a_record_shows_its_own_bytes_and_its_place(enter: Enter, town: Town) -> None:
    record = record_of(town, "area.created")

    page = enter("duty").get(f"/log/records/{record.id}").text

    assert record.leaf_hash.hex() in page
    assert record.body.decode().replace('"', "&#34;") in page
    assert "system 07" in page
    assert f"/log/records/{record.id}/proof" in page


def test_a_record_without_its_place_offers_no_proof_yet(enter: Enter, town: Town) -> None:
    browser = enter("audit")
    record = record_of(town, "session.opened")

    page = browser.get(f"/log/records/{record.id}").text
    proof = browser.get(f"/log/records/{record.id}/proof")

    assert "正在入链" in page
    assert "/proof" not in page
    assert proof.status_code == 503
    assert "正在入链，请稍后再试" in proof.text


def test_what_is_not_there_is_said_so(enter: Enter) -> None:
    browser = enter("audit")

    unknown = browser.get("/log/records/00000000-0000-0000-0000-000000000001")
    malformed = browser.get("/log/records/17")

    assert unknown.status_code == 404
    assert "没有编号为" in unknown.text
    assert malformed.status_code == 422


def test_records_come_as_csv_with_their_hashes(enter: Enter, town: Town) -> None:
    record = record_of(town, "area.created")
    town.at += timedelta(seconds=1)

    text = enter("audit").get("/log", params={"kind": "area", "format": "csv"}).text

    assert text.startswith("\ufeff序号,编号,类别")
    assert len(text.splitlines()) == 3
    assert record.leaf_hash.hex() in text
