"""The settings that the second lock reads end with their transaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts.visibility import acting_as
from tests import builders as new


def held() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), coalesce(current_setting('app.companies', true), '')")
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_the_settings_end_with_the_transaction() -> None:
    """On the very connection that the next request takes."""
    before = held()
    with acting_as(new.actor(new.company())):
        assert held() != before
    assert held() == before
