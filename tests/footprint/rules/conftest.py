"""What tests of the making of rules begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.footprint.rules.makers import Alliance


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def alliance() -> Alliance:
    return Alliance()
