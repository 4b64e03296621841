"""How the database is emptied after a test that really commits."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

from alliance.runtime.environment import OWNER
from alliance.runtime.postgres import SUPERUSER, Cluster

ALWAYS_THE_SAME = frozenset({"django_content_type", "auth_permission"})
"""What migrating fills and nothing changes: it stays, and need not be made again."""


def allow_emptying(cluster: Cluster, database: str) -> None:
    """Let the owner of the tests' database delete past the triggers: the audit log refuses or records it."""
    import psycopg

    where = {"host": str(cluster.sockets), "user": SUPERUSER, "dbname": database, "autocommit": True}
    with psycopg.connect(**where) as session:  # type: ignore[arg-type]
        session.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")


def empty_by_deleting() -> None:
    """Every later test's rows go by DELETE.

    Django empties by TRUNCATE, which gives each table and index a new file, however few rows there were, and
    then fills the tables above anew: one to three seconds for each test where this takes some hundredths.
    """
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[method-assign]


class Tidying:
    """Room that taken back rows hold is given back now and then, while no test has a transaction open."""

    PAUSE_SECONDS = 60.0

    def __init__(self, cluster: Cluster, database: str) -> None:
        self.where = {"host": str(cluster.sockets), "user": SUPERUSER, "dbname": database, "autocommit": True}
        self.done_at = time.monotonic()

    def tidy(self) -> None:
        """Unless it was done a minute ago."""
        import psycopg

        if connection.in_atomic_block or time.monotonic() < self.done_at + self.PAUSE_SECONDS:
            return
        with psycopg.connect(**self.where) as session:  # type: ignore[arg-type]
            session.execute("VACUUM (SKIP_LOCKED)")
        self.done_at = time.monotonic()


def _empty(_case: Any) -> None:
    tables = sorted(set(connection.introspection.django_table_names()) - ALWAYS_THE_SAME)
    quoted = [connection.ops.quote_name(table) for table in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        # as TRUNCATE does: wait for whoever still writes, for a request may outlive its test, not for ever
        cursor.execute("SET LOCAL lock_timeout = '120s'")
        cursor.execute(f"LOCK TABLE {', '.join(quoted)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f"DELETE FROM {table}" for table in quoted))
