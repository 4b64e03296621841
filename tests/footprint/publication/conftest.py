"""A plant whose inventory was accepted, method profiles, and a key to sign with."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.management import call_command

from tests.reviewing import Plant, carried, plant


@pytest.fixture(autouse=True)
def signs(settings: Any) -> bytes:
    """The platform's secret key of this test."""
    secret = bytes(range(32))
    settings.PUBLICATION_SIGNING_KEY = base64.b64encode(secret).decode()
    return secret


@pytest.fixture
def here(db: None) -> Plant:
    """Everything calculated and accepted; nothing published."""
    call_command("load_rules", verbosity=0)
    made = plant()
    carried(made)
    return made
