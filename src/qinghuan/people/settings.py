"""Settings of the people room, read once at the edge and passed down."""

import base64
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qinghuan.people.vault import KEY_BYTES


class PeopleSettings(BaseSettings):
    """How people sign in, and what is kept of it. Prefix `QINGHUAN_PEOPLE_`."""

    model_config = SettingsConfigDict(env_prefix="QINGHUAN_PEOPLE_", frozen=True)

    vault_key: SecretStr | None = None
    """32 bytes in base64 that seal personal values; unset: a file in the data folder."""

    former_vault_keys: tuple[SecretStr, ...] = ()
    """Keys that still open what they sealed, after a change of key (a JSON list)."""

    root_area_code: str = "99"
    """Area over which the first three administrators are set up."""

    issuer: str = "青环 Qinghuan"
    """Name shown in the authenticator app."""

    idle_s: Annotated[int, Field(ge=60, le=900)] = 900
    """A session unused for so long is dead. [s]"""

    session_s: Annotated[int, Field(ge=600, le=43_200)] = 43_200
    """A session is dead so long after sign-in. [s]"""

    locked_after: Annotated[int, Field(ge=3, le=20)] = 20
    """Wrong passwords in a row that lock an account."""

    locked_for_s: Annotated[int, Field(ge=300, le=86_400)] = 1_800
    """How long the lock lasts. [s]"""

    password_days: Annotated[int, Field(ge=1, le=365)] = 180
    """A password older than this must be changed at the next sign-in. [d]"""

    audit_days: Annotated[int, Field(ge=180)] = 365
    """Sign-in attempts are kept so long; the law allows no less than six months. [d]"""

    log_max_lag_s: Annotated[int, Field(ge=1, le=600)] = 60
    """Privileged acts stop when the log is behind by more. [s]"""

    @field_validator("vault_key", "former_vault_keys")
    @classmethod
    def _is_key(
        cls, value: SecretStr | tuple[SecretStr, ...] | None
    ) -> SecretStr | tuple[SecretStr, ...] | None:
        """Refuse a key that is not 32 bytes of base64."""
        given = value if isinstance(value, tuple) else () if value is None else (value,)
        for each in given:
            _decoded(each)
        return value

    def keys(self) -> tuple[bytes, ...]:
        """The keys given, the current one first; empty if none was."""
        if self.vault_key is None:
            return ()
        return tuple(_decoded(each) for each in (self.vault_key, *self.former_vault_keys))

    def unsafe_in_production(self) -> tuple[str, ...]:
        """What must be mended before production, in words; empty if all is well."""
        faults = []
        if self.root_area_code.startswith("99"):
            faults.append("QINGHUAN_PEOPLE_ROOT_AREA_CODE is a demo's area (99…)")
        return tuple(faults)


def _decoded(key: SecretStr) -> bytes:
    """A key's bytes."""
    try:
        decoded = base64.b64decode(key.get_secret_value(), validate=True)
    except ValueError as error:
        raise ValueError("a vault key is base64") from error
    if len(decoded) != KEY_BYTES:
        raise ValueError(f"a vault key has {KEY_BYTES} bytes")
    return decoded
