"""The servers out of wheels hold what the product needs."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from alliance.runtime.broker import Broker


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
    for login in ("app", "worker"):
        with (
            psycopg.connect(database_url(login)) as session,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            session.execute("SET ROLE pcf_owner")
    with psycopg.connect(database_url("owner")) as session:
        for role in ("pcf_app", "pcf_worker"):
            session.execute(f"SET ROLE {role}")
            session.execute("RESET ROLE")


def test_the_broker_answers(broker: Broker) -> None:
    assert broker.is_ready()
