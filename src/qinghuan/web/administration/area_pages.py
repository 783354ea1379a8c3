"""Areas: the tree, the published list to add from, names, outlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from qinghuan.people.adapters import gazetteer
from qinghuan.people.area import Level, ancestors_of, full_code, is_short, level_of, parent_of
from qinghuan.people.errors import AreaUnknown
from qinghuan.people.model import Area, Page, PageAsked, Right
from qinghuan.people.rights import require, rights_in
from qinghuan.people.service import places
from qinghuan.people.service.audit import Deed
from qinghuan.web.access import Caller, access
from qinghuan.web.administration import outline_drawing, words
from qinghuan.web.administration.forms import (
    NO_FAULTS,
    NOTHING_TYPED,
    Faults,
    Form,
    Typed,
    filled,
    refusal,
    submit,
)
from qinghuan.web.administration.lists import Asked, Question, everything, listing_of, words_filter
from qinghuan.web.administration.schemas import AreaNamed, AreaWanted, OutlinesWanted
from qinghuan.web.administration.sections import KEEPERS, READERS, section_page
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.listing import csv_answer
from qinghuan.web.pages import go
from qinghuan.web.views import FieldView

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, access(*READERS)]
Keeper = Annotated[Caller, access(*KEEPERS)]
Code = Annotated[str, Query(max_length=15)]
Find = Annotated[str, Query(max_length=40)]

PATH = "/admin/areas"
FOUND_AT_MOST = 12

CODE = FieldView(
    name="area_code",
    label=N_("区域代码"),
    is_required=True,
    inputmode="numeric",
    maxlength=15,
    hint=N_("国标代码可不填名称；虚构区域以 99 开头"),
)
NAME = FieldView(name="name", label=N_("名称"), maxlength=80)
NAME_EN = FieldView(name="name_en", label=N_("英文名称"), maxlength=80)
DOCUMENT = FieldView(
    name="document",
    label=N_("GeoJSON 文件"),
    kind="file",
    is_required=True,
    hint=N_("每个面须有 area_code（或 adcode、code）属性"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place of the published list, and why it cannot be added now."""

    area_code: str
    name: str
    refusal: str


@router.get(PATH)
def areas_page(caller: Reader, asked: Question, under: Code = "", find: Find = "") -> Response:
    """The tree, in the order of the codes: whoever lies in another stands below it."""
    if asked.is_csv:
        return _csv(caller, asked, under)
    return _areas(caller, asked, under=under, find=find)


@router.post(PATH)
def add_area(caller: Keeper, form: Form) -> Response:
    """Add an area."""
    code = form.texts.get("area_code", "")[:15]

    def do(wanted: AreaWanted) -> Area:
        area = Area(area_code=wanted.area_code, name=wanted.name, name_en=wanted.name_en)
        return places.create_area(caller.session, caller.house.gate, caller.actor, area, caller.at)

    deed = Deed(kind="area.created", subject=f"area/{code}")
    came = submit(caller, AreaWanted, form, deed, do)
    if isinstance(came, Faults):
        return _areas(caller, Asked(), typed=form, faults=came)
    return go(PATH, {"under": parent_of(came.area_code) or "", "done": "area-added"})


@router.post(f"{PATH}/outlines")
def import_outlines(caller: Keeper, form: Form) -> Response:
    """Import outlines and show what became of each area of the file."""

    def do(wanted: OutlinesWanted) -> places.ImportReport:
        return places.import_outlines(
            caller.session,
            caller.house.gate,
            caller.actor,
            wanted.document,
            wanted.system,
            caller.at,
        )

    deed = Deed(kind="area.outlined", subject="area/file")
    came = submit(caller, OutlinesWanted, form, deed, do)
    if isinstance(came, Faults):
        return _areas(caller, Asked(), typed=form, faults=came)
    names = places.area_names(caller.session, came.outlined)
    return section_page(caller, "outlines_report.html", "areas", report=came, names=names)


@router.get(f"{PATH}/{{code}}")
def area_page(caller: Reader, code: str, asked: Question) -> Response:
    """One area: where it lies, its outline, its name."""
    return _area(caller, code, done=asked.done)


@router.post(f"{PATH}/{{code}}")
def rename_area(caller: Keeper, code: str, form: Form) -> Response:
    """Give an area another name."""

    def do(wanted: AreaNamed) -> None:
        area = Area(area_code=code, name=wanted.name, name_en=wanted.name_en)
        places.rename_area(caller.session, caller.house.gate, caller.actor, area, caller.at)

    _known(caller, code)
    deed = Deed(kind="area.renamed", subject=f"area/{code}", area_code=code)
    came = submit(caller, AreaNamed, form, deed, do)
    if isinstance(came, Faults):
        return _area(caller, code, typed=form, faults=came)
    return go(f"{PATH}/{code}", {"done": "area-renamed"})


def _areas(
    caller: Caller,
    asked: Asked,
    *,
    under: str = "",
    find: str = "",
    typed: Typed = NOTHING_TYPED,
    faults: Faults = NO_FAULTS,
) -> Response:
    within = _within(caller, under)
    found = places.list_areas(caller.session, asked.page_asked(), within)
    levels = tuple(Level)
    steps = {each.area_code: levels.index(level_of(each.area_code)) for each in found.items}
    top = min(steps.values(), default=0)
    lineage = tuple(reversed(ancestors_of(under))) if is_short(under) else ()
    return section_page(
        caller,
        "areas.html",
        "areas",
        done=asked.done,
        status=faults.status,
        fault=faults.whole,
        listing=listing_of(PATH, found, asked, (words_filter(asked),), under=under),
        under=under,
        above=[(code, _names(caller, lineage).get(code, code)) for code in lineage],
        under_name=_names(caller, (under,)).get(under, ""),
        depths={code: step - top for code, step in steps.items()},
        levels=words.LEVELS,
        level_of=level_of,
        full_code=full_code,
        find=find,
        candidates=_candidates(caller, find),
        may_keep=_may_keep(caller),
        add_fields=filled((CODE, NAME, NAME_EN), typed, faults),
        outline_fields=filled((DOCUMENT, _system_field(caller)), typed, faults),
    )


def _area(
    caller: Caller,
    code: str,
    *,
    done: str = "",
    typed: Typed = NOTHING_TYPED,
    faults: Faults = NO_FAULTS,
) -> Response:
    area = _known(caller, code)
    above = tuple(reversed(ancestors_of(code)))
    names = _names(caller, above)
    return section_page(
        caller,
        "area.html",
        "areas",
        done=done,
        status=faults.status,
        fault=faults.whole,
        area=area,
        full_code=full_code(code),
        level=words.LEVELS[level_of(code)],
        above=[(each, names[each]) for each in above if each in names],
        below=places.areas_below(caller.session, code),
        drawing=outline_drawing.of_area(caller.session, code),
        refusal=refusal(caller, lambda: require(caller.actor, Right.MANAGE_AREAS, code)),
        fields=filled(_name_fields(area), typed, faults),
    )


def _known(caller: Caller, code: str) -> Area:
    """An area in the caller's reach."""
    if not is_short(code) or not code.startswith(caller.scope.area_prefixes):
        raise AreaUnknown(code[:15])
    return places.area_of(caller.session, code)


def _within(caller: Caller, under: str) -> tuple[str, ...]:
    """The subtree asked for, as far as the caller reaches."""
    if under and under.startswith(caller.scope.area_prefixes):
        return (under,)
    return caller.scope.area_prefixes


def _names(caller: Caller, codes: Sequence[str]) -> dict[str, str]:
    return places.area_names(caller.session, tuple(codes))


def _may_keep(caller: Caller) -> bool:
    return any(
        Right.MANAGE_AREAS in rights_in(caller.actor, code) for code in caller.scope.area_prefixes
    )


def _name_fields(area: Area) -> tuple[FieldView, ...]:
    return (
        FieldView(name="name", label=N_("名称"), value=area.name, is_required=True, maxlength=80),
        FieldView(name="name_en", label=N_("英文名称"), value=area.name_en, maxlength=80),
    )


def _system_field(caller: Caller) -> FieldView:
    choices = ((each.value, words.say(caller, word)) for each, word in words.SYSTEMS.items())
    return FieldView(
        name="system",
        label=N_("坐标系"),
        is_required=True,
        choices=(("", words.say(caller, N_("请选择，不能默认"))), *choices),
        hint=N_("文件本身看不出坐标系；选错会偏移 300 至 700 m"),
    )


def _candidates(caller: Caller, find: str) -> tuple[Candidate, ...]:
    """Places of the published list that fit, each with why it cannot be added now."""
    return tuple(
        Candidate(
            area_code=listed.area_code,
            name=listed.name,
            refusal=_hindrance(caller, listed.area_code),
        )
        for listed in gazetteer.search(find, FOUND_AT_MOST)
    )


def _hindrance(caller: Caller, code: str) -> str:
    """Why a place cannot be added now; empty if it can."""
    if not code.startswith(caller.scope.area_prefixes):
        return words.say(caller, N_("不在您管理的区域内"))
    above = parent_of(code)
    there = _names(caller, (code, above or code))
    if code in there:
        return words.say(caller, N_("已添加"))
    if above and above not in there:
        return words.say(caller, N_("请先添加上级 {code}")).format(code=above)
    return refusal(caller, lambda: require(caller.actor, Right.MANAGE_AREAS, code))


def _csv(caller: Caller, asked: Asked, under: str) -> Response:
    within = _within(caller, under)

    def fetch(page: PageAsked) -> Page[Area]:
        return places.list_areas(caller.session, page, within)

    header = (
        N_("区域代码"),
        N_("全码"),
        N_("名称"),
        N_("英文名称"),
        N_("层级"),
        N_("经度 °"),
        N_("纬度 °"),
        N_("有边界"),
        N_("虚构"),
    )
    rows = [
        (
            area.area_code,
            full_code(area.area_code),
            area.name,
            area.name_en,
            words.say(caller, words.LEVELS[level_of(area.area_code)]),
            area.longitude_deg,
            area.latitude_deg,
            int(area.has_outline),
            int(area.is_fictional),
        )
        for area in everything(fetch, asked)
    ]
    return csv_answer(
        words.say(caller, N_("区域")), [words.say(caller, each) for each in header], rows
    )
