"""The embedded database starts, survives and refuses in words an operator understands."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from qinghuan.infra.errors import DataFolderInUse, DataFolderVersion, DiskFull, FolderForbidden
from qinghuan.infra.postgres.binaries import binaries_for
from qinghuan.infra.postgres.cluster import SAFE_LOCALE
from qinghuan.infra.postgres.owner import choose_owner
from qinghuan.infra.postgres.server import FAST_AND_LOSABLE, EmbeddedPostgres, running

pytestmark = pytest.mark.db

SAFE_WHILE_THE_KERNEL_LIVES = {"shared_buffers": "16MB", "fsync": "off"}
"""Every commit reaches the kernel, which outlives a killed process; the disk is left alone."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")


@pytest.fixture
def folder(reachable_tmp: Path, request: pytest.FixtureRequest) -> Path:
    return reachable_tmp / str(abs(hash(request.node.name)))


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    started = EmbeddedPostgres(folder, options=SAFE_WHILE_THE_KERNEL_LIVES)
    yield started
    started.stop()
    shutil.rmtree(folder, ignore_errors=True)


def query(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def fill(url: str, rows: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, %s::int)", [rows])


def eventually(claim: Callable[[], bool], within_s: float = 20.0) -> bool:
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        if claim():
            return True
        time.sleep(0.05)
    return False


def answers(url: str) -> bool:
    try:
        return query(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def test_it_speaks_utf8_in_the_builtin_locale_and_listens_on_no_port(
    postgres_url: str,
) -> None:
    url = postgres_url

    assert query(url, "SHOW server_encoding") == "UTF8"
    assert (
        query(
            url,
            "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'qinghuan'",
        )
        == "bC.UTF-8"
    )
    assert query(url, "SHOW listen_addresses") == ""


def test_unless_told_otherwise_it_is_durable(folder: Path) -> None:
    with running(folder) as url:
        assert query(url, "SHOW fsync") == "on"
        assert query(url, "SHOW synchronous_commit") == "on"
        assert query(url, "SHOW full_page_writes") == "on"
        assert query(url, "SHOW data_checksums") == "on"


def test_trigrams_see_chinese(server: EmbeddedPostgres) -> None:
    url = server.start()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")

    likeness = query(url, "SELECT similarity('垃圾堆放无人清理', '垃圾堆放很久没人清理')")

    assert likeness == pytest.approx(0.4286, abs=0.001)


def test_its_socket_folder_is_private_short_and_gone_after_the_stop(
    server: EmbeddedPostgres,
) -> None:
    sockets = Path(server.start().partition("host=")[2].partition("&")[0])

    assert sockets.stat().st_mode & 0o777 == 0o700
    assert len(str(sockets)) < 60
    server.stop()
    assert not sockets.exists()


@as_root
def test_under_root_it_runs_as_an_unprivileged_user_and_opens_no_parent_folder(
    server: EmbeddedPostgres, folder: Path
) -> None:
    before = folder.parent.stat().st_mode
    server.start()

    assert server.pid is not None
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert (folder / "postgres").stat().st_uid != 0
    assert folder.parent.stat().st_mode == before


def test_a_killed_server_comes_back_with_its_rows(server: EmbeddedPostgres) -> None:
    url = server.start()
    fill(url, 1000)
    first = server.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)

    assert eventually(lambda: server.pid not in {None, first} and answers(url))
    assert query(url, "SELECT count(*) FROM kept") == 1000
    assert server.restarts == 1


SUPERVISOR = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from qinghuan.infra.postgres.server import EmbeddedPostgres
    server = EmbeddedPostgres(Path(sys.argv[1]), options={"shared_buffers": "16MB"})
    print(server.start(), server.pid, flush=True)
    time.sleep(600)
    """
)


def supervise(folder: Path) -> tuple[subprocess.Popen[str], str, int]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    url, pid = process.stdout.readline().split()
    return process, url, int(pid)


def end(process: subprocess.Popen[str], how: signal.Signals) -> None:
    process.send_signal(how)
    process.wait(30)
    assert process.stdout is not None
    process.stdout.close()


def test_a_killed_supervisor_takes_its_server_along_and_the_next_start_keeps_the_rows(
    folder: Path, server: EmbeddedPostgres
) -> None:
    process, url, pid = supervise(folder)
    fill(url, 1000)

    end(process, signal.SIGKILL)

    assert eventually(lambda: not is_alive(pid), within_s=5)
    assert query(server.start(), "SELECT count(*) FROM kept") == 1000


def test_supervisor_and_server_killed_together_lose_nothing(
    folder: Path, server: EmbeddedPostgres
) -> None:
    process, url, pid = supervise(folder)
    fill(url, 1000)

    os.kill(pid, signal.SIGSTOP)
    end(process, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)

    assert query(server.start(), "SELECT count(*) FROM kept") == 1000


def test_an_orphan_that_outlived_its_supervisor_is_ended_first(
    folder: Path, server: EmbeddedPostgres
) -> None:
    fill(server.start(), 1000)
    server.stop()
    owner = choose_owner(folder / "postgres")
    orphan = subprocess.Popen(
        [
            binaries_for(owner, folder).program("postgres"),
            *("-D", str(folder / "postgres" / "data"), "-k", str(folder / "postgres"), "-h", ""),
        ],
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=SAFE_LOCALE,
        **owner.process_options(),
    )
    assert eventually(lambda: any((folder / "postgres").glob(".s.PGSQL.*")))

    assert query(server.start(), "SELECT count(*) FROM kept") == 1000
    assert orphan.wait(1) == 0


def test_a_lock_left_with_a_strangers_number_does_not_stop_the_start(
    server: EmbeddedPostgres, folder: Path
) -> None:
    server.start()
    server.stop()
    stranger = subprocess.Popen(
        ["/bin/sleep", "60"], **choose_owner(folder / "postgres").process_options()
    )
    lock = folder / "postgres" / "data" / "postmaster.pid"
    lock.write_text(f"{stranger.pid}\n{lock.parent}\n1\n5432\n/nowhere\n\n 1 1\nready\n")

    try:
        assert answers(server.start())
    finally:
        stranger.kill()
        stranger.wait()


def test_a_lock_left_by_a_zombie_does_not_stop_the_start(
    server: EmbeddedPostgres, folder: Path
) -> None:
    server.start()
    server.stop()
    zombie = subprocess.Popen(["/bin/true"], **choose_owner(folder / "postgres").process_options())
    assert eventually(lambda: not is_alive(zombie.pid))
    lock = folder / "postgres" / "data" / "postmaster.pid"
    lock.write_text(f"{zombie.pid}\n{lock.parent}\n1\n5432\n/nowhere\n\n 1 1\nready\n")

    assert answers(server.start())
    zombie.wait()


def test_a_second_start_on_the_same_folder_is_refused_and_names_the_holder(
    server: EmbeddedPostgres, folder: Path
) -> None:
    server.start()

    with pytest.raises(DataFolderInUse) as caught:
        EmbeddedPostgres(folder).start()

    assert caught.value.pid == str(os.getpid())
    assert "正被另一个青环进程" in caught.value.message_zh()


def test_a_second_process_is_refused_too(folder: Path) -> None:
    process, url, _ = supervise(folder)
    try:
        with pytest.raises(DataFolderInUse):
            EmbeddedPostgres(folder).start()
        assert answers(url)
    finally:
        end(process, signal.SIGKILL)


def test_data_of_another_major_version_are_refused_untouched(
    server: EmbeddedPostgres, folder: Path
) -> None:
    server.start()
    server.stop()
    (folder / "postgres" / "data" / "PG_VERSION").write_text("15\n")

    with pytest.raises(DataFolderVersion) as caught:
        server.start()

    assert (caught.value.found, caught.value.needed) == ("15", "18")


def test_a_folder_behind_a_closed_door_is_refused_and_stays_closed(reachable_tmp: Path) -> None:
    door = reachable_tmp / "door"
    door.mkdir(mode=0o700 if os.geteuid() == 0 else 0o500)

    with pytest.raises(FolderForbidden):
        EmbeddedPostgres(door / "inside").start()

    assert door.stat().st_mode & 0o777 in {0o700, 0o500}


@as_root
def test_a_full_disk_is_told_as_such(reachable_tmp: Path) -> None:
    small = reachable_tmp / "small"
    small.mkdir(mode=0o711)
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    try:
        with pytest.raises(DiskFull) as caught:
            EmbeddedPostgres(small / "data").start()
    finally:
        subprocess.run(["/bin/umount", str(small)], check=True)

    assert "空间不足" in caught.value.message_zh()


def test_a_long_folder_and_a_locale_nobody_generated_do_not_matter(
    reachable_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.GB18030")
    monkeypatch.setenv("LC_ALL", "zh_CN.GB18030")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/" + "9" * 90)
    folder = reachable_tmp / ("长" * 40) / "空 格's %d"
    folder.parent.mkdir(mode=0o711)

    with running(folder, options=FAST_AND_LOSABLE) as url:
        assert query(url, "SHOW server_encoding") == "UTF8"


def test_a_half_made_cluster_is_thrown_away(server: EmbeddedPostgres, folder: Path) -> None:
    partial = folder / "postgres" / "data.partial"
    folder.mkdir(mode=0o711)
    (folder / "postgres").mkdir(mode=0o700)
    partial.mkdir()
    (partial / "PG_VERSION").write_text("18\n")

    assert answers(server.start())
    assert not partial.exists()
