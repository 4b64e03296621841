"""A connection that is kept is asked whether it holds only where there is a reason to doubt it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql import base

from alliance.postgresql.base import DatabaseWrapper


@pytest.fixture
def kept(django_db_setup: None, django_db_blocker: object) -> Iterator[DatabaseWrapper]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        other = connection.copy()
        other.ensure_connection()
        yield other
        other.close()


def pid(wrapper: DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_one_that_holds_is_not_asked(kept: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    pid(kept)
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda _self: pytest.fail("asked"))
    assert kept.is_usable()


def test_one_that_the_server_ended_is_found_out(kept: DatabaseWrapper) -> None:
    ended = pid(kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
        assert cursor.fetchone() == (True,)
    assert not kept.is_usable()
    with pytest.raises(psycopg.OperationalError):
        kept.connection.execute("SELECT 1")


def test_one_that_was_told_something_harmless_still_holds(kept: DatabaseWrapper) -> None:
    before = pid(kept)
    with kept.cursor() as cursor:
        cursor.execute("LISTEN something")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY something")
    assert kept.is_usable()
    assert pid(kept) == before
