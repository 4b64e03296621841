"""The alliance as a whole: bands instead of numbers where they could tell who."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.provinces import PROVINCES, REGIONS
from accounts.roles import Role
from footprint.benchmark.actions import overview
from footprint.benchmark.actions.overview import KEPT, band, count, median_told
from footprint.benchmark.models import AllianceOverview
from footprint.benchmark.pages.chain_map import drawn
from footprint.benchmark.pages.overview import TILES
from footprint.inventory.models import Exchange
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.reviewing import carried, plant, settled


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


@given(st.lists(st.floats(0.001, 1.0), min_size=5, max_size=15, unique=True))
def test_a_median_is_nobodys_value_and_has_two_digits(values: list[float]) -> None:
    """Of an odd number of groups the ordinary one is the middle group's."""
    told = median_told(values)
    assert told is not None and min(values) * 0.95 <= told <= max(values) * 1.05
    assert told == float(f"{told:.2g}")
    assert median_told([*values[:4], None]) is None


def test_the_middle_one_of_five_is_not_told() -> None:
    assert median_told([0.11, 0.12, 0.3, 0.88, 0.9]) != 0.3


@pytest.mark.django_db
def test_medians_are_of_what_was_accepted_and_stay_for_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit shows in no hour's count, and what nobody accepted in none at all."""
    monkeypatch.setattr(overview, "MINIMUM_GROUPS", 2)
    first, second = plant(), plant()
    sister = plant(new.company(group=first.company.group))
    at = datetime(2026, 11, 2, tzinfo=UTC)
    settled()
    assert count(at - timedelta(days=100)).content["primary_data_share"] is None
    for each in (first, sister):
        carried(each)
    lone = count(at - timedelta(days=200)).content
    assert (lone["primary_data_share"], lone["review_days"]) == (None, None), "two companies, one group"
    carried(second)
    made = count(at).content
    assert made["primary_data_share"] is not None and made["review_days"] is not None
    Exchange.objects.filter(pk__in=[first.line.pk, sister.line.pk]).update(amount=99)
    settled()
    assert count(at + timedelta(hours=1)).content == {**made}
    assert count(at + timedelta(days=100)).content["primary_data_share"] is None


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
    assert content["factor_coverage"] is None, "of drafts nothing is told but bands"
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
