"""The alliance's averages: told to every member, of the latest release, only where the gates let them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.benchmark.actions.overview import count
from footprint.benchmark.queries import released_averages
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, Office, give, profile, spread

pytestmark = pytest.mark.django_db


def test_averages_of_the_latest_release_and_of_no_dominated_one(settings: Any) -> None:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY
    method, office = profile(), Office()
    category = ProductCategory.objects.get(code="ethylene")
    even, uneven = (office.define(category, method, technology=name) for name in ("even", "uneven"))
    companies = [new.company() for _ in range(18)]
    values = spread(9)
    give(even, values, companies[:9], [100.0 + place for place in range(9)])
    give(uneven, values, companies[9:], [900.0, *[100.0] * 8])
    first = office.release(even)
    assert office.release(uneven).state == "released"
    asking = new.actor(new.company())
    with acting_as(asking):
        (told,) = released_averages(asking)
    assert (told.release, told.unit, told.groups, told.technology) == (first.uuid, "kg", "8-11", "even")
    assert told.kg_co2e == Decimal(first.figures["weighted_mean"])

    give(even, [each * 1.4 for each in values], companies[:9], [100.0 + place for place in range(9)])
    second = office.release(even, at=timezone.now() + timedelta(days=100))
    assert second.state == "released"
    with acting_as(asking):
        assert [each.release for each in released_averages(asking)] == [second.uuid]
    assert released_averages(Actor.nobody()) == []
    client = Client()
    client.force_login(new.person(new.company(), Role.OWNER))
    (row,) = client.get("/api/v1/benchmark-averages/").json()
    assert (row["category"], row["release"]) == ("ethylene", str(second.uuid))
    assert Decimal(str(row["kg_co2e"])) == Decimal(second.figures["weighted_mean"])
    count(timezone.now())
    assert str(second.uuid) in client.get("/alliance/").content.decode()
