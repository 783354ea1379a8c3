"""Settings of the log."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

EXAMPLE_ORIGIN = "qinghuan.example/log"
"""A name for trying things out; production refuses it."""


class TraceSettings(BaseSettings):
    """The log of records."""

    model_config = SettingsConfigDict(env_prefix="QINGHUAN_TRACE_", frozen=True)

    origin: str = Field(
        default=EXAMPLE_ORIGIN,
        pattern=r"^[^\s+]+$",
        description="Name of the log and of its key, an address without scheme; it can never be"
        " changed once records exist.",
    )
    key_file: Path | None = Field(
        default=None,
        description="File of the log's private key; `trace/log.key` in the data folder if unset,"
        " made at the first start.",
    )
    max_lag_s: float = Field(
        default=30.0,
        gt=0,
        description="Seconds a record may wait for its place before privileged acts stop.",
    )
