"""What can go wrong under the floor boards, in words an operator can act on."""

from pathlib import Path
from typing import ClassVar

from qinghuan.core.errors import Conflict, Invalid, QinghuanError, Refused, Unavailable


class InfraError(QinghuanError):
    """Root of the errors of settings, database, queue, blobs and keys."""

    code: ClassVar[str] = "infra.error"
    zh: ClassVar[str] = "基础设施出错"


class PostgresFailed(InfraError, Unavailable):
    """The embedded database did not start or stopped by itself."""

    code = "infra.postgres-failed"
    zh = "内嵌数据库未能启动：{detail}。请查看日志 {log}"

    def __init__(self, detail: str, log: Path) -> None:
        """Keep the last words of the server and where the rest is."""
        super().__init__(f"embedded PostgreSQL did not start: {detail} (see {log})")
        self.detail = detail
        self.log = log


class DiskFull(InfraError, Unavailable):
    """There is no room left where the data live."""

    code = "infra.disk-full"
    zh = "数据目录 {folder} 所在磁盘空间不足（剩余 {free_mb} MB）。请清理磁盘后重试"

    def __init__(self, folder: Path, free_mb: int) -> None:
        """Keep the folder and the megabytes left there."""
        super().__init__(f"no space left for {folder} ({free_mb} MB free)")
        self.folder = folder
        self.free_mb = free_mb


class FolderForbidden(InfraError, Refused):
    """The database's user may not use a folder it needs."""

    code = "infra.folder-forbidden"
    zh = (
        "用户 {user} 无权使用目录 {folder}。"
        "请换一个目录（QINGHUAN_DATA_DIR），例如 /var/lib/qinghuan；系统不会修改上级目录的权限"
    )

    def __init__(self, folder: Path, user: str) -> None:
        """Keep the folder and the system user that was turned away."""
        super().__init__(
            f"user {user} may not use {folder}; choose another QINGHUAN_DATA_DIR "
            "such as /var/lib/qinghuan (permissions of parent folders are never changed)"
        )
        self.folder = folder
        self.user = user


class DataFolderInUse(InfraError, Conflict):
    """Another live Qinghuan already runs on this data folder."""

    code = "infra.data-folder-in-use"
    zh = "数据目录 {folder} 正被另一个青环进程（PID {pid}）使用。请先停止它，或换一个目录"

    def __init__(self, folder: Path, pid: str) -> None:
        """Keep the folder and the process that holds it."""
        super().__init__(f"data folder {folder} is in use by process {pid}; stop it first")
        self.folder = folder
        self.pid = pid


class DataFolderVersion(InfraError, Conflict):
    """The data were written by another major version of PostgreSQL."""

    code = "infra.data-folder-version"
    zh = (
        "数据目录 {folder} 由 PostgreSQL {found} 写成，本程序自带 {needed}。"
        "请用旧版本程序备份（qinghuan backup），再用新版本恢复（qinghuan restore）"
    )

    def __init__(self, folder: Path, found: str, needed: str) -> None:
        """Keep both versions."""
        super().__init__(
            f"{folder} was written by PostgreSQL {found}, this program brings {needed}: "
            "back up with the old program and restore with the new one"
        )
        self.folder = folder
        self.found = found
        self.needed = needed


class ServerUnreachable(InfraError, Unavailable):
    """The database server named in the settings does not answer."""

    code = "infra.server-unreachable"
    zh = "连不上数据库服务器：{detail}"

    def __init__(self, detail: str) -> None:
        """Keep the driver's words, which hold no password."""
        super().__init__(f"database server does not answer: {detail}")
        self.detail = detail


class ServerUnfit(InfraError, Invalid):
    """The database server named in the settings lacks something we need."""

    code = "infra.server-unfit"
    zh = "数据库服务器不符合要求：{reasons_zh}"

    def __init__(self, reasons: tuple[str, ...], reasons_zh: str) -> None:
        """Keep every lack at once, so that one visit to the server is enough."""
        super().__init__("database server is unfit: " + "; ".join(reasons))
        self.reasons = reasons
        self.reasons_zh = reasons_zh
