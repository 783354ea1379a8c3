"""A check really does the thing, and a sick one neither hangs nor hides the others."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.infra.health import (
    Facts,
    Health,
    Unwell,
    check_clock,
    check_database,
    check_disk,
    check_lag,
    check_queue,
)
from qinghuan.infra.jobs import enqueue
from qinghuan.infra.metrics import registry, render


def report_of(**checks: object) -> dict[str, dict[str, object]]:
    health = Health()
    for name, check in checks.items():
        health.add(name, check)  # type: ignore[arg-type]
    body = health.report(within_s=2).as_json()
    assert isinstance(body["checks"], dict)
    return body["checks"]  # type: ignore[return-value]


@pytest.mark.db
def test_a_sound_platform_passes_every_check(database: Database, tmp_path: Path) -> None:
    health = Health()
    health.add("database", check_database(database))
    health.add("disk", check_disk(tmp_path, min_free_mb=1))
    health.add("clock", check_clock(database))
    health.add("queue", check_queue(database))
    health.add("sequencer", check_lag(lambda: 0.2, max_lag_s=5))

    report = health.report()

    assert report.is_ok, report
    body = report.as_json()
    assert body["status"] == "ok"
    assert 'qinghuan_health_ok{check="queue"} 1.0' in render().decode()


def test_a_database_that_is_gone_fails_without_telling_its_password() -> None:
    gone = Database("postgresql://qh:hunter2@127.0.0.1:1/nowhere")

    found = report_of(database=check_database(gone))["database"]

    assert found["ok"] is False
    assert "hunter2" not in str(found)


@pytest.mark.db
def test_an_old_schema_fails(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000_old'"))

    found = report_of(database=check_database(database))["database"]

    assert found["ok"] is False
    assert "0000_old" in str(found["reason"])


@pytest.mark.db
def test_jobs_that_nobody_takes_fail(database: Database) -> None:
    with database.transaction(SYSTEM) as session:
        enqueue(session, "room.waits", {})

    fresh = report_of(queue=check_queue(database))["queue"]
    stale = report_of(queue=check_queue(database, max_age_s=0))["queue"]

    assert (fresh["ok"], fresh["waiting"]) == (True, 1)
    assert stale["ok"] is False


def test_a_disk_with_too_little_room_fails_and_says_how_much(tmp_path: Path) -> None:
    found = report_of(disk=check_disk(tmp_path, min_free_mb=10**9))["disk"]

    assert found["ok"] is False
    assert isinstance(found["free_mb"], int)
    assert registry.get_sample_value("qinghuan_disk_free_bytes")


def test_a_sequencer_far_behind_fails() -> None:
    assert report_of(sequencer=check_lag(lambda: 61.0, max_lag_s=60))["sequencer"]["ok"] is False


def test_a_check_that_hangs_is_told_in_time_and_is_not_started_twice() -> None:
    release, runs = threading.Event(), []

    def hang() -> Facts:
        runs.append(1)
        release.wait(20)
        return {}

    health = Health()
    health.add("hangs", hang)
    health.add("works", lambda: {"n": 1})
    started_s = time.monotonic()
    first, second = health.report(within_s=0.2), health.report(within_s=0.2)
    release.set()

    assert time.monotonic() - started_s < 3
    assert [finding.is_ok for finding in first.findings] == [False, True]
    assert second.findings[0].reason == "no answer in time"
    assert len(runs) == 1


def test_a_check_that_stumbles_is_a_finding_with_secrets_blacked_out() -> None:
    def stumble() -> Facts:
        raise RuntimeError("token=abcdef")

    found = report_of(stumbles=stumble)["stumbles"]

    assert found["ok"] is False
    assert "abcdef" not in str(found["reason"])


def test_what_is_unwell_keeps_its_facts() -> None:
    def unwell() -> Facts:
        raise Unwell("too warm", {"celsius": 90})

    assert report_of(heat=unwell)["heat"]["celsius"] == 90


def test_two_checks_cannot_share_a_name() -> None:
    health = Health()
    health.add("a", dict)

    with pytest.raises(ValueError, match="two checks"):
        health.add("a", dict)


def test_a_report_names_its_moment() -> None:
    first, second = Health().report(), Health().report()

    assert timedelta(0) <= second.at - first.at < timedelta(minutes=1)
