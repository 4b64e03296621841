"""As one company through every door with names, numbers, identifiers of another: nothing comes back."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client

from tests.canary import fuzz, harvest
from tests.canary.world import MARK, World, build

REQUESTS = int(os.environ.get("CANARY_REQUESTS", "3000"))
SEED = int(os.environ.get("CANARY_SEED", "1"))


@pytest.fixture
def world(db: None) -> Iterator[World]:
    logging.disable(logging.CRITICAL)  # thousands of refusals are what is expected here
    yield build()
    logging.disable(logging.NOTSET)


def test_planted_words_are_everywhere_and_found(world: World) -> None:
    """The instrument sees what it is for: the rival's own pages are full of canaries."""
    assert len([word for word in world.words if word.startswith(MARK)]) > 40
    rival = fuzz._signed_in(world.people["rival"])
    seen = 0
    for request in harvest.offered(rival, most=60):
        if request.method == "GET":
            seen += len(list(fuzz.leaks(world, "", rival.get(request.path, dict(request.query)))))
    assert seen > 100
    assert list(fuzz.leaks(world, "", Client().get("/accounts/login/"))) == []


def test_nothing_of_the_rival_comes_back(world: World) -> None:
    """CANARY_REQUESTS says how many; benchmarks/bench_canary.py sends a million."""
    document = yaml.safe_load(Path(settings.BASE_DIR, "docs/openapi.yaml").read_text())
    found = fuzz.Fuzz(world, document, SEED).run(REQUESTS)
    assert found.leaks[:5] == []
    assert found.broken[:5] == []
    assert {200, 302, 400, 403, 404} <= set(found.statuses)
    assert len(found.shapes) > 100
