"""Stations: registered with a password shown once, changed, given another password."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from qinghuan.core.geo import Place, from_gcj02
from qinghuan.people.errors import AreaUnknown
from qinghuan.people.outline import CoordinateSystem
from qinghuan.people.service import places
from qinghuan.people.service.audit import Deed, require_log
from qinghuan.sensing.model import Datastream, Station, StationFilter, StationForm
from qinghuan.sensing.service import limits, stations
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import words
from qinghuan.web.administration.choosing import area_filter
from qinghuan.web.administration.forms import (
    NO_FAULTS,
    NOTHING_TYPED,
    Faults,
    Form,
    Typed,
    filled,
    submit,
)
from qinghuan.web.administration.lists import Asked, Question, words_filter
from qinghuan.web.administration.schemas import PasswordWanted, StationNamed, StationWanted
from qinghuan.web.administration.sections import KEEPERS, READERS, section_page
from qinghuan.web.administration.station_fields import MN, PASSWORD, active_field, station_fields
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import MOST_PER_PAGE, PAGE_SIZE, Choice, Filter, Listing, csv_answer
from qinghuan.web.pages import go
from qinghuan.web.stations.station_view import standing_of
from qinghuan.web.stations.words import KINDS, PERIODS, VALUE_KINDS, factor_name

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, access(*READERS)]
Keeper = Annotated[Caller, access(*KEEPERS)]
AreaAsked = Annotated[str, Query(max_length=15)]
KindAsked = Annotated[str, Query(alias="st", max_length=2)]

PATH = "/admin/stations"
PASSWORD_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # noqa: S105  an alphabet, not a password
"""Thirty-two signs that nobody mistakes for another on a data logger's display."""
PASSWORD_LENGTH = 9
"""As long as PW may be (HJ 212-2017, Table 4)."""


@router.get(PATH)
def stations_page(
    caller: Reader, asked: Question, area: AreaAsked = "", st: KindAsked = ""
) -> Response:
    """Stations in the administrator's area, retired ones too."""
    wanted = StationFilter(area_prefix=area, st=st, words=asked.text, is_active=None)
    if asked.is_csv:
        return _csv(caller, wanted)
    return _stations(caller, asked, wanted)


@router.post(PATH)
def register_station(caller: Keeper, form: Form) -> Response:
    """Register a station and show its password, this once."""
    password = _password(caller, form)

    def do(wanted: StationWanted) -> Station:
        require_log(caller.session, caller.house.gate, caller.at)
        return stations.register_station(
            caller.session,
            _form(caller, wanted, wanted.mn, mark=1),
            password,
            actor=caller.actor.reference,
            at=caller.at,
        )

    deed = Deed(kind="station.registered", subject="station/new")
    came = submit(caller, StationWanted, form, deed, do)
    if isinstance(came, Faults):
        return _stations(caller, Asked(), StationFilter(is_active=None), typed=form, faults=came)
    return _shown_once(caller, came, password, is_new=True)


@router.get(f"{PATH}/{{station_id}}")
def station_page(caller: Reader, station_id: UUID, asked: Question) -> Response:
    """One station: its particulars, its password, its limits."""
    return _station(caller, station_id, done=asked.done)


@router.post(f"{PATH}/{{station_id}}")
def change_station(caller: Keeper, station_id: UUID, form: Form) -> Response:
    """Write a station's particulars anew."""
    before = stations.station_of(caller.session, station_id)

    def do(wanted: StationNamed) -> Station:
        require_log(caller.session, caller.house.gate, caller.at)
        return stations.change_station(
            caller.session,
            station_id,
            _form(caller, wanted, before.mn, mark=before.mark),
            actor=caller.actor.reference,
            at=caller.at,
        )

    came = submit(caller, StationNamed, form, _deed("station.changed", before), do)
    if isinstance(came, Faults):
        return _station(caller, station_id, typed=form, faults=came)
    return go(f"{PATH}/{station_id}", {"done": "station-changed"})


@router.post(f"{PATH}/{{station_id}}/password")
def change_password(caller: Keeper, station_id: UUID, form: Form) -> Response:
    """Give a station another password and show it, this once."""
    found = stations.station_of(caller.session, station_id)
    password = _password(caller, form)

    def do(wanted: PasswordWanted) -> None:  # noqa: ARG001  its rules are all that is needed
        require_log(caller.session, caller.house.gate, caller.at)
        stations.change_password(
            caller.session, station_id, password, actor=caller.actor.reference, at=caller.at
        )

    came = submit(caller, PasswordWanted, form, _deed("station.password-changed", found), do)
    if isinstance(came, Faults):
        return _station(caller, station_id, typed=form, faults=came)
    return _shown_once(caller, found, password, is_new=False)


def _stations(
    caller: Caller,
    asked: Asked,
    wanted: StationFilter,
    *,
    typed: Typed = NOTHING_TYPED,
    faults: Faults = NO_FAULTS,
) -> Response:
    found = stations.list_stations(
        caller.session, wanted, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE
    )
    kinds = tuple(Choice(value=st, label=word) for st, word in KINDS.items())
    return section_page(
        caller,
        "stations.html",
        "stations",
        done=asked.done,
        status=faults.status,
        fault=faults.whole,
        listing=Listing(
            path=PATH,
            items=found.stations,
            total=found.total,
            page=asked.page,
            filters=(
                Filter(name="st", label=N_("类型"), choices=kinds, chosen=wanted.st),
                area_filter(caller, wanted.area_prefix),
                words_filter(asked, N_("名称或 MN")),
            ),
        ),
        kinds=KINDS,
        standing_of=standing_of,
        areas=places.area_names(caller.session, tuple(each.area_code for each in found.stations)),
        may_keep=bool(caller.roles.intersection(KEEPERS)),
        fields=filled((MN, PASSWORD, *station_fields(caller)), typed, faults),
    )


def _station(
    caller: Caller,
    station_id: UUID,
    *,
    done: str = "",
    typed: Typed = NOTHING_TYPED,
    faults: Faults = NO_FAULTS,
) -> Response:
    found = stations.station_of(caller.session, station_id)
    fields = (*station_fields(caller, found), active_field(caller, found))
    return section_page(
        caller,
        "station.html",
        "stations",
        done=done,
        status=faults.status,
        fault=faults.whole,
        station=found,
        kind=KINDS[found.st],
        standing=standing_of(found),
        area=places.area_of(caller.session, found.area_code),
        streams=[
            (each, *stream_words(caller, each), _limit_words(each, found, limits.day_of(caller.at)))
            for each in stations.datastreams_of(caller.session, station_id)
        ],
        may_keep=bool(caller.roles.intersection(KEEPERS)),
        fields=filled(fields, typed, faults),
        password_fields=filled((PASSWORD,), NOTHING_TYPED, faults),
    )


def stream_words(caller: Caller, stream: Datastream) -> tuple[str, str, str]:
    """Factor, period and kind of a datastream in words."""
    return (
        factor_name(stream.code, caller.preferences.language),
        words.say(caller, PERIODS.get(stream.period, stream.period)),
        words.say(caller, VALUE_KINDS.get(stream.kind, stream.kind)),
    )


def _limit_words(stream: Datastream, station: Station, on: date) -> tuple[str, str, bool]:
    """The limit that holds today, by what, and whether it was set by hand."""
    judging = limits.judging_on(stream, station, on)
    if judging is None:
        return "", "", False
    limit = judging.limit
    bounds = (
        f"≥ {limit.lower}" if limit.lower is not None else "",
        f"≤ {limit.upper}" if limit.upper is not None else "",
    )
    return " · ".join(filter(None, bounds)), limit.standard, stream.own_limit is not None


def _shown_once(caller: Caller, found: Station, password: str, *, is_new: bool) -> Response:
    return section_page(
        caller, "station_password.html", "stations", station=found, password=password, is_new=is_new
    )


def _password(caller: Caller, form: Typed) -> str:
    """The password typed, or one made of signs that are not mistaken for each other."""
    typed = form.texts.get("password", "").strip()
    if typed:
        return typed
    letters = len(PASSWORD_LETTERS)
    return "".join(
        PASSWORD_LETTERS[byte % letters] for byte in caller.house.gate.entropy(PASSWORD_LENGTH)
    )


def _form(caller: Caller, wanted: StationNamed, mn: str, *, mark: int) -> StationForm:
    """Particulars as the room takes them: in the caller's area, in WGS84."""
    if not wanted.area_code.startswith(caller.scope.area_prefixes):
        raise AreaUnknown(wanted.area_code)
    places.area_of(caller.session, wanted.area_code)
    place = Place(longitude_deg=wanted.longitude_deg, latitude_deg=wanted.latitude_deg)
    if wanted.system is CoordinateSystem.GCJ02:
        place = from_gcj02(place)
    return StationForm(
        mn=mn,
        name=wanted.name,
        st=wanted.st,
        area_code=wanted.area_code,
        mark=mark,
        longitude_deg=round(place.longitude_deg, 6),
        latitude_deg=round(place.latitude_deg, 6),
        area_class=wanted.area_class,
        cadence_s=wanted.cadence_s,
        is_simulated=wanted.is_simulated,
        is_active=wanted.is_active,
    )


def _deed(kind: str, found: Station) -> Deed:
    return Deed(kind=kind, subject=f"station/{found.mn}", area_code=found.area_code)


def _csv(caller: Caller, wanted: StationFilter) -> Response:
    found: list[Station] = []
    while True:
        page = stations.list_stations(
            caller.session, wanted, limit=MOST_PER_PAGE, offset=len(found)
        )
        found += page.stations
        if not page.stations or len(found) >= page.total:
            break
    header = (
        N_("MN"),
        N_("名称"),
        N_("系统编码 ST"),
        N_("区域代码"),
        N_("经度 WGS84 °"),
        N_("纬度 WGS84 °"),
        N_("功能区类别"),
        N_("状态"),
        N_("数据来源"),
        N_("登记时间"),
    )
    rows = [
        (
            each.mn,
            each.name,
            each.st,
            each.area_code,
            each.longitude_deg,
            each.latitude_deg,
            each.area_class,
            words.say(caller, standing_of(each).word),
            words.say(caller, N_("模拟或回放") if each.is_simulated else N_("实测")),
            words.csv_moment(each.registered_at),
        )
        for each in found
    ]
    return csv_answer(
        words.say(caller, N_("站点登记")), [words.say(caller, each) for each in header], rows
    )
