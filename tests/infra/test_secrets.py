"""Keys are made once, kept private, and refused when they are not."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qinghuan.infra.secrets import KEY_BYTES, KeyDamaged, KeyFolder, KeyOfSomeoneElse, KeyTooOpen


def test_a_key_is_random_and_the_same_at_the_next_start(tmp_path: Path) -> None:
    first = KeyFolder(tmp_path).key("session")

    assert len(first) == KEY_BYTES
    assert KeyFolder(tmp_path).key("session") == first
    assert KeyFolder(tmp_path).key("blob") != first
    assert KeyFolder(tmp_path).names() == ("blob", "session")


def test_only_the_owner_may_read_keys(tmp_path: Path) -> None:
    KeyFolder(tmp_path).key("session")

    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "session.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["session.key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: KeyFolder(tmp_path).key("session"), range(32)))

    assert len(set(keys)) == 1


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_key_others_may_read_or_change_is_refused_with_the_remedy(
    tmp_path: Path, mode: int
) -> None:
    folder = KeyFolder(tmp_path)
    folder.key("session")
    (tmp_path / "keys" / "session.key").chmod(mode)

    with pytest.raises(KeyTooOpen) as caught:
        folder.key("session")

    assert "chmod 0600" in caught.value.message_zh()


def test_a_folder_others_may_enter_is_refused(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    folder.key("session")
    (tmp_path / "keys").chmod(0o750)

    with pytest.raises(KeyTooOpen):
        folder.key("session")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_of_someone_else_is_refused(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    folder.key("session")
    os.chown(tmp_path / "keys" / "session.key", 65534, 65534)

    with pytest.raises(KeyOfSomeoneElse):
        folder.key("session")


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "00" * 33, "青"])
def test_a_damaged_key_is_never_replaced_silently(tmp_path: Path, content: str) -> None:
    folder = KeyFolder(tmp_path)
    folder.key("session")
    path = tmp_path / "keys" / "session.key"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(KeyDamaged):
        folder.key("session")

    assert path.read_text(encoding="utf-8") == content
