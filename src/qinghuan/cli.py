"""`qinghuan …`: the command line.

Commands import what they use, so that `--help` and the frame tools start at once.
"""
# ruff: noqa: PLC0415  imports stay inside the commands for a light start

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar
from uuid import UUID

import typer

from qinghuan.core.errors import QinghuanError

if TYPE_CHECKING:
    from qinghuan.app import Rooms
    from qinghuan.infra.foundation import Foundation

P = ParamSpec("P")
R = TypeVar("R")

main = typer.Typer(
    no_args_is_help=True,
    help="青环 Qinghuan: see it, trace it, close it.",
    pretty_exceptions_enable=False,
)
hj212 = typer.Typer(no_args_is_help=True, help="HJ 212 frames: judge them, send them.")
main.add_typer(hj212, name="hj212")


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a refusal into two sentences and exit code 1, never a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except QinghuanError as error:
            print(f"{error.message_zh()}\n{error} [{error.code}]", file=sys.stderr)
            raise typer.Exit(1) from None

    return run


@main.command()
@told
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    print(installed("qinghuan"))


@main.command()
@told
def demo(
    port: Annotated[int, typer.Option(help="Port of the pages.")] = 8212,
    gateway_port: Annotated[int, typer.Option(help="Port of the HJ 212 gateway.")] = 9212,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Run headless, close one case as its people would, verify, end."
        ),
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin with an empty city.")] = False,
) -> None:
    """Open the demo city; its data folder is apart from any real installation's."""
    from qinghuan.demo.check import check_city
    from qinghuan.demo.opening import open_city

    _log(is_quiet=True)
    if check:
        raise typer.Exit(check_city())
    open_city(port=port, gateway_port=gateway_port, is_fresh=fresh)


@main.command()
@told
def serve() -> None:
    """Run the platform: database, gateway, worker and pages in one process."""
    from qinghuan.app import build
    from qinghuan.infra.database import SYSTEM
    from qinghuan.people.service.set_up import open_house
    from qinghuan.server import machinery, serve_web

    with _rooms(may_join=False) as rooms:
        app = build(rooms)
        with rooms.database.transaction(SYSTEM) as session:
            codes = open_house(
                session, rooms.gate, rooms.settings.people.root_area_code, rooms.clock.now()
            )
        for code in codes:
            print(f"启用码 set-up code · {code.role.value}: {code.code}")
        web = rooms.settings.web
        with machinery(rooms) as doors:
            print(f"青环 http://{web.host}:{web.port} · HJ 212 {doors.gateway_port}", flush=True)
            serve_web(app, web.host, web.port)


@main.command()
@told
def migrate() -> None:
    """Walk the database's schema up to the newest."""
    from qinghuan.infra.migrations.runner import current

    with _foundation(may_join=True) as foundation:
        print(current(foundation.database.url))


@main.command()
@told
def backup(
    target: Annotated[Path, typer.Argument(help="File to write.")],
    keys: Annotated[
        bool, typer.Option("--keys", help="Put the keys in: whoever holds the file can open all.")
    ] = False,
) -> None:
    """Write database, blobs and log into one file; the platform may run meanwhile."""
    from qinghuan.infra.backup.make import backup as make

    with _foundation(may_join=True) as foundation:
        settings = foundation.settings
        report = make(
            foundation.database.url,
            settings.data_dir,
            target,
            has_keys=keys,
            bin_dir=settings.postgres_bin_dir,
        )
    print(f"{target}: {len(report.manifest.members)} 个成员 members")
    for address in report.damaged_blobs:
        print(f"已损坏 damaged: {address}", file=sys.stderr)


@main.command()
@told
def restore(source: Annotated[Path, typer.Argument(help="File that backup wrote.")]) -> None:
    """Bring a backup back into an empty installation."""
    from qinghuan.infra.backup.restore import restore as bring_back
    from qinghuan.infra.foundation import database_server
    from qinghuan.infra.settings import InfraSettings

    settings = InfraSettings()
    with database_server(settings) as (url, _server):
        manifest = bring_back(url, settings.data_dir, source, bin_dir=settings.postgres_bin_dir)
    print(f"{source}: {manifest.made_at:%Y-%m-%d %H:%M} UTC, {manifest.revision}")


@main.command()
@told
def verify(
    remembered: Annotated[
        list[Path] | None, typer.Option(help="Checkpoint kept elsewhere; may be given again.")
    ] = None,
) -> None:
    """Replay the whole log and compare everything stored with it."""
    from qinghuan.infra.database import SYSTEM
    from qinghuan.trace.service.auditing import verify_log

    notes = [path.read_text(encoding="utf-8") for path in remembered or ()]
    with _rooms(may_join=True) as rooms, rooms.database.transaction(SYSTEM) as session:
        vkey = rooms.signer.verifier.vkey()
        report = verify_log(session, vkey, remembered=notes, progress=_progress)
    for finding in report.findings:
        print(f"{finding.code} · {finding.where} · {finding.says}")
    state = "完好 sound" if report.is_sound else "有问题 NOT sound"
    print(f"{state}: {report.size} 条 records, {report.pending} 待定序 pending, {vkey}")
    raise typer.Exit(0 if report.is_sound else 1)


@main.command()
@told
def proof(
    record_id: Annotated[UUID, typer.Argument(help="Id of a record, as pages show it.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write.")] = None,
) -> None:
    """Write a file that shows a record is in the log; anybody can verify it offline."""
    from qinghuan.infra.database import SYSTEM
    from qinghuan.trace.service.proving import proof_of

    with _rooms(may_join=True) as rooms, rooms.database.transaction(SYSTEM) as session:
        written = proof_of(session, record_id)
        vkey = rooms.signer.verifier.vkey()
    target = output or Path(f"{record_id}.tlog-proof")
    target.write_bytes(written)
    print(f"{target}\n{vkey}")


@main.command()
@told
def export(directory: Annotated[Path, typer.Argument(help="Folder to write into.")]) -> None:
    """Write the log as a C2SP tile tree, with the stand-alone verifier beside it."""
    from importlib.resources import files

    from qinghuan.infra.database import SYSTEM
    from qinghuan.trace.service.proving import export_tiles

    with _rooms(may_join=True) as rooms, rooms.database.transaction(SYSTEM) as session:
        written = export_tiles(session, directory)
        vkey = rooms.signer.verifier.vkey()
    verifier = (files("qinghuan.trace.verifier") / "qh_verify.py").read_bytes()
    (directory / "qh_verify.py").write_bytes(verifier)
    (directory / "vkey").write_text(vkey + "\n", encoding="utf-8")
    print(f"{directory}: {written.size} 条 records\n{vkey}")


@main.command()
@told
def jobs(
    retry: Annotated[int | None, typer.Option(help="Number of a failed job to try again.")] = None,
) -> None:
    """List the jobs that used up their attempts and wait for a person, or try one again."""
    from qinghuan.infra.database import SYSTEM
    from qinghuan.infra.jobs import failed_jobs, retry_failed

    with (
        _foundation(may_join=True) as foundation,
        foundation.database.transaction(SYSTEM) as session,
    ):
        if retry is not None:
            retry_failed(session, retry)
            print(f"已重新排队 queued again: {retry}")
            return
        failed = failed_jobs(session)
    for job in failed:
        print(f"{job.job_id} · {job.name} · {job.attempts} · {job.reason}")
    print(f"{len(failed)} 个失败任务 failed jobs")


@hj212.command()
@told
def judge(
    file: Annotated[str, typer.Argument(help="File of frames; - reads standard input.")] = "-",
) -> None:
    """Print one JSON object a line for each frame: verdict, version, ST, CN, MN, CRC."""
    from qinghuan.sensing.hj212.judge import judge as judged

    for judgement in judged(_chunks(file)):
        print(json.dumps(judgement.to_json(), ensure_ascii=False))


@hj212.command()
@told
def send(
    file: Annotated[Path, typer.Argument(help="File of frames, one a line.")],
    host: Annotated[str, typer.Option(help="Host of the gateway.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the gateway.")] = 9212,
    rate: Annotated[float, typer.Option(help="Frames a second; 0 sends as fast as answered.")] = 0,
) -> None:
    """Play a file of frames to a gateway and report which were answered."""
    from qinghuan.sensing.adapters.send import play

    report = play(file.read_bytes(), host, port, frames_per_s=rate)
    print(json.dumps(report.to_json(), ensure_ascii=False))
    raise typer.Exit(0 if report.is_complete else 1)


def _chunks(file: str) -> Iterator[bytes]:
    """A file's bytes, piece by piece."""
    source = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115  closed below
    with source:
        while piece := source.read(65_536):
            yield piece


def _progress(done: int, total: int) -> None:
    """A bar on anything that takes long, only where somebody watches."""
    if sys.stderr.isatty() and total:
        filled = 40 * done // total
        bar = "█" * filled + "·" * (40 - filled)
        print(f"\r{bar} {done}/{total}", end="" if done < total else "\n", file=sys.stderr)


def _log(*, is_quiet: bool = False) -> None:
    from qinghuan.infra.logging import configure_logging
    from qinghuan.infra.settings import InfraSettings

    settings = InfraSettings()
    configure_logging(
        is_production=settings.is_production, level="WARNING" if is_quiet else settings.log_level
    )


@contextmanager
def _foundation(*, may_join: bool) -> "Iterator[Foundation]":
    from qinghuan.infra.foundation import foundation
    from qinghuan.infra.settings import InfraSettings

    _log(is_quiet=may_join)
    with foundation(InfraSettings(), may_join=may_join) as opened:
        yield opened


@contextmanager
def _rooms(*, may_join: bool) -> "Iterator[Rooms]":
    from qinghuan.app import RoomSettings, furnish

    with _foundation(may_join=may_join) as opened:
        yield furnish(opened, RoomSettings())
