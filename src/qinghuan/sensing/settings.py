"""Settings of the sensing room, read once at the edge and passed down."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SensingSettings(BaseSettings):
    """The gateway of stations, and when a station is silent."""

    model_config = SettingsConfigDict(env_prefix="QINGHUAN_SENSING_", frozen=True)

    gateway_host: str = Field(
        default="127.0.0.1", description="Address the HJ 212 gateway listens on."
    )
    gateway_port: int = Field(
        default=9212, ge=0, le=65_535, description="TCP port of the gateway; 0: any free one."
    )
    max_links: int = Field(
        default=5_000, ge=1, description="Open links of stations; further ones are closed at once."
    )
    idle_s: float = Field(
        default=900.0, gt=0, description="Seconds after which a link without a frame is closed."
    )
    batch_ms: int = Field(
        default=20,
        ge=0,
        le=1_000,
        description="Milliseconds the writer waits for more frames before it stores a batch.",
    )
    batch_frames: int = Field(
        default=500, ge=1, le=1_000, description="Most frames stored in one transaction."
    )
    queue_frames: int = Field(
        default=4_000,
        ge=1,
        description="Frames waiting to be stored at which the gateway stops reading.",
    )
    kept_rejects_per_minute: int = Field(
        default=600,
        ge=0,
        description="Refused frames whose bytes are kept, each minute; all are counted.",
    )
    refusals_per_link: int = Field(
        default=1_000,
        ge=1,
        description="Refusals in a row after which a link is closed.",
    )
    silence_factor: int = Field(
        default=3, ge=2, description="Missed beats after which a station counts as silent."
    )
    default_cadence_s: int = Field(
        default=3_600,
        ge=1,
        description="Beat of a station that states none and has sent too little to show it [s].",
    )
