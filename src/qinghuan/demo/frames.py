"""A station's hours and minutes as HJ 212-2017 frames."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from qinghuan.core.clock import BEIJING
from qinghuan.demo.hours.beijing import air_hour
from qinghuan.demo.hours.stations import PASSWORD, DemoStation
from qinghuan.demo.hours.water import FLOW, water_values
from qinghuan.sensing.hj212.build import build
from qinghuan.sensing.hj212.frame import Frame, Reading

FLAG_2017_ANSWER = 5
"""Version bits of 2017, and A: the sender waits for 9014."""

HOUR, REAL_TIME = "2061", "2011"


def hour_frame(
    station: DemoStation, hour_at: datetime, sent_at: datetime, epoch_at: datetime
) -> bytes:
    """An hour's means (2061).

    Args:
        station: Who sends.
        hour_at: Start of the hour, which is its DataTime.
        sent_at: When it is sent; becomes QN.
        epoch_at: Hour of the demo's first start.

    Source:
        HJ 212-2017, Table 9 (commands) and Annex C (DataTime of a period is its start).
    """
    if station.tides is None:
        means = dict(air_hour(station.source, hour_at).values)
        readings = [Reading(code=code, kind="Avg", value=means[code], flag="N") for code in means]
    else:
        readings = _water_hour(station, hour_at, epoch_at)
    return _frame(station, HOUR, hour_at, sent_at, readings)


def moment_frame(
    station: DemoStation, at: datetime, sent_at: datetime, epoch_at: datetime
) -> bytes:
    """The values of a moment (2011): air shows the hour it replays, water its own minute."""
    values = values_at(station, at, epoch_at)
    readings = [Reading(code=code, kind="Rtd", value=values[code], flag="N") for code in values]
    return _frame(station, REAL_TIME, at, sent_at, readings)


def values_at(station: DemoStation, at: datetime, epoch_at: datetime) -> Mapping[str, Decimal]:
    """What a station shows at a moment, by factor code."""
    if station.tides is None:
        return air_hour(station.source, at).values
    return water_values(station.mn, station.tides, station.episode, at, epoch_at)


def damaged(frame: bytes) -> bytes:
    """A frame with one digit of a value changed on its way, so that its check fails."""
    at = frame.rindex(b"=", 0, frame.rindex(b"-Flag"))
    digit = b"7" if frame[at + 1 : at + 2] != b"7" else b"8"
    return frame[: at + 1] + digit + frame[at + 2 :]


def with_wrong_password(station: DemoStation, sent_at: datetime) -> bytes:
    """A frame of somebody who knows the device number and guesses the password."""
    return _frame(station, REAL_TIME, sent_at, sent_at, [], password="000000")  # noqa: S106  meant to be wrong


def _water_hour(station: DemoStation, hour_at: datetime, epoch_at: datetime) -> list[Reading]:
    """Least, mean and most of an hour's twelve five-minute values, and the flow's total."""
    moments = [
        water_values(
            station.mn,
            station.tides or {},
            station.episode,
            hour_at + timedelta(minutes=5 * k),
            epoch_at,
        )
        for k in range(12)
    ]
    readings = []
    for code in moments[0]:
        series = [moment[code] for moment in moments]
        mean = (sum(series, Decimal(0)) / len(series)).quantize(series[0])
        kinds = {"Min": min(series), "Avg": mean, "Max": max(series)}
        if code == FLOW:
            kinds = {"Cou": (mean * 3600 / 1000).quantize(Decimal("0.1")), **kinds}
        readings += [
            Reading(code=code, kind=kind, value=value, flag="N") for kind, value in kinds.items()
        ]
    return readings


def _frame(
    station: DemoStation,
    cn: str,
    data_at: datetime,
    sent_at: datetime,
    readings: list[Reading],
    password: str = PASSWORD,
) -> bytes:
    """Bytes as they go on the wire."""
    sent = sent_at.astimezone(BEIJING)
    return build(
        Frame(
            st=station.st,
            cn=cn,
            mn=station.mn,
            qn=f"{sent:%Y%m%d%H%M%S}{sent.microsecond // 1000:03d}",
            pw=password,
            flag=FLAG_2017_ANSWER,
            data_time=f"{data_at.astimezone(BEIJING):%Y%m%d%H%M%S}",
            readings=tuple(readings),
        )
    )
