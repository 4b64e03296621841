"""The alliance as a whole: bands instead of numbers where they could tell who."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.provinces import PROVINCES, REGIONS
from accounts.roles import Role
from footprint.benchmark.actions.overview import KEPT, band, count
from footprint.benchmark.models import AllianceOverview
from footprint.benchmark.pages.chain_map import drawn
from footprint.benchmark.pages.overview import TILES
from footprint.rules.models import ProductCategory
from tests import builders as new


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        (1, "few"),
        (2, "few"),
        (3, "3-4"),
        (4, "3-4"),
        (5, "5-7"),
        (8, "8-11"),
        (11, "8-11"),
        (12, "12+"),
        (40, "12+"),
    ],
)
def test_numbers_of_groups_are_told_as_bands(groups: int, told: str) -> None:
    assert band(groups) == told


def test_every_province_has_a_place_of_its_own_and_a_region() -> None:
    assert set(TILES) == set(PROVINCES) == set[str]().union(*REGIONS.values())
    assert len(set(TILES.values())) == len(TILES)
    assert sum(map(len, REGIONS.values())) == len(PROVINCES)


@pytest.mark.django_db
def test_members_see_counts_and_no_names() -> None:
    companies = [new.company() for _ in range(4)]
    for company in companies:
        new.site(company, f"{company.code}-secret-site")
    lonely = new.company()
    site = new.site(lonely)
    site.province = "CN-HI"
    site.save()
    client = Client()
    client.force_login(new.person(companies[0], Role.OWNER))
    client.cookies["django_language"] = "en"
    assert "Not counted yet" in client.get("/alliance/").content.decode()
    made = count(timezone.now())
    assert made.content["members"] == 5
    assert made.content["provinces"] == {"CN-HI": "few", "CN-SD": "3-4"}
    assert (made.content["review_days"], made.content["primary_data_share"]) == (None, None)
    page = client.get("/alliance/").content.decode()
    assert "one or two" in page and "Hainan" in page
    assert "secret-site" not in page and lonely.name_en not in page


@pytest.mark.django_db
def test_old_counts_go() -> None:
    for _ in range(KEPT + 2):
        count(timezone.now())
    assert AllianceOverview.objects.count() == KEPT


@pytest.mark.django_db
def test_flows_are_told_from_five_groups_on_and_name_nobody() -> None:
    """Who supplies whom is nobody else's business: a flow of four groups is not there at all."""
    naphtha, ethylene, benzene = (
        ProductCategory.objects.create(code=code, name_zh=code, name_en=code, unit="kg", position=place)
        for place, code in enumerate(("naphtha", "ethylene", "benzene"))
    )
    for number in range(5):
        company = new.company()
        process = new.process(new.inventory(new.site(company)))
        new.output(process, new.product(company, category=ethylene), 100)
        if number < 4:
            new.output(process, new.product(company, category=benzene), 10)
        new.takes(process, new.product(company, category=naphtha), 300)
    content = count(timezone.now()).content
    assert content["flows"] == [["naphtha", "ethylene", "5-7"]]
    found = drawn(content["flows"], {"naphtha": "Naphtha", "ethylene": "Ethylene"}, {})
    (flow,) = found.flows
    assert (flow.source.name, flow.target.name, flow.words) == ("Naphtha", "Ethylene", "5–7")
    assert flow.path.startswith("M ") and found.height > flow.source.y
    assert drawn([["gone", "ethylene", "12+"]], {"ethylene": "Ethylene"}, {}).flows == []
    client = Client()
    client.force_login(new.person(new.company(), Role.OWNER))
    client.cookies["django_language"] = "en"
    page = client.get("/alliance/").content.decode()
    assert "Who makes what of what" in page
    assert "at least five company groups" in page and company.name_en not in page
    assert content["factor_coverage"] == 0.0
    assert content["data_quality"] is None


@pytest.mark.django_db
def test_used_factors_are_told_to_curators_from_five_groups_on() -> None:
    popular, rare, own = (new.factor_version("0.5") for _ in range(3))
    for number in range(6):
        company = new.company()
        process = new.process(new.inventory(new.site(company)))
        power = new.product(company)
        for _ in range(2):
            new.takes(process, power, "3", factor_version=popular)
        if number < 4:
            new.takes(process, power, "3", factor_version=rare)
    told = count(timezone.now()).content["used_factors"]
    assert told == [[str(popular.uuid), 10, "5-7"]]

    def signed_in(role: Role) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(new.person(new.company(), role))
        client.cookies["django_language"] = "en"
        return client

    curator, owner = signed_in(Role.CURATOR), signed_in(Role.OWNER)
    page = curator.get("/factors/desk/used/").content.decode()
    assert str(popular.factor.uuid) in page and str(rare.factor.uuid) not in page
    assert str(own.factor.uuid) not in page and company.code not in page
    table = curator.get("/factors/desk/used.csv").content.decode()
    assert f"{popular.factor.code}," in table and ",10,5-7" in table
    assert curator.get("/factors/desk/used.csv?format=xlsx").content.startswith(b"PK")
    (row,) = curator.get("/api/v1/factor-versions/used/").json()
    assert (row["factor_version"], row["lines"], row["groups"]) == (str(popular.uuid), 10, "5-7")
    for path in ("/factors/desk/used/", "/factors/desk/used.csv", "/api/v1/factor-versions/used/"):
        assert owner.get(path).status_code == 403
    AllianceOverview.objects.all().delete()
    assert "Nothing to tell yet" in curator.get("/factors/desk/used/").content.decode()
