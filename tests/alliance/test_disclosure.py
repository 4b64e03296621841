"""Who found a weakness is told where to report it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_contact_the_operator_named(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = "mailto:security@office.example"
    settings.PUBLIC_URL = "https://footprints.example"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    told = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert told["Contact"] == "mailto:security@office.example"
    assert told["Canonical"] == "https://footprints.example/.well-known/security.txt"
    until = datetime.fromisoformat(told["Expires"])
    assert timedelta(days=80) < until - datetime.now(UTC) < timedelta(days=365)


def test_without_one_there_is_no_such_file(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404
