import json
from dataclasses import replace

import pytest
from factories.people import NOON, Town
from sqlalchemy.orm import Session

from qinghuan.core.geo import Place, to_gcj02
from qinghuan.infra.database import SYSTEM
from qinghuan.people.errors import (
    AreaCodeMalformed,
    AreaExists,
    AreaUnknown,
    AreaWithoutParent,
    CreditCodeTaken,
    CreditCodeWrong,
    NameMissing,
    OfficeUnknown,
    RightMissing,
)
from qinghuan.people.model import Area, OfficeKind, PageAsked
from qinghuan.people.outline import CoordinateSystem
from qinghuan.people.service.places import (
    OfficeDraft,
    area_names,
    area_of,
    areas_below,
    change_office,
    create_area,
    create_office,
    found_area,
    import_outlines,
    list_areas,
    list_offices,
    office_of,
    outlines_for_map,
    rename_area,
)

pytestmark = pytest.mark.db

SQUARE = [[110.0, 21.0], [110.2, 21.0], [110.2, 21.2], [110.0, 21.2], [110.0, 21.0]]
CREDIT_CODE = "91350100M000100Y43"


def shifted(ring: list[list[float]]) -> list[list[float]]:
    places = [to_gcj02(Place(longitude_deg=x, latitude_deg=y)) for x, y in ring]
    return [[place.longitude_deg, place.latitude_deg] for place in places]


def file_of(*areas: tuple[str, str], ring: list[list[float]] | None = None) -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"adcode": code, "name": name},
                    "geometry": {"type": "Polygon", "coordinates": [ring or SQUARE]},
                }
                for code, name in areas
            ],
        }
    ).encode()


def test_an_area_is_added_below_its_parent_and_found_by_both(
    town: Town, as_system: Session
) -> None:
    system = town.actor("system")
    create_area(as_system, town.gate, system, Area(area_code="990101001", name="东滩镇"), NOON)

    assert area_of(as_system, "990101001").name == "东滩镇"
    assert area_of(as_system, "990101001").is_fictional
    assert [area.area_code for area in areas_below(as_system, "990101")] == ["990101001"]
    assert area_names(as_system, ("990101", "990109")) == {"990101": "青环区"}


def test_a_real_area_takes_its_published_name(platform: Session) -> None:
    assert found_area(platform, "440803", NOON).name == "霞山区"
    assert area_of(platform, "44").name == "广东省"


def test_an_area_that_cannot_be_is_refused(town: Town, as_system: Session) -> None:
    for area, refusal in (
        (Area(area_code="990101", name="又一个"), AreaExists),
        (Area(area_code="990109001", name="镇"), AreaWithoutParent),
        (Area(area_code="990103", name=" "), NameMissing),
        (Area(area_code="990103", name="长" * 81), NameMissing),
        (Area(area_code="9902", name="别处"), RightMissing),
        (Area(area_code="99x1", name="错"), AreaCodeMalformed),
    ):
        with pytest.raises(refusal):
            create_area(as_system, town.gate, town.actor("system"), area, NOON)


def test_an_area_is_renamed_by_who_manages_areas_only(town: Town, as_system: Session) -> None:
    named = Area(area_code="990101", name="青环新区", name_en="Qinghuan New District")
    with pytest.raises(RightMissing):
        rename_area(as_system, town.gate, town.actor("security"), named, NOON)
    rename_area(as_system, town.gate, town.actor("system"), named, NOON)
    with pytest.raises(AreaUnknown):
        rename_area(
            as_system, town.gate, town.actor("system"), replace(named, area_code="990109"), NOON
        )

    assert area_of(as_system, "990101").name_en == "Qinghuan New District"


def test_a_file_of_outlines_draws_known_areas_adds_new_and_says_what_it_refused(
    town: Town, as_system: Session
) -> None:
    document = file_of(
        ("990101001", "东滩镇"), ("990101", "青环区"), ("9902", "别处"), ("990109001", "孤镇")
    )
    report = import_outlines(
        as_system, town.gate, town.actor("system"), document, CoordinateSystem.WGS84, NOON
    )

    assert report.outlined == ("990101", "990101001")
    assert report.added == ("990101001",)
    assert {(one.label, one.code) for one in report.refused} == {
        ("别处", "people.right-missing"),
        ("孤镇", "people.area-without-parent"),
    }
    assert area_of(as_system, "990101").has_outline
    assert area_of(as_system, "990101").longitude_deg == pytest.approx(110.1)


def test_an_outline_in_gcj02_is_kept_in_wgs84_and_a_wrong_declaration_pointed_out(
    town: Town, as_system: Session
) -> None:
    system = town.actor("system")
    document = file_of(("990101", "青环区"), ring=shifted(SQUARE))
    import_outlines(as_system, town.gate, system, document, CoordinateSystem.GCJ02, NOON)
    (feature,) = outlines_for_map(as_system, ("9901",))["features"]
    kept = feature["geometry"]["coordinates"][0][0]
    assert [position for corner in kept for position in corner] == pytest.approx(
        [position for corner in SQUARE for position in corner], abs=1e-6
    )

    mistaken = import_outlines(as_system, town.gate, system, document, CoordinateSystem.WGS84, NOON)
    assert mistaken.look_gcj02 == ("990101",)


def test_outlines_for_a_map_are_of_one_level_when_asked(town: Town, as_system: Session) -> None:
    document = file_of(("9901", "青环市"), ("990101", "青环区"))
    import_outlines(
        as_system, town.gate, town.actor("system"), document, CoordinateSystem.WGS84, NOON
    )

    shown = outlines_for_map(as_system, ("9901",), level=6)["features"]
    assert [feature["id"] for feature in shown] == ["990101"]


def test_an_office_is_added_and_changed(town: Town, as_system: Session) -> None:
    system = town.actor("system")
    draft = OfficeDraft(
        name="区环保所",
        kind=OfficeKind.DEPARTMENT,
        area_code="990101",
        credit_code=CREDIT_CODE.lower(),
    )
    office = create_office(as_system, town.gate, system, draft, NOON)
    change_office(as_system, town.gate, system, replace(office, name="区环保中心"), NOON)

    assert office_of(as_system, office.id) == replace(office, name="区环保中心")
    assert office.credit_code == CREDIT_CODE
    with pytest.raises(CreditCodeTaken):
        create_office(as_system, town.gate, system, replace(draft, name="另一个"), NOON)
    wrong = replace(draft, credit_code="91350100M000100Y44")
    with pytest.raises(CreditCodeWrong):
        create_office(as_system, town.gate, system, wrong, NOON)
    with pytest.raises(RightMissing):
        create_office(as_system, town.gate, town.actor("audit"), draft, NOON)


def test_an_office_nobody_knows_is_said_so(town: Town, as_system: Session) -> None:
    with pytest.raises(OfficeUnknown):
        office_of(as_system, town.people["system"].id)


def test_lists_are_paged_and_searched(town: Town) -> None:
    system = town.actor("system")
    with town.database.transaction(SYSTEM) as session:
        for number in range(1, 8):
            code = f"990101{number:03d}"
            create_area(
                session, town.gate, system, Area(area_code=code, name=f"{number} 号镇"), NOON
            )
        draft = OfficeDraft(name="100%_达标办", kind=OfficeKind.OTHER, area_code="990101")
        create_office(session, town.gate, system, draft, NOON)
        page = list_areas(session, PageAsked(number=2, size=3, text="号镇"), ("990101",))
        none = list_areas(session, PageAsked(text="号镇"), ())
        offices = list_offices(session, PageAsked(text="%_达标"), ("9901",))
        nothing = list_offices(session, PageAsked(text="%x达标"), ("9901",))

    assert (page.total, [area.area_code for area in page.items]) == (
        7,
        ["990101004", "990101005", "990101006"],
    )
    assert (none.total, offices.total, nothing.total) == (0, 1, 0)
