"""Everything under a running platform, opened together and closed in the right order."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from qinghuan.infra.blob_folder import BlobFolder
from qinghuan.infra.blobs import Blobs
from qinghuan.infra.database import Database
from qinghuan.infra.errors import DataFolderInUse
from qinghuan.infra.health import Health, check_clock, check_database, check_disk, check_queue
from qinghuan.infra.migrations.runner import migrate
from qinghuan.infra.postgres.external import check_server
from qinghuan.infra.postgres.owner import choose_owner
from qinghuan.infra.postgres.server import DATABASE, EmbeddedPostgres, address
from qinghuan.infra.postgres.sockets import socket_folder
from qinghuan.infra.secrets import KeyFolder
from qinghuan.infra.settings import InfraSettings

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """What the edges pass to the rooms."""

    settings: InfraSettings
    database: Database
    blobs: Blobs
    keys: KeyFolder
    health: Health
    """Begins with database, disk, clock and queue; rooms add theirs."""
    postgres: EmbeddedPostgres | None
    """None when the site runs its own server."""

    @property
    def session_key(self) -> bytes:
        """Signs sessions: the setting, or a key made on the first start."""
        if self.settings.secret_key is not None:
            return self.settings.secret_key.get_secret_value().encode()
        return self.keys.key("session")


@contextmanager
def database_server(
    settings: InfraSettings,
    *,
    options: Mapping[str, str] | None = None,
    may_join: bool = False,
) -> Iterator[tuple[str, EmbeddedPostgres | None]]:
    """Give the database's address: of the site's checked server, or of our own child.

    Args:
        settings: Of the floor.
        options: PostgreSQL settings of the embedded server.
        may_join: When another process runs the embedded server, work beside it instead of
            refusing: for short commands.

    Raises:
        ServerUnreachable: The site's server does not answer.
        ServerUnfit: It lacks something, each told.
        InfraError: The embedded one does not start; see `EmbeddedPostgres.start`.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        check_server(url)
        yield url, None
        return
    server = EmbeddedPostgres(settings.data_dir, options=options)
    try:
        url = server.start()
    except DataFolderInUse:
        if not may_join:
            raise
        yield _address_beside(settings), None
        return
    try:
        yield url, server
    finally:
        server.stop()


def _address_beside(settings: InfraSettings) -> str:
    """Address of the embedded server that another process runs."""
    home = settings.data_dir.absolute() / "postgres"
    return address(socket_folder(home / "data", choose_owner(home)), DATABASE)


@contextmanager
def foundation(
    settings: InfraSettings,
    *,
    options: Mapping[str, str] | None = None,
    may_join: bool = False,
) -> Iterator[Foundation]:
    """Start the database, bring its schema up, and open blobs and keys.

    Args:
        settings: Of the floor.
        options: PostgreSQL settings of the embedded server.
        may_join: Work beside a running platform instead of refusing.

    Raises:
        InfraError: Whatever is wrong, in words an operator can act on.
    """
    with database_server(settings, options=options, may_join=may_join) as (url, server):
        before, after = migrate(url)
        if before != after:
            _log.info("schema.migrated", before=before, after=after)
        database = Database(url, pool_size=settings.database_pool_size)
        try:
            yield _joined(settings, database, server)
        finally:
            database.close()


def _joined(
    settings: InfraSettings, database: Database, server: EmbeddedPostgres | None
) -> Foundation:
    """Put the parts together."""
    data_dir = settings.data_dir
    keys = KeyFolder(data_dir)
    health = Health()
    health.add("database", check_database(database))
    health.add("disk", check_disk(data_dir, min_free_mb=settings.min_free_disk_mb))
    health.add("clock", check_clock(database))
    health.add("queue", check_queue(database))
    return Foundation(
        settings=settings,
        database=database,
        blobs=Blobs(
            BlobFolder(data_dir / "blobs"),
            master_key=keys.key("blob"),
            max_bytes=settings.blob_max_mb * 1_000_000,
        ),
        keys=keys,
        health=health,
        postgres=server,
    )
