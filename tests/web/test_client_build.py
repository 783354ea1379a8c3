"""The web client is bundled once for each lock and set of sources, or left out on request."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path, hook: ModuleType) -> Path:
    client = tmp_path / hook.CLIENT
    (client / "node_modules").mkdir(parents=True)
    lock = {
        "packages": {
            "": {"name": "client"},
            "node_modules/htmx.org": {"integrity": "sha512-a"},
            "node_modules/biome": {"integrity": "sha512-b", "dev": True},
        }
    }
    (client / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    (client / "package.json").write_text("{}", encoding="utf-8")
    (client / "core.ts").write_text("export {};", encoding="utf-8")
    (tmp_path / hook.BUILT).mkdir(parents=True)
    return tmp_path


def _write_stamp(hook: ModuleType, tree: Path) -> None:
    client = hook.WebClient(tree)
    client.stamp.write_text(client.digest(), encoding="utf-8")


def test_a_bundle_with_the_stamp_of_its_sources_is_not_made_again(
    hook: ModuleType, tree: Path
) -> None:
    assert not hook.WebClient(tree).is_current()
    _write_stamp(hook, tree)

    assert hook.WebClient(tree).is_current()


def test_one_changed_source_makes_the_bundle_stale(hook: ModuleType, tree: Path) -> None:
    _write_stamp(hook, tree)
    (tree / hook.CLIENT / "core.ts").write_text("export const a = 1;", encoding="utf-8")

    assert not hook.WebClient(tree).is_current()


def test_packages_are_installed_again_only_when_the_lock_asks_for_others(
    hook: ModuleType, tree: Path
) -> None:
    record = tree / hook.CLIENT / "node_modules" / ".package-lock.json"
    packages = {"node_modules/htmx.org": {"integrity": "sha512-a"}}
    assert not hook.WebClient(tree).is_installed()

    record.write_text(json.dumps({"packages": packages}), encoding="utf-8")
    assert hook.WebClient(tree).is_installed()

    packages["node_modules/htmx.org"]["integrity"] = "sha512-other"
    record.write_text(json.dumps({"packages": packages}), encoding="utf-8")
    assert not hook.WebClient(tree).is_installed()


def test_the_client_is_left_out_when_asked(
    hook: ModuleType, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGHUAN_SKIP_WEB", "1")
    assert hook.WebClient(tree).is_left_out()

    monkeypatch.setenv("QINGHUAN_SKIP_WEB", "0")
    assert not hook.WebClient(tree).is_left_out()


def test_a_build_that_fails_says_how_to_go_on_without_it(hook: ModuleType, tree: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        hook.WebClient(tree).run(["/bin/false"], "ci")

    assert "QINGHUAN_SKIP_WEB=1" in str(caught.value)


def test_the_lock_names_no_registry(hook: ModuleType) -> None:
    lock = json.loads((ROOT / hook.CLIENT / "package-lock.json").read_text(encoding="utf-8"))

    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
