"""Everything under the platform opens together, on our own server or the site's."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from qinghuan.infra.database import SYSTEM
from qinghuan.infra.errors import ServerUnreachable
from qinghuan.infra.foundation import foundation
from qinghuan.infra.migrations.runner import newest
from qinghuan.infra.postgres.server import FAST_AND_LOSABLE
from qinghuan.infra.settings import InfraSettings

pytestmark = pytest.mark.db


def settings(data_dir: Path, url: str | None = None) -> InfraSettings:
    return InfraSettings(
        data_dir=data_dir, database_url=None if url is None else SecretStr(url), min_free_disk_mb=64
    )


def test_on_an_empty_folder_everything_is_made_and_found_again(reachable_tmp: Path) -> None:
    chosen = settings(reachable_tmp / "whole")
    with foundation(chosen, options=FAST_AND_LOSABLE) as first:
        report = first.health.report()
        assert report.is_ok, report
        assert report.findings[0].facts["revision"] == newest()
        assert first.postgres is not None
        key = first.session_key

    with foundation(chosen, options=FAST_AND_LOSABLE) as second:
        assert second.session_key == key

    assert (chosen.data_dir / "keys").stat().st_mode & 0o077 == 0
    assert (chosen.data_dir / "blobs").stat().st_mode & 0o077 == 0


def test_on_the_sites_server_no_child_is_started(tmp_path: Path, empty_database_url: str) -> None:
    with foundation(settings(tmp_path, empty_database_url)) as opened:
        assert opened.postgres is None
        with opened.database.transaction(SYSTEM) as session:
            assert session.execute(text("SELECT 1")).scalar_one() == 1

    assert not (tmp_path / "postgres").exists()


def test_a_set_secret_signs_sessions(tmp_path: Path, database_url: str) -> None:
    chosen = settings(tmp_path, database_url).model_copy(update={"secret_key": SecretStr("s" * 40)})

    with foundation(chosen) as opened:
        assert opened.session_key == b"s" * 40


def test_a_silent_server_of_the_site_is_told(tmp_path: Path) -> None:
    chosen = settings(tmp_path, "postgresql://u:p@127.0.0.1:1/x")

    with pytest.raises(ServerUnreachable), foundation(chosen):
        pass
