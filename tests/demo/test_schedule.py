"""What the demo sends: sound frames in their time, and a few bad ones on purpose."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile

from hypothesis import given, settings
from hypothesis import strategies as st

from qinghuan.demo.hours.stations import STATIONS
from qinghuan.demo.schedule import Pace, Sending, What, frame_of, rush, walk
from qinghuan.sensing.hj212.frame import Verdict
from qinghuan.sensing.hj212.judge import judge
from qinghuan.sensing.hj212.parse import parse

START = datetime(2026, 11, 25, 2, 17, 31, tzinfo=UTC)
EPOCH = START.replace(minute=0, second=0)
PACE = Pace()
starts = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001  hypothesis wants naive bounds
    lambda at: at.replace(tzinfo=UTC)
)


def sendings(place: int, started_at: datetime = START, until_s: float = 7_200) -> list[Sending]:
    plan = walk(STATIONS[place], place, started_at, PACE)
    walked = takewhile(lambda sending: sending.due_s <= until_s, plan)
    return [*rush(started_at, PACE), *walked]


def test_every_good_frame_is_judged_ok_and_every_damaged_one_refused_for_its_check() -> None:
    for place, station in enumerate(STATIONS):
        for sending in sendings(place):
            frame = frame_of(sending, station, START, EPOCH)
            (judged,) = judge(frame)
            wanted = Verdict.CRC if sending.what is What.DAMAGED else Verdict.OK
            assert judged.verdict is wanted, (station.name, sending)
            assert len(frame) <= 6 + 1024 + 6


@settings(max_examples=30)
@given(started_at=starts)
def test_no_frame_comes_from_the_future_and_none_before_its_time(started_at: datetime) -> None:
    for place in range(len(STATIONS)):
        plan = sendings(place, started_at)
        assert all(a.due_s <= b.due_s for a, b in pairwise(plan))
        for sending in plan:
            now = started_at + timedelta(seconds=sending.due_s)
            end = timedelta(hours=1) if sending.what is What.HOUR else timedelta()
            assert sending.data_at + end <= now


def test_three_days_are_sent_and_two_of_them_at_once() -> None:
    hours = [sending for sending in sendings(0, until_s=60) if sending.what is What.HOUR]

    assert len(hours) == 72
    assert sum(sending.due_s == 0 for sending in hours) == 48
    assert hours[-1].due_s <= 60


def test_every_hour_is_sent_once_also_once_live() -> None:
    hours = [
        sending.data_at for sending in sendings(0, until_s=4 * 3600) if sending.what is What.HOUR
    ]

    assert len(set(hours)) == len(hours) == 76
    assert {b - a for a, b in pairwise(hours)} == {timedelta(hours=1)}


def test_the_silent_station_sends_its_past_and_then_nothing() -> None:
    (place,) = (k for k, station in enumerate(STATIONS) if station.falls_silent)

    assert Counter(sending.what for sending in sendings(place)) == {What.HOUR: 72}


def test_some_frames_are_bad_within_the_first_minute() -> None:
    bad = Counter(
        sending.what
        for place in range(len(STATIONS))
        for sending in sendings(place, until_s=60)
        if not sending.wants_answer
    )

    assert bad == {What.DAMAGED: 3, What.STRANGER: 1}


def test_a_means_frame_carries_hourly_averages_in_the_2017_edition_and_asks_for_an_answer() -> None:
    frame = frame_of(sendings(0)[0], STATIONS[0], START, EPOCH)
    said = parse(frame[6:-6])

    assert (said.st, said.cn, said.flag, said.pw) == ("22", "2061", 5, "123456")
    assert said.qn == "20261125101731000"
    assert said.data_time == "20261122100000"
    assert {reading.kind for reading in said.readings} == {"Avg"}


def test_a_waters_hour_has_least_mean_and_most_in_order_and_a_total_of_its_flow() -> None:
    outfall = STATIONS[-1]
    sending = Sending(due_s=0, what=What.HOUR, data_at=EPOCH - timedelta(hours=8))
    said = parse(frame_of(sending, outfall, START, EPOCH)[6:-6])

    values = {(reading.code, reading.kind): reading.value for reading in said.readings}
    for code, kind in values:
        if kind == "Avg":
            assert values[code, "Min"] <= values[code, "Avg"] <= values[code, "Max"]
    assert values["w01018", "Avg"] > 50
    assert values["w00000", "Cou"] > 0


def test_a_stranger_knows_the_number_and_not_the_password() -> None:
    sending = Sending(due_s=0, what=What.STRANGER, data_at=START)
    said = parse(frame_of(sending, STATIONS[2], START, EPOCH)[6:-6])

    assert said.mn == STATIONS[2].mn
    assert said.pw != "123456"
