"""Stations of a small town with three days of values, a limit passed, and frames refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from factories.sensing import receive, station_form, upload

from qinghuan.infra.database import SYSTEM, Database, Session
from qinghuan.sensing.hj212.frame import Verdict
from qinghuan.sensing.intake import Batch, Books, Refusal, RefusalCount
from qinghuan.sensing.model import OwnLimit, Station
from qinghuan.sensing.service import intake
from qinghuan.sensing.service.episodes import evaluate
from qinghuan.sensing.service.limits import set_limit
from qinghuan.sensing.service.stations import datastreams_of, register_station

PASSWORD = "123456"
OUTFALL, AIR, RIVER, NEVER, ELSEWHERE = (f"QHST0000000{n}" for n in range(1, 6))
HOURS = 72
COD, AMMONIA = "w01018", "w21003"

LIMIT = OwnLimit(upper=Decimal(60), source="许可限值（演示）", raise_after=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """The stations, by what they are."""

    outfall: Station
    air: Station
    river: Station
    never: Station
    elsewhere: Station
    hour_at: datetime
    """Start of the latest full hour."""


def furnish_stations(database: Database, at: datetime) -> Furnished:
    """Register the stations, let them send, judge, refuse something."""
    hour_at = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    with database.transaction(SYSTEM) as session:
        outfall = _register(session, OUTFALL, "演示排口 07", "32", at, is_simulated=True)
        air = _register(session, AIR, "海头空气站", "22", at)
        river = _register(session, RIVER, "涌口断面", "21", at, area_class=3)
        never = _register(session, NEVER, "待接入站", "22", at)
        elsewhere = _register(session, ELSEWHERE, "邻区站", "22", at, area_code="990102")
        _limit(session, outfall, hour_at)
        frames = [
            frame
            for hour in range(HOURS, -1, -1)
            for frame in _hour(hour, hour_at - timedelta(hours=hour))
        ]
        changed_at = hour_at - timedelta(hours=30)
        frames.append(_outfall_hour(changed_at, "41.5", late_s=90))
        frames.append(
            upload({"a34004": "31"}, mn=ELSEWHERE, at=hour_at, cn="2061", kind="Avg", st="22")
        )
        receive(session, *frames, at=at)
        evaluate(session, at)
        _refuse(session, at)
    return Furnished(
        outfall=outfall, air=air, river=river, never=never, elsewhere=elsewhere, hour_at=hour_at
    )


def _register(
    session: Session, mn: str, name: str, st: str, at: datetime, **changes: object
) -> Station:
    form = station_form(mn, name=name, st=st, **changes)
    return register_station(
        session, form, PASSWORD, actor="demo", at=at - timedelta(hours=HOURS + 1)
    )


def _limit(session: Session, outfall: Station, hour_at: datetime) -> None:
    """Open the outfall's datastreams with a first value and set the limit of one."""
    first_at = hour_at - timedelta(hours=HOURS + 1)
    receive(session, _outfall_hour(first_at, "44.0"), at=hour_at)
    stream = next(each for each in datastreams_of(session, outfall.id) if each.code == COD)
    set_limit(session, stream.id, LIMIT, actor="demo", at=hour_at)


def _hour(back: int, at: datetime) -> list[bytes]:
    """What the three stations send for an hour, so many hours back; a gap at the outfall."""
    swing = Decimal(back % 12)
    frames = [
        upload(
            {
                "a34002": str(88 + swing * 3),
                "a34004": str(41 + swing),
                "a21026": "9",
                "a21004": "35",
                "a21005": "0.8",
                "a05024": str(60 + swing * 2),
            },
            mn=AIR,
            at=at,
            cn="2061",
            kind="Avg",
            st="22",
            sent_at=at + timedelta(hours=1),
        )
    ]
    if back % 4 == 0:
        frames.append(
            upload(
                {"w01001": "7.4", "w01009": "6.1", "w01019": "5.2", "w21003": "0.81"},
                mn=RIVER,
                at=at,
                cn="2061",
                kind="Avg",
                st="21",
                sent_at=at + timedelta(hours=1),
            )
        )
    if not 44 < back < 49:
        over = {14: "66.2", 13: "72.4", 12: "78.6", 11: "81.0", 10: "76.9", 9: "69.5", 8: "63.1"}
        flag = "M" if back in {20, 21} else "N"
        frames.append(_outfall_hour(at, over.get(back, str(44 + swing)), flag=flag))
    return frames


def _outfall_hour(at: datetime, cod: str, *, late_s: int = 0, flag: str = "N") -> bytes:
    return upload(
        {COD: cod, AMMONIA: "3.12", "w01001": "7.41"},
        mn=OUTFALL,
        at=at,
        cn="2061",
        kind="Avg",
        st="32",
        flags={COD: flag},
        sent_at=at + timedelta(hours=1, seconds=late_s),
    )


def _refuse(session: Session, at: datetime) -> None:
    """Two refusals of the town's, one of a device nobody registered."""
    outfall_raw = _outfall_hour(at - timedelta(hours=2), "50")
    refused = [
        Refusal(Verdict.CRC, "computed 1C80", OUTFALL, outfall_raw, 200, "990101", at, "192.0.2.7"),
        Refusal(
            Verdict.PASSWORD, "wrong password", AIR, outfall_raw, 200, "990101", at, "192.0.2.8"
        ),
        Refusal(Verdict.STATION, "no station has this MN", "X9", b"##X9", 4, None, at, "192.0.2.9"),
    ]
    counts = RefusalCount(
        {
            (at.date(), "crc", OUTFALL, "990101"): 3,
            (at.date(), "password", AIR, "990101"): 1,
            (at.date(), "station", "X9", None): 5,
        }
    )
    intake.store(session, Batch(refusals=tuple(refused), refused=counts), Books(), at)
