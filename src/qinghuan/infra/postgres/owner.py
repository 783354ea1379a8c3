"""Which system user the database runs as: never root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

SERVICE_USER = "qinghuan"
"""Preferred when root starts us and the site has made this user; else `nobody`."""


class ProcessOptions(TypedDict, total=False):
    """Arguments of `subprocess.Popen` that step down to a user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The system user that owns the data and runs the server."""

    uid: int
    gid: int
    name: str
    is_demoted: bool
    """We are root and step down to this user."""

    def process_options(self) -> ProcessOptions:
        """What makes a child process run as this user."""
        if not self.is_demoted:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Hand a file or folder over to this user."""
        if self.is_demoted:
            os.chown(path, self.uid, self.gid)


def choose_owner(cluster_dir: Path) -> Owner:
    """Choose who runs the server: the owner of the data that exist, or a service user.

    Args:
        cluster_dir: Folder of the database, which may not exist yet.
    """
    if os.geteuid() != 0:
        return _owner(os.geteuid(), os.getegid(), is_demoted=False)
    if cluster_dir.exists() and (kept := cluster_dir.stat()).st_uid != 0:
        return _owner(kept.st_uid, kept.st_gid, is_demoted=True)
    for name in (SERVICE_USER, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return _owner(entry.pw_uid, entry.pw_gid, is_demoted=True)
    return _owner(65534, 65534, is_demoted=True)


def _owner(uid: int, gid: int, *, is_demoted: bool) -> Owner:
    """Name a user id, as far as the system knows it."""
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return Owner(uid=uid, gid=gid, name=name, is_demoted=is_demoted)
