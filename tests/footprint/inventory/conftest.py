"""A plant that has not handed in anything; made once for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.reviewing import Plant, kept, plant


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Plant]:
    """Built once, in a transaction that is rolled back when the last of these tests is over."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant()
        transaction.set_rollback(True)


@pytest.fixture
def here(made: Plant, db: None) -> Plant:
    return kept(made)
