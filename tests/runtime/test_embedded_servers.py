"""The servers out of wheels hold what the product needs."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from alliance.runtime.broker import Broker
from tests import builders as new


@pytest.mark.django_db
def test_the_test_database_has_the_extensions_and_belongs_to_a_login_that_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        assert {"btree_gist", "pg_trgm", "pgcrypto"} <= {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("pcf_owner", False)


def test_each_login_can_connect_and_none_but_the_owner_may_become_another(
    database_url: Callable[[str], str],
) -> None:
    for login in ("app", "worker", "backup"):
        with (
            psycopg.connect(database_url(login)) as session,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            session.execute("SET ROLE pcf_owner")
    with psycopg.connect(database_url("owner")) as session:
        for role in ("pcf_app", "pcf_worker"):
            session.execute(f"SET ROLE {role}")
            session.execute("RESET ROLE")


def test_the_backup_reads_every_row_and_writes_none(database_url: Callable[[str], str]) -> None:
    site = new.site(new.company())
    with psycopg.connect(database_url("app")) as session:
        assert session.execute("SELECT count(*) FROM accounts_site").fetchone() == (0,)
    with psycopg.connect(database_url("backup")) as session:
        assert session.execute("SELECT id FROM accounts_site").fetchall() == [(site.pk,)]
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            session.execute("DELETE FROM accounts_site")
    with psycopg.connect(database_url("backup"), options="-c default_transaction_read_only=off") as session:
        for order in ("DELETE FROM accounts_site", "SET ROLE pcf_app", "SET ROLE pcf_worker"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():
                session.execute(order)


def test_the_broker_answers(broker: Broker) -> None:
    assert broker.is_ready()
