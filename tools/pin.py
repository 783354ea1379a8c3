"""Pin the whole dependency tree without addresses.

`uv.lock` names the registry every file came from, so it is not committed. This writes the
exact versions it holds into `[tool.uv] constraint-dependencies` of pyproject.toml instead.

Run: uv run python tools/pin.py            (write)
     uv run python tools/pin.py --check    (fail if the installed tree differs)
"""

import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
START = "# pins: written by tools/pin.py\n"
END = "# end of pins\n"


def main() -> int:
    """Write or check the pins; return an exit code."""
    if "--check" in sys.argv:
        return _check()
    text = PYPROJECT.read_text(encoding="utf-8")
    lines = "".join(f'  "{line}",\n' for line in _resolved())
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    block = f"{START}constraint-dependencies = [\n{lines}]\n{END}"
    PYPROJECT.write_text(head + block + tail, encoding="utf-8")
    return 0


def _resolved() -> list[str]:
    """Every package of every group as `name==version ; marker`, as uv resolves them now."""
    done = subprocess.run(
        [
            "uv",
            "export",
            "--all-groups",
            "--no-hashes",
            "--no-emit-project",
            "--no-annotate",
            "--no-header",
            "--no-emit-index-url",
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd=PYPROJECT.parent,
    )
    return [line.replace('"', "'") for line in done.stdout.splitlines() if "==" in line]


def _check() -> int:
    """Compare the running environment with the pins."""
    _, _, rest = PYPROJECT.read_text(encoding="utf-8").partition(START)
    pinned = dict(re.findall(r'"([a-z0-9-]+)(?:\[[^\]]*\])?==([^ ";]+)', rest.partition(END)[0]))
    installed = {
        re.sub(r"[-_.]+", "-", dist.metadata["Name"]).lower(): dist.version
        for dist in distributions()
    }
    wrong = [
        f"{name}: pinned {pinned.get(name, 'nowhere')}, installed {version}"
        for name, version in sorted(installed.items())
        if name not in {"qinghuan", "pip", "setuptools"} and pinned.get(name) != version
    ]
    print("\n".join(wrong) or "every installed package is pinned")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
