"""One installation: its database up and migrated, its keys, its blobs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from qinghuan.infra.blob_folder import BlobFolder
from qinghuan.infra.blobs import Blobs
from qinghuan.infra.database import Database
from qinghuan.infra.errors import DataFolderInUse
from qinghuan.infra.migrations.runner import migrate
from qinghuan.infra.postgres.external import check_server
from qinghuan.infra.postgres.owner import choose_owner
from qinghuan.infra.postgres.server import DATABASE, address, running
from qinghuan.infra.postgres.sockets import socket_folder
from qinghuan.infra.secrets import KeyFolder
from qinghuan.infra.settings import InfraSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What the rooms stand on while the process runs."""

    settings: InfraSettings
    database: Database
    keys: KeyFolder
    blobs: Blobs


@contextmanager
def opened(settings: InfraSettings, *, may_join: bool = False) -> Iterator[Installation]:
    """Open an installation while the block runs, its schema walked up to the newest.

    Args:
        settings: Where it is.
        may_join: When another process runs the embedded database, work beside it instead of
            refusing: for short commands.

    Raises:
        DataFolderInUse: Another process runs on this folder and joining was not allowed.
        ServerUnfit: The site's own server cannot carry us.
    """
    with ExitStack() as stack:
        url = _address(settings, stack, may_join=may_join)
        migrate(url)
        database = Database(url, pool_size=settings.database_pool_size)
        stack.callback(database.close)
        keys = KeyFolder(settings.data_dir)
        blobs = Blobs(
            BlobFolder(settings.data_dir / "blobs"),
            master_key=keys.key("blob"),
            max_bytes=settings.blob_max_mb * 1_000_000,
        )
        yield Installation(settings=settings, database=database, keys=keys, blobs=blobs)


def _address(settings: InfraSettings, stack: ExitStack, *, may_join: bool) -> str:
    """Address of the database, started if it is ours to start."""
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        check_server(url)
        return url
    try:
        return stack.enter_context(running(settings.data_dir))
    except DataFolderInUse:
        if not may_join:
            raise
    home = settings.data_dir.absolute() / "postgres"
    owner = choose_owner(home)
    return address(socket_folder(home / "data", owner), DATABASE)
