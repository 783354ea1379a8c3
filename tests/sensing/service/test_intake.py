from base64 import b64encode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from factories.sensing import receive, station_form, upload

from qinghuan.infra.database import Session
from qinghuan.sensing.hj212.build import build, wrap
from qinghuan.sensing.hj212.frame import Frame, Reading, Verdict
from qinghuan.sensing.intake import Batch, Books, Refusal, RefusalCount
from qinghuan.sensing.model import Station
from qinghuan.sensing.service import intake
from qinghuan.sensing.service.evidence import frame_of, frames_of, origin_of
from qinghuan.sensing.service.readings import series_of
from qinghuan.sensing.service.rejects import drop_rejects, list_rejects, reject_counts
from qinghuan.sensing.service.stations import datastreams_of, register_station
from qinghuan.trace.service.reading import record_by_id

pytestmark = pytest.mark.db

NOW = datetime(2026, 5, 1, 4, 0, 30, tzinfo=UTC)
HOUR = datetime(2026, 5, 1, 3, tzinfo=UTC)


@pytest.fixture
def station(session: Session) -> Station:
    return register_station(session, station_form(), "123456", actor="person/1", at=NOW)


def hour_frame(value: str, *, at: datetime = HOUR, qn_s: int = 0, flag: str = "N") -> bytes:
    return upload(
        {"a34004": value},
        at=at,
        cn="2061",
        kind="Avg",
        flags={"a34004": flag},
        sent_at=at + timedelta(hours=1, seconds=qn_s),
    )


def values_of(session: Session, station: Station) -> list[tuple[datetime, Decimal, str]]:
    (stream,) = datastreams_of(session, station.id)
    series = series_of(session, stream.id, HOUR - timedelta(days=400), NOW)
    return [(one.phenomenon_at, one.value, one.flag) for one in series.observations]


def test_a_frame_becomes_values_of_datastreams_in_the_units_stations_send(
    session: Session, station: Station
) -> None:
    stored = receive(session, upload({"a34004": "35.0", "a21005": "0.427"}, at=NOW), at=NOW)

    streams = {stream.code: stream for stream in datastreams_of(session, station.id)}
    assert stored.outcomes["stored"] == 2
    assert (streams["a34004"].unit, streams["a21005"].unit) == ("ug/m3", "mg/m3")
    assert (streams["a34004"].period, streams["a34004"].kind) == ("realtime", "Rtd")
    (value,) = series_of(
        session, streams["a34004"].id, NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    ).observations
    assert (value.phenomenon_at, str(value.value)) == (NOW, "35.0")


def test_the_same_frame_again_changes_nothing(session: Session, station: Station) -> None:
    raw = hour_frame("35")
    first = receive(session, raw, at=NOW)
    again = receive(session, raw, raw, at=NOW + timedelta(seconds=10))

    assert first.outcomes["kept"] == 1
    assert (again.outcomes["kept"], again.outcomes["repeated"]) == (0, 2)
    assert values_of(session, station) == [(HOUR, Decimal(35), "N")]
    assert len(frames_of(session, station.id, HOUR, NOW)) == 1


def test_a_different_value_for_the_same_time_is_kept_beside_the_old_one(
    session: Session, station: Station
) -> None:
    receive(session, hour_frame("35"), at=NOW)
    stored = receive(session, hour_frame("12", qn_s=9), at=NOW)

    (stream,) = datastreams_of(session, station.id)
    origin = origin_of(session, stream.id, HOUR)
    (change,) = origin.changes
    assert stored.outcomes["changed"] == 1
    assert origin.observation.value == 12
    assert (change.old_value, change.new_value) == (Decimal(35), Decimal(12))
    assert frame_of(session, change.old_frame_id).raw != frame_of(session, change.new_frame_id).raw


def test_a_different_flag_is_a_change_too(session: Session, station: Station) -> None:
    receive(session, hour_frame("35"), at=NOW)
    receive(session, hour_frame("35", qn_s=9, flag="M"), at=NOW)

    assert values_of(session, station) == [(HOUR, Decimal(35), "M")]


def test_the_same_value_from_another_frame_is_no_change(session: Session, station: Station) -> None:
    assert station.is_active
    receive(session, hour_frame("35"), at=NOW)
    stored = receive(session, hour_frame("35", qn_s=9), at=NOW)

    assert (stored.outcomes["same"], stored.outcomes["changed"]) == (1, 0)


def test_changes_within_one_batch_are_kept_in_their_order(
    session: Session, station: Station
) -> None:
    frames = [hour_frame(str(value), qn_s=value) for value in (1, 2, 3)]
    receive(session, *frames, at=NOW)

    (stream,) = datastreams_of(session, station.id)
    origin = origin_of(session, stream.id, HOUR)
    assert [(int(c.old_value), int(c.new_value)) for c in origin.changes] == [(1, 2), (2, 3)]
    assert origin.observation.value == 3


def test_a_frame_that_gives_two_values_for_one_name_is_a_change_of_its_own(
    session: Session, station: Station
) -> None:
    frame = Frame(
        qn="20260501120030000",
        st="22",
        cn="2011",
        pw="123456",
        mn=station.mn,
        flag=5,
        data_time="20260501120030",
        readings=(
            Reading("a21026", "Rtd", Decimal(1), "N"),
            Reading("a21026", "Rtd", Decimal(2), "N"),
        ),
    )
    stored = receive(session, build(frame), at=NOW)

    assert (stored.outcomes["stored"], stored.outcomes["changed"]) == (1, 1)


def test_a_value_walks_back_to_its_frame_and_its_record_in_the_log(
    session: Session, station: Station
) -> None:
    raw = hour_frame("35")
    receive(session, raw, at=NOW)

    (stream,) = datastreams_of(session, station.id)
    frame = origin_of(session, stream.id, HOUR).frame
    record = record_by_id(session, frame.record_id)
    assert frame.sha256 == sha256(raw).digest()
    assert b64encode(frame.sha256).decode() in record.body.decode()
    assert record.kind == "frames"
    assert b"PW=******" in frame.raw
    assert b"123456" not in frame.raw


def test_one_batch_is_one_record_however_many_frames(session: Session, station: Station) -> None:
    times = [HOUR + timedelta(minutes=n) for n in range(10)]
    receive(session, *[upload({"a34004": "1"}, at=at) for at in times], at=NOW)

    frames = frames_of(session, station.id, HOUR, NOW)
    assert len(frames) == 10
    assert len({frame.record_id for frame in frames}) == 1


def test_the_sampling_time_is_the_time_of_the_value(session: Session, station: Station) -> None:
    frame = Frame(
        qn="20260501120030000",
        st="22",
        cn="2011",
        pw="123456",
        mn=station.mn,
        flag=5,
        data_time="20260501120030",
        readings=(
            Reading("w01018", "Rtd", Decimal(1), "N", "20260501110000"),
            Reading("w21003", "Rtd", Decimal(1), "N", "19700101000000"),
        ),
    )
    receive(session, build(frame), at=NOW)

    times = {
        stream.code: series_of(
            session, stream.id, HOUR - timedelta(days=1), NOW + timedelta(days=1)
        )
        .observations[0]
        .phenomenon_at
        for stream in datastreams_of(session, station.id)
    }
    assert times == {"w01018": HOUR, "w21003": NOW}


def test_months_long_past_get_their_partitions(session: Session, station: Station) -> None:
    past = datetime(2025, 12, 31, 20, tzinfo=UTC)
    stored = receive(session, hour_frame("35", at=past), at=NOW)

    assert values_of(session, station)[0][0] == past
    assert {month.isoformat() for month in stored.months} == {"2025-12-01"}


def test_values_of_different_periods_and_kinds_are_different_datastreams(
    session: Session, station: Station
) -> None:
    for cn, kind in (("2011", "Rtd"), ("2051", "Avg"), ("2061", "Avg"), ("2061", "Max")):
        receive(session, upload({"a34004": "1"}, at=HOUR, cn=cn, kind=kind), at=NOW)

    assert {(s.period, s.kind) for s in datastreams_of(session, station.id)} == {
        ("realtime", "Rtd"),
        ("minute", "Avg"),
        ("hour", "Avg"),
        ("hour", "Max"),
    }


def test_frames_without_values_are_kept_too(session: Session, station: Station) -> None:
    frame = Frame(
        qn="20260501120030000",
        st="22",
        cn="3020",
        pw="123456",
        mn=station.mn,
        flag=5,
        data_time="20260501120030",
        params=(("i11001-Info", "//清洗\\管路//"),),
        oddities=(),
    )
    receive(session, build(frame), at=NOW)

    (kept,) = frames_of(session, station.id, HOUR, NOW + timedelta(hours=1))
    assert kept.cn == "3020"
    assert "清洗" in kept.raw.decode()


def test_a_frame_without_any_time_of_its_own_is_taken_at_reception(
    session: Session, station: Station
) -> None:
    frame = Frame(st="22", cn="9015", pw="123456", mn=station.mn, flag=8)
    receive(session, build(frame), at=NOW)

    assert len(frames_of(session, station.id, NOW, NOW + timedelta(seconds=1))) == 1


def test_items_left_out_are_told_with_the_frame(session: Session, station: Station) -> None:
    segment = (
        b"QN=20260501120030000;ST=22;CN=2011;PW=123456;MN=QH0000000001;Flag=5;"
        b"CP=&&DataTime=20260501120030;a34004-Rtd=--/,a34004-Flag=D&&"
    )
    receive(session, wrap(segment), at=NOW)

    (kept,) = frames_of(session, station.id, HOUR, NOW + timedelta(hours=1))
    assert kept.oddities == "a34004-Rtd=--/: no number"


def test_a_station_cannot_open_datastreams_without_end(
    session: Session, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_STREAMS", 3)
    stored = receive(session, upload({f"x{n}": "1" for n in range(9)}, at=NOW), at=NOW)

    assert len(datastreams_of(session, station.id)) == 3
    assert (stored.outcomes["stored"], stored.outcomes["dropped"]) == (3, 6)


def test_refusals_are_counted_and_kept_without_their_passwords(session: Session) -> None:
    refusal = Refusal(
        Verdict.PASSWORD,
        "wrong\x00 password",
        "A1",
        b"##PW=123456;x",
        13,
        "9901",
        NOW,
        "192.0.2.1:1",
    )
    counts = RefusalCount({(NOW.date(), "password", "A1", "9901"): 7})
    batch = Batch(refusals=(refusal,), refused=counts)
    intake.store(session, batch, Books(), NOW)
    intake.store(session, Batch(refused=counts), Books(), NOW)

    (kept,) = list_rejects(session).rejects
    assert (kept.verdict, kept.reason, kept.raw) == (
        "password",
        "wrong· password",
        b"##PW=******;x",
    )
    (count,) = reject_counts(session, NOW.date())
    assert (count.refused, count.mn) == (14, "A1")
    assert list_rejects(session, verdict="crc").total == 0
    assert drop_rejects(session, NOW + timedelta(days=1)) == 1
    assert reject_counts(session, NOW.date()) == [count]
