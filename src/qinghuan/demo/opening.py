"""Opens the demo city: an installation of its own, its stage set, its doors open."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qinghuan.app import Application, Demo, Rooms, RoomSettings, build, furnish
from qinghuan.demo.schedule import Pace
from qinghuan.demo.stage import Performance, prepare
from qinghuan.demo.town import sign_in_accounts
from qinghuan.infra.foundation import foundation
from qinghuan.infra.settings import InfraSettings, default_data_dir
from qinghuan.people.settings import PeopleSettings
from qinghuan.sensing.settings import SensingSettings
from qinghuan.server import machinery, serve_web
from qinghuan.trace.settings import TraceSettings

HOST = "127.0.0.1"
MAP_NOTE = "青环示范市为虚构区域，不对应任何真实地点"


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The demo city with its doors open."""

    rooms: Rooms
    app: Application
    gateway_port: int
    performance: Performance


def demo_data_dir() -> Path:
    """Where the demo's data go, apart from any real installation's."""
    return default_data_dir().with_name("qinghuan-demo")


@contextmanager
def opened_city(
    data_dir: Path, *, gateway_port: int = 0, pace: Pace | None = None
) -> Iterator[City]:
    """Open the city while the block runs; its stations begin to send at once.

    Args:
        data_dir: Its data folder; what is there already stays.
        gateway_port: TCP port of the gateway; 0 takes a free one.
        pace: How fast the stations catch up.
    """
    base = InfraSettings()
    infra = base.model_copy(
        update={"data_dir": data_dir, "mode": "development", "database_url": None}
    )
    settings = RoomSettings(
        people=PeopleSettings(root_area_code="99"),
        trace=TraceSettings(origin="demo.qinghuan.example/log"),
        sensing=SensingSettings(gateway_host=HOST, gateway_port=gateway_port),
    )
    with foundation(infra) as opened:
        rooms = furnish(opened, settings, is_demo=True)
        epoch_at = prepare(opened.database, rooms.gate, data_dir, rooms.clock.now())
        app = build(rooms, Demo(accounts=sign_in_accounts(), map_note=MAP_NOTE))
        with machinery(rooms) as doors:
            performance = Performance(
                opened.database, rooms.clock, (HOST, doors.gateway_port), epoch_at, pace
            )
            performance.start()
            try:
                yield City(
                    rooms=rooms,
                    app=app,
                    gateway_port=doors.gateway_port,
                    performance=performance,
                )
            finally:
                performance.stop()


def open_city(*, port: int, gateway_port: int, is_fresh: bool) -> None:
    """Open the city for visitors until interrupted."""
    data_dir = demo_data_dir()
    if is_fresh and data_dir.exists():
        shutil.rmtree(data_dir)
    print("青环示范市正在打开……", flush=True)  # noqa: T201  said at the command line
    with opened_city(data_dir, gateway_port=gateway_port) as city:
        print(  # noqa: T201  said at the command line
            f"青环示范市 http://{HOST}:{port}  ·  HJ 212 TCP {HOST}:{city.gateway_port}\n"
            "按 Ctrl+C 结束",
            flush=True,
        )
        serve_web(city.app, HOST, port)
