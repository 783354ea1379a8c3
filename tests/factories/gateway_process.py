"""A gateway in a process of its own, to be stopped or killed.

Run: python gateway_process.py <database url>; prints its port, ends when standard input closes.
"""

import asyncio
import sys

from qinghuan.core.clock import SystemClock
from qinghuan.infra.database import Database
from qinghuan.infra.logging import configure_logging
from qinghuan.sensing import gateway
from qinghuan.sensing.settings import SensingSettings


async def main(url: str) -> None:
    """Serve until standard input closes."""
    stop = asyncio.Event()
    serving = asyncio.create_task(
        gateway.serve(
            Database(url, pool_size=2),
            SensingSettings(gateway_port=0),
            SystemClock(),
            stop=stop,
            ready=lambda port: print(port, flush=True),  # noqa: T201  how the test learns it
        )
    )
    await asyncio.to_thread(sys.stdin.read)
    stop.set()
    await serving


if __name__ == "__main__":
    configure_logging(is_production=True, level="ERROR")
    asyncio.run(main(sys.argv[1]))
