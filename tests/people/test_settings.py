from base64 import b64encode

import pytest
from pydantic import SecretStr, ValidationError

from qinghuan.people.settings import PeopleSettings


def test_the_defaults_are_the_law_and_have_no_key() -> None:
    settings = PeopleSettings()

    assert (settings.idle_s, settings.locked_after, settings.keys()) == (900, 20, ())


@pytest.mark.parametrize(
    ("name", "value"), [("audit_days", 179), ("idle_s", 901), ("locked_after", 21)]
)
def test_a_limit_of_the_law_cannot_be_loosened(name: str, value: int) -> None:
    with pytest.raises(ValidationError):
        PeopleSettings.model_validate({name: value})


def test_keys_are_read_current_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGHUAN_PEOPLE_VAULT_KEY", b64encode(bytes(32)).decode())
    monkeypatch.setenv("QINGHUAN_PEOPLE_FORMER_VAULT_KEYS", f'["{b64encode(b"k" * 32).decode()}"]')

    assert PeopleSettings().keys() == (bytes(32), b"k" * 32)


@pytest.mark.parametrize("key", ["short", b64encode(bytes(31)).decode(), "§"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        PeopleSettings(vault_key=SecretStr(key))


def test_a_demo_area_is_refused_in_production() -> None:
    assert PeopleSettings().unsafe_in_production()
    assert PeopleSettings(root_area_code="4408").unsafe_in_production() == ()
