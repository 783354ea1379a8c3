"""What the application refuses to start with."""

from qinghuan.app import RoomSettings, exposure_of
from qinghuan.infra.settings import InfraSettings, dangers
from qinghuan.people.settings import PeopleSettings
from qinghuan.trace.settings import TraceSettings


def _settings_named(rooms: RoomSettings, *, is_demo: bool = False) -> set[str]:
    infra = InfraSettings(mode="production", public_url="https://a.example", cookie_secure=True)
    return {danger.setting for danger in dangers(infra, exposure_of(rooms, is_demo=is_demo))}


def test_the_rooms_defaults_are_refused_in_production_each_by_its_name() -> None:
    named = _settings_named(RoomSettings(), is_demo=True)

    assert named == {"demo accounts", "QINGHUAN_PEOPLE_ROOT_AREA_CODE", "QINGHUAN_TRACE_ORIGIN"}


def test_a_site_that_has_set_its_area_and_its_log_is_let_in() -> None:
    rooms = RoomSettings(
        people=PeopleSettings(root_area_code="4408"), trace=TraceSettings(origin="log.city.example")
    )

    assert _settings_named(rooms) == set()
