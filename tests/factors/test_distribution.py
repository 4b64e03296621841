"""Where a figure lies among those of the same flow, and what cannot stand on its axis."""

from __future__ import annotations

from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from factors.distribution import histogram
from factors.models import Factor, FactorVersion, Source
from factors.seed.reading import Seed
from tests import builders

FLOATS = st.floats(min_value=0, max_value=1e6)


@given(st.lists(FLOATS, min_size=1, max_size=50), FLOATS)
def test_every_value_is_in_one_bin(values: list[float], own: float) -> None:
    bins = histogram(values, own)
    assert sum(each.count for each in bins) == len(values)
    assert sum(each.is_own for each in bins) == 1


def signed_in(role: Role = Role.OWNER) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(builders.person(builders.company(), role))
    client.cookies["django_language"] = "en"
    return client


def test_a_grid_stands_among_grids(loaded: Seed) -> None:
    client, factor = signed_in(), Factor.objects.get(code="grid-cn-national-average")
    version = factor.versions.filter(status="published").order_by("-reference_year")[0]
    told = client.get(f"/api/v1/factor-versions/{version.uuid}/peers/").json()
    assert told["refused"] is None and len(told["peers"]) >= 5 and told["unit"] == "kWh"
    figures = [float(each["figure"]) for each in told["peers"]]
    assert figures == sorted(figures)
    assert str(version.uuid) not in {each["version"] for each in told["peers"]}
    page = client.get(f"/factors/{factor.uuid}/", {"version": version.number}).content.decode()
    assert "How often which figure occurs" in page and "this version" in page
    Source.objects.filter(pk=version.source_id).update(redistribution="no")
    told = client.get(f"/api/v1/factor-versions/{version.uuid}/peers/").json()
    assert told["figure"] is None and None in [each["figure"] for each in told["peers"]]


def test_goods_stand_among_the_same_goods_alone(loaded: Seed) -> None:
    hydrogen = FactorVersion.objects.get(factor__code="cbam-cn-hydrogen")
    told = signed_in().get(f"/api/v1/factor-versions/{hydrogen.uuid}/peers/").json()
    assert (told["refused"], told["peers"]) == ("few", [])


def test_where_too_few_can_be_compared_it_says_why(small: Seed) -> None:
    client, factor = signed_in(), Factor.objects.get(code="grid-cn-national-average")
    version = factor.versions.get(number=3)
    life = FactorVersion.objects.filter(factor__code="electricity-cn-footprint-average")[0]
    Factor.objects.filter(pk__in=(factor.pk, life.factor_id)).update(cpc="17100")
    told = client.get(f"/api/v1/factor-versions/{version.uuid}/peers/").json()
    assert told["refused"] == "few" and told["peers"] == []
    assert {each["obstacle"] for each in told["left_out"]} >= {"scope", "boundary"}
    page = client.get(f"/factors/{factor.uuid}/", {"version": 3}).content.decode()
    assert "Too few others can be compared" in page and "Ends at another boundary" in page
    nowhere = "/api/v1/factor-versions/00000000-0000-4000-8000-000000000000/peers/"
    assert client.get(nowhere).status_code == 404
    assert Client().get(nowhere).status_code == 401
