"""A kept connection is asked whether it holds where there is doubt, and a kept plan knows who asks."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql import base

from accounts.actor import Actor
from accounts.visibility import acting_as, rows
from alliance.postgresql.base import DatabaseWrapper
from tests import builders as new


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


@pytest.mark.django_db
def test_a_prepared_question_is_answered_to_each_who_asks() -> None:
    """Row-level security is a part of the plan that a session keeps; the role and the tenant change."""
    sites = [new.site(new.company(code)) for code in ("acme", "borealis")]
    question = "SELECT id FROM accounts_site WHERE id >= %s ORDER BY id"
    asked = [new.actor(site.company) for site in sites]
    for turn in range(8):
        for actor, site in zip(asked, sites, strict=True):
            with acting_as(actor):
                assert rows(question, [1]) == [(site.pk,)], turn
        with acting_as(Actor.worker()):
            assert rows(question, [1]) == [(site.pk,) for site in sites], turn
        with acting_as(Actor.nobody()):
            assert rows(question, [1]) == [], turn
    (kept,) = rows(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["SELECT id FROM acc%"]
    )
    assert kept == (1,), "or nothing was tried"
