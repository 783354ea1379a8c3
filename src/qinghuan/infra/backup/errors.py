"""What can go wrong with a backup."""

from pathlib import Path
from typing import ClassVar

from qinghuan.core.errors import Conflict, Invalid, Refused, Unavailable
from qinghuan.infra.errors import InfraError


class BackupDamaged(InfraError, Invalid):
    """A backup is incomplete, changed, or none of ours."""

    code: ClassVar[str] = "infra.backup-damaged"
    zh: ClassVar[str] = "备份文件 {path} 不完整或已损坏：{reason}"

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the file and what does not fit."""
        super().__init__(f"{path} is no sound backup: {reason}")
        self.path = path
        self.reason = reason


class BackupExists(InfraError, Conflict):
    """A backup never overwrites a file."""

    code: ClassVar[str] = "infra.backup-exists"
    zh: ClassVar[str] = "文件 {path} 已存在，备份不会覆盖它"

    def __init__(self, path: Path) -> None:
        """Keep the file."""
        super().__init__(f"{path} exists; a backup does not overwrite it")
        self.path = path


class NotEmpty(InfraError, Conflict):
    """A backup is restored into an empty installation only."""

    code: ClassVar[str] = "infra.restore-not-empty"
    zh: ClassVar[str] = "目标不是空的安装（{what_zh}），恢复不会覆盖现有数据"

    def __init__(self, what: str, what_zh: str) -> None:
        """Keep what was found there."""
        super().__init__(f"the installation is not empty: {what}")
        self.what = what
        self.what_zh = what_zh


class ToolMismatch(InfraError, Refused):
    """pg_dump or pg_restore is of another major version than the server or the backup."""

    code: ClassVar[str] = "infra.backup-tool-mismatch"
    zh: ClassVar[str] = (
        "{tool} 的版本是 {tool_major}，而数据库/备份的版本是 {needed_major}。"
        "请用 QINGHUAN_POSTGRES_BIN_DIR 指定 PostgreSQL {needed_major} 的程序目录"
    )

    def __init__(self, tool: str, tool_major: int, needed_major: int) -> None:
        """Keep the three."""
        super().__init__(
            f"{tool} is of version {tool_major}, version {needed_major} is needed: "
            "name its folder in QINGHUAN_POSTGRES_BIN_DIR"
        )
        self.tool = tool
        self.tool_major = tool_major
        self.needed_major = needed_major


class MayNotReadAll(InfraError, Refused):
    """The database user does not see every row, so a backup would silently miss some."""

    code: ClassVar[str] = "infra.backup-may-not-read-all"
    zh: ClassVar[str] = (
        "数据库用户受行级安全限制，看不到全部数据，不能用于备份。"
        "请由管理员执行：ALTER ROLE <用户> BYPASSRLS"
    )

    def __init__(self) -> None:
        """There is nothing more to tell."""
        super().__init__(
            "the database user does not see every row: run ALTER ROLE <user> BYPASSRLS"
        )


class ToolFailed(InfraError, Unavailable):
    """pg_dump or pg_restore failed."""

    code: ClassVar[str] = "infra.backup-tool-failed"
    zh: ClassVar[str] = "{tool} 失败：{detail}"

    def __init__(self, tool: str, detail: str) -> None:
        """Keep the program and its last words."""
        super().__init__(f"{tool} failed: {detail}")
        self.tool = tool
        self.detail = detail
