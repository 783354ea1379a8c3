"""Settings are read once, and production starts only when they are safe."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from qinghuan.infra.settings import (
    Exposure,
    InfraSettings,
    UnsafeSettings,
    dangers,
    default_data_dir,
    refuse_unsafe,
)

CHANCE = "f3b1c07a9d52e8846bb0137cfe29ad515e7d84c2090b6fa3"


def safe(**changes: object) -> InfraSettings:
    given = {
        "mode": "production",
        "public_url": "https://qh.example.org",
        "cookie_secure": True,
        "secret_key": SecretStr(CHANCE),
        **changes,
    }
    return InfraSettings.model_validate(given)


def test_variables_of_the_environment_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGHUAN_MODE", "production")
    monkeypatch.setenv("QINGHUAN_DATA_DIR", "/srv/青环")
    monkeypatch.setenv("QINGHUAN_DATABASE_URL", "postgresql://u:hunter2@db/q")

    settings = InfraSettings()

    assert settings.is_production
    assert settings.data_dir == Path("/srv/青环")
    assert not settings.is_embedded
    assert "hunter2" not in repr(settings)


def test_settings_cannot_change_after_the_start() -> None:
    with pytest.raises(ValidationError):
        InfraSettings().mode = "production"


def test_a_mode_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGHUAN_MODE", "prod")

    with pytest.raises(ValidationError, match="development"):
        InfraSettings()


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description for field in InfraSettings.model_fields.values())


def test_root_and_others_get_a_folder_the_database_can_reach(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/qinghuan/data")

    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / "qinghuan"


def test_a_safe_production_starts() -> None:
    refuse_unsafe(safe(), Exposure())


def test_without_a_secret_key_one_is_made_so_that_is_safe() -> None:
    assert dangers(safe(secret_key=None), Exposure()) == ()


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "x" * 64,
        "change-me-please-0123456789-abcdefghij",
        "my-password-is-this-0123456789",
    ],
)
def test_a_short_or_well_known_secret_is_a_danger(secret: str) -> None:
    (danger,) = dangers(safe(secret_key=SecretStr(secret)), Exposure())

    assert danger.setting == "QINGHUAN_SECRET_KEY"


def test_every_danger_is_told_at_once_in_both_languages() -> None:
    settings = safe(secret_key=SecretStr("x"), public_url="http://qh", cookie_secure=False)
    exposure = Exposure(has_open_registration=True, has_demo_accounts=True)

    with pytest.raises(UnsafeSettings) as caught:
        refuse_unsafe(settings, exposure)

    assert [danger.setting for danger in caught.value.dangers] == [
        "QINGHUAN_SECRET_KEY",
        "QINGHUAN_PUBLIC_URL",
        "QINGHUAN_COOKIE_SECURE",
        "open registration",
        "demo accounts",
    ]
    assert caught.value.message_zh().count("\n- ") == 5
    assert str(caught.value).count("\n- ") == 5


def test_development_may_be_unsafe() -> None:
    refuse_unsafe(InfraSettings(), Exposure(has_demo_accounts=True))
