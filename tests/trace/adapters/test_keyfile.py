import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qinghuan.trace.adapters.keyfile import load_or_make
from qinghuan.trace.errors import KeyMalformed


def test_the_key_is_made_once_and_read_ever_after(tmp_path: Path) -> None:
    path = tmp_path / "trace" / "log.key"
    made = load_or_make(path, "log.example/one")

    assert load_or_make(path, "log.example/one").skey() == made.skey()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["log.key"]


def test_two_that_start_at_once_end_with_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: load_or_make(path, "log.example/one").skey(), range(8)))

    assert len(set(made)) == 1


def test_the_key_of_another_log_is_refused(tmp_path: Path) -> None:
    load_or_make(tmp_path / "log.key", "log.example/one")

    with pytest.raises(KeyMalformed):
        load_or_make(tmp_path / "log.key", "log.example/two")


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.key").write_text("nothing\n", encoding="utf-8")

    with pytest.raises(KeyMalformed):
        load_or_make(tmp_path / "log.key", "log.example/one")
