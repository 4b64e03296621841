"""The mean of a release becomes a factor that tells no more than was released."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

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


def released(count: int, **more: Any) -> tuple[Release, list[Company]]:
    """A comparison of so many groups."""
    new.gwp()
    office, method = Office(), profile()
    cell = office.define(ProductCategory.objects.get(code="ethylene"), method, **more)
    companies = [new.company() for _ in range(count)]
    give(cell, spread(count), companies)
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
    figure = made.derivation["figure"]
    assert figure in ("weighted_mean", "mean")
    assert made.emissions.get().kg_per_unit == Decimal(found.figures[figure])
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


def test_a_median_is_no_average() -> None:
    found, _companies = released(5)
    assert set(found.figures) == {"median"}
    with pytest.raises(Refusal) as refused:
        publish_average(found, by=curator())
    assert refused.value.code == "no_mean" and not FactorVersion.objects.exists()


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
