from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qinghuan.people.adapters.key_file import read_or_make_key


def test_a_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    key = read_or_make_key(path)

    assert len(key) == 32
    assert read_or_make_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [kept.name for kept in path.parent.iterdir()] == ["vault.key"]


def test_many_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_or_make_key(tmp_path / "vault.key"), range(32)))

    assert len(keys) == 1


def test_a_damaged_key_file_is_refused_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    path.write_bytes(b"short")

    with pytest.raises(ValueError, match="vault key"):
        read_or_make_key(path)
    assert path.read_bytes() == b"short"
