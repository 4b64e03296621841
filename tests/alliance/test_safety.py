"""What the product does not start with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.signals import connection_created

from alliance import celery, safety
from alliance.safety import Unsafe, refuse_powers, refuse_unsafe, unsafe_settings

OUTSIDE = {
    "PUBLIC_URL": "https://footprints.example",
    "DEBUG": False,
    "ALLOWED_HOSTS": ["footprints.example"],
}
SAFE = {**OUTSIDE, "SECRET_KEY": "aB3-x" * 12}


@pytest.fixture
def stated(settings: Any) -> Any:
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


@pytest.fixture
def unheard() -> Iterator[None]:
    """The check of new connections is taken off again."""
    yield
    connection_created.disconnect(dispatch_uid="refuse_powers")


def test_what_operators_are_told_to_set_is_safe(stated: Any) -> None:
    assert list(unsafe_settings()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short-but-random-4711"),
        ("SECRET_KEY", "x" * 60),
        ("SECRET_KEY", "django-insecure-" + "aB3-x" * 12),
        ("DEBUG", True),
        ("ALLOWED_HOSTS", []),
        ("ALLOWED_HOSTS", ["footprints.example", "*"]),
    ],
)
def test_what_is_unsafe_is_named(stated: Any, name: str, value: object) -> None:
    setattr(stated, name, value)
    (sentence,) = unsafe_settings()
    assert name in sentence
    with pytest.raises(Unsafe, match=name):
        refuse_unsafe()


def test_debugging_on_ones_own_machine_is_allowed(stated: Any) -> None:
    stated.DEBUG, stated.PUBLIC_URL = True, "http://localhost:8000"
    assert list(unsafe_settings()) == []


@pytest.mark.parametrize("key", ["", "no key"])
def test_a_worker_that_cannot_sign_does_not_start(stated: Any, tmp_path: Path, key: str) -> None:
    stated.AUDIT_SIGNING_KEY, stated.AUDIT_KEY_FILE = key, tmp_path / "none"
    with pytest.raises(Unsafe, match="AUDIT_SIGNING_KEY"):
        celery.refuse_to_start_unsafe()


@pytest.mark.django_db
def test_a_login_that_passes_row_level_security_by_is_refused() -> None:
    """The tests' own login does; the web's role entered from it leaves the way back open."""
    with pytest.raises(Unsafe, match="pcf_app"):
        refuse_powers(connection)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE pcf_app")
        with pytest.raises(Unsafe, match="pcf_app"):
            refuse_powers(connection)


@pytest.mark.django_db
def test_the_logins_of_web_and_worker_are_accepted() -> None:
    with connection.cursor() as cursor:
        for login in ("pcf_app", "pcf_worker"):
            cursor.execute(safety.POWERS.replace("current_user, session_user", f"'{login}'"))
            assert cursor.fetchone() == (False,)


@pytest.mark.django_db
def test_every_new_connection_is_asked(stated: Any, unheard: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)
    refuse_unsafe()
    with pytest.raises(Unsafe):
        connection_created.send(sender=type(connection), connection=connection)
