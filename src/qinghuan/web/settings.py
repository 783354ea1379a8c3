"""Settings of the web room, read once at the edge and passed down."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class WebSettings(BaseSettings):
    """How pages are served: prefix `QINGHUAN_WEB_`."""

    model_config = SettingsConfigDict(env_prefix="QINGHUAN_WEB_", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(
        default=8212, ge=0, le=65_535, description="Port it listens on; 0 takes any free one."
    )
    body_mb: int = Field(default=25, ge=1, le=1_024, description="Largest request taken [MiB].")
    requests_burst: int = Field(
        default=200, ge=10, le=10_000, description="Requests one address may send at once."
    )
    requests_per_s: float = Field(
        default=20.0, gt=0, le=10_000, description="Requests one address may go on sending [1/s]."
    )

    @property
    def body_bytes(self) -> int:
        """Largest request taken, in bytes."""
        return self.body_mb * 1_048_576
