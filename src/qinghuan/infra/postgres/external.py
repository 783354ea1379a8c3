"""Whether a server named by the site can carry us, told before anything is changed on it."""

import re
from dataclasses import dataclass

import psycopg

from qinghuan.infra.database import APP_ROLE
from qinghuan.infra.errors import ServerUnfit, ServerUnreachable

OLDEST_MAJOR = 15
"""The oldest release the test suite's SQL was written for."""

_GRANT_ROLE = f"CREATE ROLE {APP_ROLE} NOLOGIN; GRANT {APP_ROLE} TO"

_ASK = """
SELECT current_setting('server_version_num')::int / 10000,
       current_setting('server_version'),
       current_setting('server_encoding'),
       r.rolsuper,
       r.rolcreaterole,
       EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %(role)s),
       COALESCE((SELECT pg_has_role(current_user, oid, 'MEMBER')
                 FROM pg_roles WHERE rolname = %(role)s), false),
       has_schema_privilege(current_user, 'public', 'CREATE')
FROM pg_roles r WHERE r.rolname = current_user
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """What a server says about itself and about the user we come as."""

    major: int
    version: str
    encoding: str
    is_superuser: bool
    may_create_roles: bool
    has_app_role: bool
    is_member: bool
    """Our user may step down to the app role."""
    may_create_tables: bool


def check_server(url: str) -> ServerFacts:
    """Ask a server what it is, and refuse it with every reason at once.

    Args:
        url: `postgresql://…` as the site wrote it.

    Raises:
        ServerUnreachable: Nothing answers, or it turns us away.
        ServerUnfit: It answers and lacks something.
    """
    facts = _ask(url)
    if reasons := lacks(facts):
        raise ServerUnfit(
            tuple(english for english, _ in reasons), "；".join(chinese for _, chinese in reasons)
        )
    return facts


def lacks(facts: ServerFacts) -> list[tuple[str, str]]:
    """Everything a server lacks, each as an English and a Chinese sentence."""
    found = []
    if facts.major < OLDEST_MAJOR:
        found.append(
            (
                f"version {facts.version} is older than {OLDEST_MAJOR}",
                f"版本 {facts.version} 过旧，需要 PostgreSQL {OLDEST_MAJOR} 或更新",
            )
        )
    if facts.encoding != "UTF8":
        found.append(
            (
                f"the database's encoding is {facts.encoding}: make it with ENCODING 'UTF8'",
                f"数据库编码为 {facts.encoding}，请以 ENCODING 'UTF8' 新建数据库",
            )
        )
    if not (facts.is_superuser or facts.is_member or _may_make_role(facts)):
        found.append(
            (
                f"the user may not use the role {APP_ROLE}: run {_GRANT_ROLE} <user>",
                f"用户无权创建或使用角色 {APP_ROLE}，请由管理员执行：{_GRANT_ROLE} <用户>",
            )
        )
    if not (facts.is_superuser or facts.may_create_tables):
        found.append(
            (
                "the user may not create tables: run GRANT CREATE ON SCHEMA public TO <user>",
                "用户无权建表，请由管理员执行：GRANT CREATE ON SCHEMA public TO <用户>",
            )
        )
    return found


def _may_make_role(facts: ServerFacts) -> bool:
    """Since release 16 a role's maker alone may grant it, so a foreign role is out of reach."""
    return facts.may_create_roles and (not facts.has_app_role or facts.major < 16)


def _ask(url: str) -> ServerFacts:
    """Connect once and read the facts."""
    try:
        with psycopg.connect(plain_url(url), connect_timeout=10) as connection:
            row = connection.execute(_ASK, {"role": APP_ROLE}).fetchone()
    except psycopg.Error as error:
        raise ServerUnreachable(_without_password(str(error).strip())) from None
    if row is None:
        raise ServerUnreachable("the server does not know our user")
    return ServerFacts(
        major=row[0],
        version=row[1],
        encoding=row[2],
        is_superuser=row[3],
        may_create_roles=row[4],
        has_app_role=row[5],
        is_member=row[6],
        may_create_tables=row[7],
    )


def plain_url(url: str) -> str:
    """An address as libpq reads it, without the driver SQLAlchemy wants named."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)


def _without_password(words: str) -> str:
    """Drop what follows a colon before an at sign, should a driver ever repeat an address."""
    return re.sub(r"(://[^:/@\s]*):[^@\s]*@", r"\1:…@", words)
