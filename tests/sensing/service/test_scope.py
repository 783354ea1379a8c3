"""Row-level security: values, frames and refusals are as visible as their station."""

from datetime import UTC, datetime, timedelta

import pytest
from factories.sensing import receive, station_form, upload
from sqlalchemy import text

from qinghuan.infra.database import NOBODY, SYSTEM, Database, Scope
from qinghuan.sensing.hj212.frame import Verdict
from qinghuan.sensing.intake import Batch, Books, Refusal, RefusalCount
from qinghuan.sensing.service import intake
from qinghuan.sensing.service.stations import register_station

pytestmark = pytest.mark.db

NOW = datetime(2026, 5, 1, 4, tzinfo=UTC)
TABLES = (
    *("sensing_station", "sensing_datastream", "sensing_frame", "sensing_observation"),
    *("sensing_observation_change", "sensing_seen", "sensing_reject", "sensing_reject_count"),
)


@pytest.fixture
def furnished(database: Database) -> Database:
    """Two areas, each with a station, a frame, a value, a changed value and a refusal."""
    with database.transaction(SYSTEM) as session:
        for area_code, mn in (("990101", "NEAR"), ("990201", "FAR")):
            register_station(session, station_form(mn, area_code=area_code), "1", actor="p", at=NOW)
            for value in "12":
                raw = upload(
                    {"a34004": value},
                    at=NOW,
                    mn=mn,
                    pw="1",
                    sent_at=NOW + timedelta(seconds=int(value)),
                )
                receive(session, raw, at=NOW)
            refusal = Refusal(Verdict.CRC, "", mn, b"x", 1, area_code, NOW, "192.0.2.1:1")
            counts = RefusalCount({(NOW.date(), "crc", mn, area_code): 1})
            intake.store(session, Batch(refusals=(refusal,), refused=counts), Books(), NOW)
    return database


def rows(database: Database, scope: Scope) -> dict[str, int]:
    with database.transaction(scope) as session:
        return {
            table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608  names above
            for table in TABLES
        }


def test_the_platform_sees_everything(furnished: Database) -> None:
    seen = rows(furnished, SYSTEM)

    assert seen["sensing_frame"] == 4
    assert all(number >= 2 for number in seen.values())


def test_an_area_sees_its_half_of_every_table(furnished: Database) -> None:
    everything = rows(furnished, SYSTEM)

    assert rows(furnished, Scope(area_prefixes=("9901",), mark=1)) == {
        table: number // 2 for table, number in everything.items()
    }


def test_a_lower_mark_and_nobody_see_nothing(furnished: Database) -> None:
    for scope in (Scope(area_prefixes=("9901",), mark=0), NOBODY):
        assert set(rows(furnished, scope).values()) == {0}


def test_nobody_can_read_a_partition_past_the_policy(furnished: Database) -> None:
    with (
        pytest.raises(Exception, match="permission denied"),
        furnished.transaction(SYSTEM) as session,
    ):
        session.execute(text("SELECT * FROM sensing_observation_2026_05"))
