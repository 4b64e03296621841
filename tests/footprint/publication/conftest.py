"""A plant whose inventory was accepted, method profiles, and a key to sign with; made once for all."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.reviewing import Plant, carried, kept, plant


@pytest.fixture(autouse=True)
def signs(settings: Any) -> bytes:
    """The platform's secret key of this test."""
    secret = bytes(range(32))
    settings.PUBLICATION_SIGNING_KEY = base64.b64encode(secret).decode()
    return secret


@pytest.fixture(scope="package")
def accepted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Plant]:
    """Built once, in a transaction that is rolled back when the last of these tests is over."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_rules", verbosity=0)
        made = plant()
        carried(made)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def here(accepted: Plant, db: None) -> Plant:
    """Everything calculated and accepted; nothing published."""
    return kept(accepted)
