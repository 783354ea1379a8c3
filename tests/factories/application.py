"""The real application of every room, and the matrix of its routes and who may open them.

Run: uv run python tests/factories/application.py   (write tests/golden/web/route_roles.json)
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI

from qinghuan.app import ROUTERS, RoomSettings, build, furnish
from qinghuan.core.clock import Clock
from qinghuan.infra.blob_folder import BlobFolder
from qinghuan.infra.blobs import Blobs
from qinghuan.infra.database import Database
from qinghuan.infra.foundation import Foundation
from qinghuan.infra.health import Health
from qinghuan.infra.secrets import KeyFolder
from qinghuan.infra.settings import InfraSettings
from qinghuan.people.gate import Gate
from qinghuan.web.application import OWN_ROUTERS
from qinghuan.web.classification import Classified, classify
from qinghuan.web.rule import Rule
from qinghuan.web.settings import WebSettings

GOLDEN = Path(__file__).parents[1] / "golden" / "web" / "route_roles.json"

Matrix = Mapping[str, tuple[str, ...]]
"""Who may open a route, by its method and path."""


def application_of(database: Database, gate: Gate, clock: Clock, folder: Path) -> FastAPI:
    """Build the whole application as a site does, on a test's database, gate and time.

    Args:
        database: Migrated.
        gate: Whose sessions are let in.
        clock: The time.
        folder: For blobs and keys.
    """
    keys = KeyFolder(folder)
    foundation = Foundation(
        settings=InfraSettings(data_dir=folder, mode="development", database_url=None),
        database=database,
        blobs=Blobs(BlobFolder(folder / "blobs"), master_key=keys.key("blob"), max_bytes=1_000_000),
        keys=keys,
        health=Health(),
        postgres=None,
    )
    settings = RoomSettings(web=WebSettings(requests_burst=10_000, requests_per_s=10_000))
    return build(replace(furnish(foundation, settings, clock=clock), gate=gate))


def matrix_of(classified: Sequence[Classified]) -> Matrix:
    """Who may open each route."""
    return {
        f"{method} {route.path}": _who(route.rule)
        for route in classified
        for method in sorted(route.methods - {"HEAD"})
    }


def kept_matrix() -> Matrix:
    """The reviewed matrix."""
    kept = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return {route: tuple(who) for route, who in kept.items()}


def _who(rule: Rule) -> tuple[str, ...]:
    return (
        *sorted(f"door:{door}" for door in rule.doors),
        *sorted(rule.roles),
        *sorted(f"token:{scope}" for scope in rule.scopes),
    )


def main() -> None:
    """Write the matrix, a line for each route."""
    routes = [route for router in (*OWN_ROUTERS, *ROUTERS) for route in router.routes]
    matrix = matrix_of(classify(routes))
    lines = (f"  {json.dumps(route)}: {json.dumps(who)}" for route, who in sorted(matrix.items()))
    GOLDEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
