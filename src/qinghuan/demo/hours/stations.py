"""The demo's stations: where they stand, how they sign on, what they send."""

from dataclasses import dataclass
from decimal import Decimal

from qinghuan.core.geo import Place
from qinghuan.demo.hours.water import (
    AMMONIA,
    AMMONIA_EPISODE,
    COD,
    COD_EPISODE,
    OUTFALL,
    PH,
    RIVER,
    Episode,
    Tide,
)

PASSWORD = "123456"  # noqa: S105  the password of HJ 212's own examples, for invented stations
AIR_SYSTEM, RIVER_SYSTEM, OUTFALL_SYSTEM = "22", "21", "32"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLimit:
    """A limit set by hand for a station's hourly means."""

    code: str
    upper: Decimal
    lower: Decimal | None = None
    source: str
    """Who set it, as the station page shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStation:
    """One station of the demo city."""

    mn: str
    name: str
    name_en: str
    st: str
    area_code: str
    place: Place
    area_class: int = 0
    """Air: class 2 everywhere. Rivers: class III. The outfall has limits of its own."""
    source: str = ""
    """Air: the Beijing station whose hours it replays."""
    tides: dict[str, Tide] | None = None
    """Water: how its factors go."""
    episode: Episode | None = None
    limits: tuple[DemoLimit, ...] = ()
    """Limits that no standard in force sets by itself."""
    falls_silent: bool = False
    """Sends its past and then nothing more."""

    @property
    def is_simulated(self) -> bool:
        """Whether its values are invented, not replayed."""
        return self.tides is not None


_PERMIT = "演示排污许可 99-0001（虚构）"

_OZONE_ALERT = DemoLimit(
    code="a05024", upper=Decimal(200), source="演示预警值，沿用 GB 3095-2012 二级 1 小时限值"
)
"""The 2026 edition's hourly limits are not in the tables, so the demo sets the former one."""

_OUTFALL_LIMITS = (
    DemoLimit(code=COD, upper=Decimal(50), source=_PERMIT),
    DemoLimit(code=AMMONIA, upper=Decimal(5), source=_PERMIT),
    DemoLimit(code=PH, upper=Decimal(9), lower=Decimal(6), source=_PERMIT),
)


def _air(number: int, name: tuple[str, str], area_code: str, at: tuple[float, float], source: str,
         *, falls_silent: bool = False) -> DemoStation:  # fmt: skip
    return DemoStation(
        mn=f"9901A0000000000000000{number:03d}",
        name=name[0],
        name_en=name[1],
        st=AIR_SYSTEM,
        area_code=area_code,
        place=Place(longitude_deg=at[0], latitude_deg=at[1]),
        area_class=2,
        source=source,
        limits=(_OZONE_ALERT,),
        falls_silent=falls_silent,
    )


STATIONS = (
    _air(1, ("港前站", "Gangqian"), "990101001", (-123.0430, 0.4310), "Gucheng"),
    _air(2, ("澜湾站", "Lanwan"), "990101002", (-122.9560, 0.4700), "Dongsi"),
    _air(3, ("新汀站", "Xinting"), "990101004", (-123.0600, 0.4900), "Changping"),
    _air(4, ("灯塔站", "Dengta"), "990101003", (-123.0992, 0.2953), "Shunyi"),
    _air(5, ("岚溪站", "Lanxi"), "990121100", (-123.0520, 0.6010), "Huairou"),
    _air(6, ("云岫站", "Yunxiu"), "990121101", (-123.1990, 0.6900), "Dingling"),
    _air(7, ("禾浦站", "Hepu"), "990101102", (-123.1330, 0.4010), "Wanliu", falls_silent=True),
    DemoStation(
        mn="9901B0000000000000000001",
        name="青环江岚溪断面",
        name_en="Qinghuan River at Lanxi",
        st=RIVER_SYSTEM,
        area_code="990121100",
        place=Place(longitude_deg=-123.0895, latitude_deg=0.5884),
        area_class=3,
        tides=RIVER,
    ),
    DemoStation(
        mn="9901B0000000000000000002",
        name="芷溪入湾断面",
        name_en="Zhi Creek at its mouth",
        st=RIVER_SYSTEM,
        area_code="990121100",
        place=Place(longitude_deg=-123.0086, latitude_deg=0.5592),
        area_class=3,
        tides=RIVER,
        episode=AMMONIA_EPISODE,
    ),
    DemoStation(
        mn="9901C0000000000000000001",
        name="澜湾污水处理厂总排口",
        name_en="Lanwan sewage works, outfall",
        st=OUTFALL_SYSTEM,
        area_code="990101002",
        place=Place(longitude_deg=-122.9660, latitude_deg=0.4540),
        tides=OUTFALL,
        limits=_OUTFALL_LIMITS,
        episode=COD_EPISODE,
    ),
)
