"""What a site may set, read once at the start, and what is too dangerous to start with."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from qinghuan.core.errors import Refused
from qinghuan.infra.errors import InfraError

MIN_SECRET_CHARACTERS = 32
"""256 bits in hexadecimal take 64; 32 characters of a password manager hold over 190."""

_WELL_KNOWN = ("secret", "password", "change", "default", "example", "qinghuan", "dev", "test")


def default_data_dir() -> Path:
    """Where data go when nothing is set: a folder the database's user can also reach."""
    if os.geteuid() == 0:
        return Path("/var/lib/qinghuan/data")
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "qinghuan"


class InfraSettings(BaseSettings):
    """Settings of the floor, from variables `QINGHUAN_…`."""

    model_config = SettingsConfigDict(env_prefix="QINGHUAN_", frozen=True, extra="ignore")

    mode: Literal["development", "production"] = Field(
        default="development",
        description="`production` refuses to start when something is unsafe.",
    )
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder of the embedded database, blobs and keys.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="`postgresql://…` of a server of the site; empty: the embedded database.",
    )
    database_pool_size: int = Field(
        default=10, ge=1, le=200, description="Database connections kept open."
    )
    postgres_bin_dir: Path | None = Field(
        default=None,
        description="Folder of pg_dump and pg_restore that fit an external server's version.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs sessions, for several hosts behind one address; "
        "empty: a key made on the first start.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8212",
        description="Address under which people reach the platform.",
    )
    cookie_secure: bool = Field(
        default=False, description="Cookies travel over TLS only; must be on in production."
    )
    blob_max_mb: int = Field(
        default=512, ge=1, le=100_000, description="Largest file accepted [MB]."
    )
    job_concurrency: int = Field(default=4, ge=1, le=64, description="Jobs run at the same time.")
    min_free_disk_mb: int = Field(
        default=1024, ge=64, description="Below this much room the health check fails [MB]."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least important log line shown."
    )

    @property
    def is_production(self) -> bool:
        """Whether unsafe settings are refused."""
        return self.mode == "production"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is our own child."""
        return self.database_url is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What other rooms' settings open to the world."""

    has_open_registration: bool = False
    """Anyone may make an account for himself."""
    has_demo_accounts: bool = False
    """Accounts whose passwords are shown on the sign-in page."""
    has_demo_area: bool = False
    """The first administrators would be set up over a demo's area."""
    has_example_log: bool = False
    """The log bears the name every installation starts with, and can never change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """One reason not to start."""

    setting: str
    """The variable that would mend it, or what else stands open."""
    english: str
    chinese: str


class UnsafeSettings(InfraError, Refused):
    """The platform does not start in production with these settings."""

    code: ClassVar[str] = "infra.unsafe-settings"
    zh: ClassVar[str] = "生产模式拒绝启动，请先修正以下设置：\n{list_zh}"

    def __init__(self, dangers: tuple[Danger, ...]) -> None:
        """Keep every danger at once, so that they are mended in one go."""
        lines = (f"{danger.setting}: {danger.english}" for danger in dangers)
        super().__init__("production refuses to start:\n- " + "\n- ".join(lines))
        self.dangers = dangers
        self.list_zh = "\n".join(f"- {danger.setting}：{danger.chinese}" for danger in dangers)


def refuse_unsafe(settings: InfraSettings, exposure: Exposure) -> None:
    """Refuse to start in production while anything is unsafe; development may be.

    Raises:
        UnsafeSettings: With every reason, in both languages.
    """
    found = dangers(settings, exposure)
    if settings.is_production and found:
        raise UnsafeSettings(found)


def dangers(settings: InfraSettings, exposure: Exposure) -> tuple[Danger, ...]:
    """Everything that would be unsafe in production."""
    return (
        *_secret_dangers(settings),
        *_transport_dangers(settings),
        *_exposure_dangers(exposure),
    )


def _secret_dangers(settings: InfraSettings) -> tuple[Danger, ...]:
    """A session key that is short or that everybody knows."""
    if settings.secret_key is None:
        return ()
    secret = settings.secret_key.get_secret_value()
    if len(secret) < MIN_SECRET_CHARACTERS:
        return (
            Danger(
                setting="QINGHUAN_SECRET_KEY",
                english=f"shorter than {MIN_SECRET_CHARACTERS} characters; "
                "leave it out and one is made",
                chinese=f"少于 {MIN_SECRET_CHARACTERS} 个字符；不设置则自动生成",
            ),
        )
    if len(set(secret)) < 10 or any(word in secret.lower() for word in _WELL_KNOWN):
        return (
            Danger(
                setting="QINGHUAN_SECRET_KEY",
                english="looks like an example, not like chance; leave it out and one is made",
                chinese="像示例值而不是随机值；不设置则自动生成",
            ),
        )
    return ()


def _transport_dangers(settings: InfraSettings) -> tuple[Danger, ...]:
    """Passwords and sessions that travel in clear."""
    found = []
    if not settings.public_url.startswith("https://"):
        found.append(
            Danger(
                setting="QINGHUAN_PUBLIC_URL",
                english="is not https://: passwords would travel in clear",
                chinese="不是 https:// 地址，口令将明文传输",
            )
        )
    if not settings.cookie_secure:
        found.append(
            Danger(
                setting="QINGHUAN_COOKIE_SECURE",
                english="is off: session cookies could leave over plain HTTP; set it to true",
                chinese="未开启，会话 Cookie 可能经明文 HTTP 泄露；请设为 true",
            )
        )
    return tuple(found)


def _exposure_dangers(exposure: Exposure) -> tuple[Danger, ...]:
    """Doors that stand open."""
    found = []
    if exposure.has_open_registration:
        found.append(
            Danger(
                setting="open registration",
                english="is on: anyone could make an account",
                chinese="已开启，任何人都能自行注册账号；请关闭",
            )
        )
    if exposure.has_demo_accounts:
        found.append(
            Danger(
                setting="demo accounts",
                english="is on: accounts with published passwords exist",
                chinese="已开启，演示账号的口令是公开的；请关闭并删除演示账号",
            )
        )
    if exposure.has_demo_area:
        found.append(
            Danger(
                setting="QINGHUAN_PEOPLE_ROOT_AREA_CODE",
                english="is a demo's area (99…); give the area code of this site",
                chinese="是演示区域（99…）；请设为本站点的区划代码",
            )
        )
    if exposure.has_example_log:
        found.append(
            Danger(
                setting="QINGHUAN_TRACE_ORIGIN",
                english="is the example name; it can never be changed once records exist",
                chinese="仍是示例名称；产生记录后不能再改，请先设为本站点的日志名",
            )
        )
    return tuple(found)
