"""The mean of a release becomes a factor that tells no more than was released."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from factors.actions.publish_version import NothingNew
from factors.models import FactorVersion
from footprint.benchmark.actions.average import publish_average
from footprint.benchmark.models import Release
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, Office, give, profile, spread

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signing(settings: Any) -> None:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY


def released(count: int, volumes: list[float] | None = None, **more: Any) -> tuple[Release, list[Company]]:
    """A comparison of so many groups."""
    new.gwp()
    office, method = Office(), profile()
    cell = office.define(ProductCategory.objects.get(code="ethylene"), method, **more)
    companies = [new.company() for _ in range(count)]
    give(cell, spread(count), companies, volumes)
    found = office.release(cell)
    assert found.state == "released"
    return found, companies


def curator() -> Actor:
    return actor_of_user(new.person(new.company(), Role.CURATOR))


def test_it_says_what_was_released_and_where_its_lineage_ends() -> None:
    found, companies = released(12)
    by = curator()
    with acting_as(by):
        made = publish_average(found, by=by)
    assert made.derivation["figure"] == "weighted_mean"
    assert made.emissions.get().kg_per_unit == Decimal(found.figures["weighted_mean"])
    assert (made.reference_year, made.gwp_set, made.source.redistribution) == (2024, "AR6", "no")
    assert "parents" not in made.derivation and made.derivation["release"] == str(found.uuid)
    told = str({**made.derivation, "name": made.factor.name_zh, "locator": made.source_locator})
    assert not [company for company in companies if str(company.uuid) in told or company.code in told]
    with acting_as(by), pytest.raises(NothingNew):
        publish_average(found, by=by)
    client = Client(headers={"accept-language": "en"})
    client.force_login(new.person(companies[0], Role.OWNER))
    client.cookies["django_language"] = "en"
    page = client.get(f"/factors/{made.factor.uuid}/lineage/", {"version": made.number}).content.decode()
    assert f"{found.groups} company groups" in page and f"/benchmarks/releases/{found.uuid}/" in page


@pytest.mark.parametrize(("count", "volumes"), [(5, None), (9, [900.0, *[100.0] * 8])])
def test_nothing_but_a_mean_by_volume_is_an_average(count: int, volumes: list[float] | None) -> None:
    """Neither a median, nor the plain mean where one is too large in the other."""
    found, _companies = released(count, volumes=volumes)
    assert ("mean" in found.figures) is (count == 9) and "weighted_mean" not in found.figures
    with pytest.raises(Refusal) as refused:
        publish_average(found, by=curator())
    assert refused.value.code == "no_mean" and not FactorVersion.objects.exists()


def test_an_older_release_does_not_supersede_the_factor_of_a_later_one() -> None:
    new.gwp()
    office, companies, at = Office(), [new.company() for _ in range(9)], timezone.now()
    method = profile()
    cell = office.define(ProductCategory.objects.get(code="ethylene"), method)
    made = []
    for quarter, factor in enumerate((1.0, 1.4)):
        give(cell, [each * factor for each in spread(9)], companies)
        made.append(office.release(cell, at=at + timedelta(days=100 * quarter)))
    assert all("weighted_mean" in each.figures for each in made)
    older, later = made
    by = curator()
    with acting_as(by):
        version = publish_average(later, by=by)
        with pytest.raises(Refusal) as refused:
            publish_average(older, by=by)
    assert refused.value.code == "not_latest"
    assert FactorVersion.objects.get() == version


def test_only_what_is_released_and_only_curators() -> None:
    found, companies = released(12)
    with pytest.raises(NotAllowed):
        publish_average(found, by=new.actor(companies[0]))
    found.state = Release.State.SIGNED
    with pytest.raises(Refusal) as refused:
        publish_average(found, by=curator())
    assert refused.value.code == "not_released"


def test_the_doors() -> None:
    found, companies = released(12)

    def entered(company: Company, role: Role) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(new.person(company, role))
        client.cookies["django_language"] = "en"
        return client

    owner, keeper = entered(companies[0], Role.OWNER), entered(new.company(), Role.CURATOR)
    page, rest = (
        f"/benchmarks/releases/{found.uuid}/factor/",
        f"/api/v1/benchmark-releases/{found.uuid}/factor/",
    )
    assert owner.get("/benchmarks/averages/").status_code == 403
    assert "Publish as a factor" in keeper.get("/benchmarks/averages/").content.decode()
    assert owner.post(page).status_code == 403 and owner.post(rest).status_code == 403
    assert Client().post(page).status_code == 302 and Client().post(rest).status_code == 401
    made = keeper.post(rest)
    assert made.status_code == 201 and made.json()["emissions"] == [] and made.json()["withheld"]
    assert keeper.post(page).status_code == 302 and FactorVersion.objects.count() == 1
    assert "alliance average" in keeper.get("/benchmarks/averages/").content.decode()
