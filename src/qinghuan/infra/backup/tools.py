"""pg_dump and pg_restore, run without a password on any command line."""

import os
import re
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from qinghuan.infra.backup.errors import MayNotReadAll, ToolFailed, ToolMismatch
from qinghuan.infra.logging import redact
from qinghuan.infra.postgres.binaries import wheel_binaries
from qinghuan.infra.postgres.external import plain_url

LOCK_WAIT = "30s"
"""A backup gives up rather than queue behind a migration and block everybody."""


def dump(url: str, target: Path, *, bin_dir: Path | None, server_major: int) -> None:
    """Write a database into a file of pg_dump's custom format.

    Args:
        url: Address of the database.
        target: File to write.
        bin_dir: Folder of the programs; the wheel's by default.
        server_major: Major version of the server.

    Raises:
        ToolMismatch: The program is of another major version.
        MayNotReadAll: Row-level security would hide rows.
        ToolFailed: It failed otherwise.
    """
    tool = _tool("pg_dump", bin_dir, server_major)
    _run(
        [
            tool,
            "--format=custom",
            "--no-owner",
            f"--lock-wait-timeout={LOCK_WAIT}",
            f"--file={target}",
        ],
        url,
    )


def load(url: str, source: Path, *, bin_dir: Path | None, dump_major: int) -> None:
    """Bring a dump into an empty database, whole or not at all.

    Args:
        url: Address of the database.
        source: File that `dump` wrote.
        bin_dir: Folder of the programs; the wheel's by default.
        dump_major: Major version the dump was made with.

    Raises:
        ToolMismatch: The program is of another major version.
        ToolFailed: It failed; the database is as before.
    """
    tool = _tool("pg_restore", bin_dir, dump_major)
    _run([tool, "--no-owner", "--single-transaction", "--exit-on-error", str(source)], url)


def _tool(name: str, bin_dir: Path | None, needed_major: int) -> str:
    """Path of a program, once its version fits."""
    path = str((bin_dir or wheel_binaries().folder) / name)
    try:
        said = subprocess.run(  # noqa: S603 - a program the site named
            [path, "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise ToolFailed(name, str(error)) from error
    found = re.search(r"\) (\d+)", said)
    major = int(found.group(1)) if found else 0
    if major != needed_major:
        raise ToolMismatch(name, major, needed_major)
    return path


def _run(command: list[str], url: str) -> None:
    """Run a program against a database; the password travels in the environment."""
    parts = {name: str(value) for name, value in conninfo_to_dict(plain_url(url)).items()}
    password = parts.pop("password", None)
    environment = {**os.environ, "LC_ALL": "C"}
    if password is not None:
        environment["PGPASSWORD"] = password
    done = subprocess.run(  # noqa: S603 - a program the site named
        [*command, f"--dbname={make_conninfo('', **parts)}"],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env=environment,
    )
    if done.returncode == 0:
        return
    if "row-level security" in done.stderr:
        raise MayNotReadAll
    raise ToolFailed(Path(command[0]).name, redact(" / ".join(done.stderr.splitlines()[-3:])))
