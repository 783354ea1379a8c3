"""A short private folder for the database's socket: its permissions are the only guard."""

import hashlib
import os
import stat
from pathlib import Path

from qinghuan.infra.errors import FolderForbidden
from qinghuan.infra.postgres.owner import Owner

PORT = 5432
"""Only a suffix of the socket's name: nothing listens on TCP."""

_MAX_SOCKET_PATH_BYTES = 100
"""The kernel allows 107; some systems 103."""


def socket_folder(cluster_dir: Path, owner: Owner) -> Path:
    """Make and return the private folder of a cluster's socket, mode 0700.

    Raises:
        FolderForbidden: No place is short enough and ours alone.
    """
    digest = hashlib.sha256(os.fsencode(cluster_dir.resolve())).hexdigest()[:12]
    homes = [Path("/run")] if owner.is_demoted else []
    if not owner.is_demoted and (runtime := os.environ.get("XDG_RUNTIME_DIR")):
        homes.append(Path(runtime))
    homes.append(Path("/tmp"))  # noqa: S108 - made 0700 and its owner is checked below
    for home in homes:
        folder = home / f"qh-{digest}"
        if _fits(folder) and _claim(folder, owner):
            return folder
    raise FolderForbidden(homes[-1] / f"qh-{digest}", owner.name)


def _fits(folder: Path) -> bool:
    """Whether the socket's path is short enough for the kernel."""
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= _MAX_SOCKET_PATH_BYTES


def _claim(folder: Path, owner: Owner) -> bool:
    """Make the folder ours alone; a folder or link someone else put there is not used."""
    try:
        folder.mkdir(mode=0o700)
        owner.give(folder)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.uid:
        return False
    folder.chmod(0o700)
    return True
