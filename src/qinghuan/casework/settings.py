"""What a site may set about its cases."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from qinghuan.casework.adapters import shelf


class CaseworkSettings(BaseSettings):
    """Settings of casework, from variables `QINGHUAN_CASEWORK_…`."""

    model_config = SettingsConfigDict(env_prefix="QINGHUAN_CASEWORK_", frozen=True, extra="ignore")

    policy: str = Field(
        default=shelf.POLICY_IN_FORCE,
        description="Id of the time-limit policy that clocks started from now on pin; "
        "the default is a labelled example.",
    )
    calendar: str = Field(
        default=shelf.CALENDAR_IN_FORCE,
        description="Id of the working calendar that clocks started from now on pin.",
    )
    episode_gap_hours: int = Field(
        default=24,
        ge=1,
        le=24 * 30,
        description="Alarms of one machine source at most so far apart are one episode.",
    )
    quiet_hours: int = Field(
        default=3,
        ge=1,
        le=24 * 30,
        description="Hours a machine's values must have stayed under their limit before its case "
        "may close; the platform's own default, not a standard's.",
    )
