"""Settings of the people room, read once at the edge and passed down."""

import base64

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qinghuan.people.vault import KEY_BYTES


class PeopleSettings(BaseSettings):
    """Signing in, and what is kept of it."""

    model_config = SettingsConfigDict(env_prefix="QINGHUAN_PEOPLE_", frozen=True)

    vault_key: SecretStr | None = Field(
        default=None,
        description="32 bytes in base64 that seal personal values; `vault.key` in the data folder"
        " if unset, made at the first start. Without it sealed values are lost.",
    )
    former_vault_keys: tuple[SecretStr, ...] = Field(
        default=(),
        description="Keys that still open what they sealed, after a change of key; a JSON list.",
    )
    root_area_code: str = Field(
        default="99",
        description="Area over which the first three administrators are set up.",
    )
    issuer: str = Field(default="青环 Qinghuan", description="Name shown in the authenticator app.")
    idle_s: int = Field(
        default=900, ge=60, le=900, description="Seconds after which an unused session is dead."
    )
    session_s: int = Field(
        default=43_200,
        ge=600,
        le=43_200,
        description="Seconds after sign-in at which a session is dead, however busy.",
    )
    locked_after: int = Field(
        default=20, ge=3, le=20, description="Wrong passwords in a row that lock an account."
    )
    locked_for_s: int = Field(
        default=1_800, ge=300, le=86_400, description="Seconds an account stays locked."
    )
    password_days: int = Field(
        default=180,
        ge=1,
        le=365,
        description="Days after which a password must be changed at the next sign-in.",
    )
    audit_days: int = Field(
        default=365,
        ge=180,
        description="Days that tries at signing in are kept; the law allows no fewer than 180.",
    )

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
