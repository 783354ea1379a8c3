from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from factories.sensing import receive, station_form, upload

from qinghuan.infra.database import Session
from qinghuan.sensing.errors import DatastreamUnknown, LimitInvalid
from qinghuan.sensing.model import Datastream, OwnLimit, Station
from qinghuan.sensing.service.limits import datastream_of, day_of, judging_on, set_limit, set_unit
from qinghuan.sensing.service.stations import datastreams_of, register_station
from qinghuan.trace.service.reading import records_of

pytestmark = pytest.mark.db

NOW = datetime(2026, 2, 1, 4, tzinfo=UTC)
OLD, NEW = date(2026, 2, 28), date(2026, 3, 1)
PERMIT = OwnLimit(upper=Decimal(60), source="排污许可证 9901", raise_after=2)


@pytest.fixture
def station(session: Session) -> Station:
    return register_station(session, station_form(), "123456", actor="p", at=NOW)


def stream_of(session: Session, station: Station, code: str = "a05024") -> Datastream:
    receive(session, upload({code: "1"}, at=NOW, cn="2061", kind="Avg"), at=NOW)
    return next(s for s in datastreams_of(session, station.id) if s.code == code)


def test_hourly_ozone_is_watched_by_the_standard_of_its_day(
    session: Session, station: Station
) -> None:
    stream = stream_of(session, station)
    judging = judging_on(stream, station, OLD)

    assert stream.is_watched
    assert judging is not None
    assert (judging.rule.upper, judging.limit.provenance) == (Decimal(200), "one source")
    assert judging_on(stream, station, NEW) is None


def test_a_limit_of_its_own_comes_before_the_standard(session: Session, station: Station) -> None:
    stream = stream_of(session, station)
    changed = set_limit(session, stream.id, PERMIT, actor="p", at=NOW)
    judging = judging_on(changed, station, NEW)

    assert datastream_of(session, stream.id) == changed
    assert judging is not None
    assert (judging.rule.upper, judging.rule.raise_after) == (Decimal(60), 2)
    assert (judging.limit.standard, judging.limit.provenance) == ("排污许可证 9901", "set by hand")


def test_clearing_it_goes_back_to_the_standard_or_to_nothing(
    session: Session, station: Station
) -> None:
    ozone, dust = (stream_of(session, station, code) for code in ("a05024", "a34004"))
    for stream, is_watched in ((ozone, True), (dust, False)):
        set_limit(session, stream.id, PERMIT, actor="p", at=NOW)
        cleared = set_limit(session, stream.id, None, actor="p", at=NOW)
        assert (cleared.own_limit, cleared.is_watched) == (None, is_watched)
    assert judging_on(dust, station, OLD) is None


def test_limits_are_in_the_log(session: Session, station: Station) -> None:
    stream = stream_of(session, station)
    set_limit(session, stream.id, PERMIT, actor="person/7", at=NOW)
    set_limit(session, stream.id, None, actor="person/7", at=NOW)

    kinds = [record.kind for record in records_of(session, f"station/{station.mn}")]
    assert kinds[-2:] == ["limit.set", "limit.cleared"]


@pytest.mark.parametrize(
    "own",
    [
        replace(PERMIT, upper=None),
        replace(PERMIT, upper=Decimal("NaN")),
        replace(PERMIT, lower=Decimal(61)),
        replace(PERMIT, source=" "),
        replace(PERMIT, source="x" * 201),
        replace(PERMIT, raise_after=0),
        replace(PERMIT, raise_after_s=-1),
        replace(PERMIT, clear_after=1001),
        replace(PERMIT, clear_ratio=Decimal(0)),
        replace(PERMIT, clear_ratio=Decimal("1.1")),
    ],
)
def test_a_limit_that_cannot_be_watched_is_refused_in_chinese(
    session: Session, station: Station, own: OwnLimit
) -> None:
    stream = stream_of(session, station)

    with pytest.raises(LimitInvalid) as caught:
        set_limit(session, stream.id, own, actor="p", at=NOW)
    assert caught.value.message_zh().startswith("限值设置有误：")


def test_the_unit_really_sent_is_stated(session: Session, station: Station) -> None:
    stream = stream_of(session, station)
    changed = set_unit(session, stream.id, "mg/m3", actor="p", at=NOW)
    judging = judging_on(changed, station, OLD)

    assert changed.unit == "mg/m3"
    assert judging is not None
    assert judging.limit.upper == Decimal("0.2")
    assert not set_unit(session, stream.id, "ppb", actor="p", at=NOW).is_watched
    with pytest.raises(LimitInvalid):
        set_unit(session, stream.id, "", actor="p", at=NOW)


def test_a_datastream_out_of_reach_is_unknown(session: Session) -> None:
    with pytest.raises(DatastreamUnknown):
        datastream_of(session, UUID(int=1))


def test_days_begin_at_midnight_in_beijing() -> None:
    assert day_of(datetime(2026, 2, 28, 15, 59, tzinfo=UTC)) == OLD
    assert day_of(datetime(2026, 2, 28, 16, 0, tzinfo=UTC)) == NEW
