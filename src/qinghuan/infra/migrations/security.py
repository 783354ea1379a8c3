"""What a revision calls after making a table: rights for the app role, rows by area and mark.

A row is seen when both hold:

* its mark is not above the transaction's (`qinghuan.mark`; unset counts as 0, public);
* its area code starts with one of the transaction's prefixes (`qinghuan.areas`, comma-separated;
  `*` sees every area; unset or empty sees none).

A row without an area belongs to the whole platform and is seen under `*` only. Writing follows
the same rule: nobody can put a row where he could not read it. A flow that must do so (a citizen
handing in a sensitive report) runs in the SYSTEM scope.
"""

from typing import Protocol

from qinghuan.infra.database import APP_ROLE

MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;
"""  # noqa: S608 - the role's name is a constant of ours
"""Roles belong to the whole server, so another database's migration may be making it now."""

JOIN_ROLE = f"""
DO $$
BEGIN
    IF NOT pg_has_role(current_user, '{APP_ROLE}', 'MEMBER') OR (
        current_setting('server_version_num')::int >= 160000
        AND NOT pg_has_role(current_user, '{APP_ROLE}', 'SET')
    ) THEN
        EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
    END IF;
END $$;
"""
"""The owner steps down to the role in every transaction, so he must be its member."""

MAKE_SEES = """
CREATE FUNCTION qinghuan_sees(area_code text, mark smallint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN mark <= COALESCE(NULLIF(current_setting('qinghuan.mark', true), ''), '0')::smallint
   AND (current_setting('qinghuan.areas', true) = '*'
        OR area_code ^@ ANY (
            array_remove(string_to_array(current_setting('qinghuan.areas', true), ','), '')));
"""
"""One expression, so that PostgreSQL inlines it into the query instead of calling it."""


class Operations(Protocol):
    """The little of `alembic.op` that is needed here."""

    def execute(self, sqltext: str, /) -> None:
        """Run a statement."""
        ...


def grant(op: Operations, table: str, *, verbs: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Let the app role use a table.

    Args:
        op: `alembic.op`.
        table: Name of a table made by the calling revision.
        verbs: Rights to give; an append-only table gives `SELECT, INSERT`.
    """
    op.execute(f"GRANT {verbs} ON {table} TO {APP_ROLE}")


def secure_by_area(
    op: Operations, table: str, *, area: str = "area_code", mark: str = "mark"
) -> None:
    """Show a table's rows only where the transaction's scope reaches.

    Args:
        op: `alembic.op`.
        table: Name of a table made by the calling revision.
        area: Its column of the short area code, or an SQL expression.
        mark: Its column of the security mark (smallint), or an SQL expression such as
            `0::smallint` for a table whose rows are all public.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY {table}_by_area ON {table} "
        f"USING (qinghuan_sees({area}, {mark})) WITH CHECK (qinghuan_sees({area}, {mark}))"
    )
