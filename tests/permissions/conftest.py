"""One world for all tests here; nothing that is asked of it changes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.permissions.world import World, built


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once, in a transaction that is rolled back when the last of these tests is over."""
    with django_db_blocker.unblock(), built() as made:
        yield made
