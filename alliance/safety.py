"""What a process that serves or calculates refuses to start with; each refusal says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from accounts.audit_keys import signing_key

LONG_ENOUGH, VARIED_ENOUGH = 50, 5
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
POWERS = (
    "SELECT bool_or(rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname IN (current_user, session_user)"
)


class Unsafe(SystemExit):
    """The process may not start like this. No framework's handler of errors keeps it going."""


def refuse_unsafe(*, signs: bool = False) -> None:
    """Pass, or end the process; ``signs`` when it signs checkpoints of the audit log.

    A database that is away refuses nothing: its role is asked for with every connection that comes about.

    Raises:
        Unsafe: with everything that is wrong.
    """
    found = [*unsafe_settings(), *(_missing_key() if signs else ())]
    if found:
        raise Unsafe("This is not safe to start:\n- " + "\n- ".join(found))
    connection_created.connect(refuse_powers, dispatch_uid="refuse_powers")
    try:
        connection.ensure_connection()
    except OperationalError:
        return
    connection.close()  # the processes that are forked from here open their own


def unsafe_settings() -> Iterator[str]:
    """What the environment must not say."""
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # the framework's word for an empty one
        key = ""
    if len(key) < LONG_ENOUGH or len(set(key)) < VARIED_ENOUGH or key.startswith("django-insecure-"):
        yield f"SECRET_KEY is missing or easy to guess: give it {LONG_ENOUGH} random characters or more."
    serves_others = urlsplit(settings.PUBLIC_URL).hostname not in THIS_MACHINE
    if settings.DEBUG and serves_others:
        yield "DEBUG shows strangers what is inside: take it away, or serve this machine alone."
    if not settings.ALLOWED_HOSTS or {"*", ""} & set(settings.ALLOWED_HOSTS):
        yield "ALLOWED_HOSTS lets any name pass, or none: name the hosts by which people reach the product."


def _missing_key() -> Iterator[str]:
    try:
        signing_key()
    except ImproperlyConfigured as missing:
        yield str(missing)


def refuse_powers(connection: Any, **_signal: Any) -> None:
    """Row-level security binds neither superusers nor roles that pass it by: end the process.

    Raises:
        Unsafe.
    """
    with connection.cursor() as cursor:
        cursor.execute(POWERS)
        (is_powerful,) = cursor.fetchone()
    if is_powerful:
        raise Unsafe(
            "The database login is a superuser's or passes row-level security by, so nothing would keep"
            " members apart. Use pcf_app for the web and pcf_worker for workers (docs/operations.md)."
        )
