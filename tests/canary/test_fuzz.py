"""As one company through every door with names, numbers, identifiers of another: nothing comes back."""

from __future__ import annotations

import io
import json
import logging
import os
import time
import zipfile
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Company
from tests.canary import fuzz, harvest
from tests.canary.world import MARK, World, build
from tests.interface import document

REQUESTS = int(os.environ.get("CANARY_REQUESTS", "6000"))
SEED = int(os.environ.get("CANARY_SEED", "1"))


@pytest.fixture(scope="module")
def world(kept_rows: None) -> Iterator[World]:
    """Built once: whatever is asked of it is rolled back."""
    logging.disable(logging.CRITICAL)  # thousands of refusals are what is expected here
    yield build()
    logging.disable(logging.NOTSET)


@pytest.mark.django_db
def test_planted_words_are_everywhere_and_found(world: World) -> None:
    """The instrument sees what it is for: the rival's own pages are full of canaries."""
    assert len([word for word in world.words if word.startswith(MARK)]) > 40
    rival = fuzz._signed_in(world.people["rival"])
    seen = 0
    for request in harvest.offered(rival, most=60, per_shape=4):
        if request.method == "GET":
            seen += len(list(fuzz.leaks(world, "", rival.get(request.path, dict(request.query)))))
    assert seen > 100
    assert list(fuzz.leaks(world, "", Client().get("/accounts/login/"))) == []


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("<td>731,000,517</td>", True),
        ("<td>731\u202f000\u202f517 t</td>", True),
        ('{"amount":"731000517.00"}', True),
        ("2024,731000517,t", True),
        ("3f1c0a52-77aa-4b1c-9d10-731405263715", False),
        ("csrf9a731405263715Zq", False),
        ("731 t and 000517", False),
    ],
)
def test_numbers_are_seen_as_people_and_programs_write_them(answer: str, seen: bool) -> None:
    nobody = World(Company(), Company())
    assert bool(list(fuzz.leaks(nobody, "", HttpResponse(answer)))) is seen


def test_what_is_packed_is_read() -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as workbook:
        workbook.writestr("sheet1.xml", f"<v>731000517</v><t>{MARK}00017nam</t>")
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as takeout:
        takeout.writestr("inventory.xlsx", inner.getvalue())
    found = fuzz.leaks(World(Company(), Company()), "", HttpResponse(outer.getvalue()))
    assert list(found) == [f"the word {MARK}00017nam", "the number 731000517"]


@pytest.mark.django_db
def test_nothing_of_the_rival_comes_back(world: World) -> None:
    """CANARY_REQUESTS says how many; benchmarks/bench_canary.py sends a million."""
    hunt, begun = fuzz.Fuzz(world, document(), SEED), time.monotonic()
    found = hunt.run(REQUESTS)
    told = {"sent": found.sent, "seconds": time.monotonic() - begun, "doors": len(found.shapes)}
    print("\n" + json.dumps({**told, "statuses": found.statuses}))
    assert found.leaks[:5] == []
    assert found.broken[:5] == []
    assert {200, 302, 400, 403, 404} <= set(found.statuses)
    assert found.statuses[200] > found.sent / 10, "most are turned away before anything is read"
    assert len(found.shapes) == len(hunt.doors) or found.sent < 2 * len(hunt.doors)
    assert len(found.shapes) > 100
