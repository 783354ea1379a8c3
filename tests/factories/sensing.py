"""Frames for tests: golden ones, built ones and hypothesis strategies."""

import string
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from hypothesis import strategies as st

from qinghuan.infra.database import Session
from qinghuan.sensing.hj212.build import build
from qinghuan.sensing.hj212.frame import Frame, Reading
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse
from qinghuan.sensing.intake import Arrival, Batch, Books, Stored
from qinghuan.sensing.model import StationForm
from qinghuan.sensing.roster import Member, Roster
from qinghuan.sensing.service import intake

GOLDEN = Path(__file__).parents[1] / "golden" / "sensing" / "hj212" / "frames.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenFrame:
    """A published frame and what it must be judged."""

    line: bytes
    verdict: str
    crc: str
    source: str


def golden_frames() -> list[GoldenFrame]:
    """Every frame of the golden file."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    frames = []
    for comment, line in pairwise(lines):
        if line.startswith("##"):
            verdict, crc, source = comment.removeprefix("# ").split(" | ", 2)
            frames.append(GoldenFrame(line=line.encode(), verdict=verdict, crc=crc, source=source))
    return frames


def stamp(at: datetime) -> str:
    """A time as frames carry it: Beijing time, to the second."""
    return (at.astimezone(UTC) + timedelta(hours=8)).strftime("%Y%m%d%H%M%S")


def upload(  # noqa: PLR0913  a builder with good defaults
    values: dict[str, str],
    *,
    at: datetime,
    mn: str = "QH0000000001",
    pw: str = "123456",
    cn: str = "2011",
    st: str = "22",
    kind: str = "Rtd",
    flags: dict[str, str] | None = None,
    flag: int | None = 5,
    sent_at: datetime | None = None,
) -> bytes:
    """An upload as bytes, from `##` to CR LF."""
    return build(
        Frame(
            qn=stamp(sent_at or at) + "000",
            st=st,
            cn=cn,
            pw=pw,
            mn=mn,
            flag=flag,
            data_time=stamp(at),
            readings=tuple(
                Reading(code, kind, Decimal(value), (flags or {}).get(code, "N"))
                for code, value in values.items()
            ),
        )
    )


words = st.text(string.ascii_letters + string.digits, min_size=1, max_size=12)
times = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(  # noqa: DTZ001  local by rule
    lambda at: at.strftime("%Y%m%d%H%M%S")
)
numbers = st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False)
kinds = st.sampled_from(["Rtd", "Avg", "Min", "Max", "Cou", "ZsAvg"])
params = st.tuples(
    words.filter(lambda name: name not in {"DataTime", "CP"}),
    st.text(string.ascii_letters + string.digits + "._:", max_size=20),
)


@st.composite
def factors(draw: st.DrawFn) -> list[Reading]:
    """All values of one factor, sharing its flag and sampling time."""
    code = draw(words)
    flag = draw(st.sampled_from(["", "N", "D", "M"]))
    sample_time = draw(st.one_of(st.just(""), times))
    chosen = draw(st.lists(kinds, min_size=1, max_size=4, unique=True))
    return [Reading(code, kind, draw(numbers), flag, sample_time) for kind in chosen]


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """Any well-formed frame."""
    groups = draw(st.lists(factors(), max_size=6, unique_by=lambda group: group[0].code))
    is_split = draw(st.booleans())
    return Frame(
        qn=draw(times) + "123",
        st=draw(st.sampled_from(["21", "22", "32", "91"])),
        cn=draw(st.sampled_from(["2011", "2051", "2061", "2031", "3020"])),
        pw=draw(st.one_of(st.just(""), words)),
        mn=draw(words),
        flag=draw(st.one_of(st.none(), st.integers(0, 255))),
        pnum=draw(st.integers(1, 9999)) if is_split else None,
        pno=draw(st.integers(1, 9999)) if is_split else None,
        is_backfill=draw(st.booleans()),
        data_time=draw(times),
        readings=tuple(reading for group in groups for reading in group),
        params=tuple(draw(st.lists(params, max_size=3))),
    )


def station_form(mn: str = "QH0000000001", **changes: object) -> StationForm:
    """A station's particulars with good defaults."""
    form = StationForm(
        mn=mn,
        name=f"站点 {mn}",
        st="22",
        area_code="990101",
        longitude_deg=110.4,
        latitude_deg=21.2,
        area_class=2,
    )
    return replace(form, **changes)  # type: ignore[arg-type]  # a builder takes any field


def receive(session: Session, *raws: bytes, at: datetime) -> Stored:
    """Take frames as the gateway does and store them in one batch."""
    roster, books = Roster(), Books()
    intake.refresh(session, roster, books, None)
    arrivals = []
    for raw in raws:
        (packet,) = Framer().feed(raw)
        frame = parse(packet.segment)
        member = roster.admit(frame, at)
        assert isinstance(member, Member), member
        arrivals.append(Arrival(frame, packet.raw, member, at, "192.0.2.1:5000"))
    return intake.store(session, Batch(arrivals=tuple(arrivals)), books, at)
