"""How a version came from its parents, and what does not fit what is said of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.errors import Refusals
from accounts.roles import Role
from factors.actions.publish_version import publish_version
from factors.actions.screen import screened
from factors.content import Relation
from factors.models import Factor, FactorProposal
from factors.relations import conversions, links, relation_faults, relation_of
from tests import builders
from tests.factors.conftest import ANOTHER, Contents


@pytest.mark.parametrize(
    ("relation", "parents", "place", "code"),
    [
        ("averaged_over", 1, "CN-SD", "average_of_few"),
        ("converted_from", 0, "CN-SD", "no_parents"),
        ("converted_from", 2, "CN-SD", "one_parent"),
        ("adapted_region", 1, "CN", "same_region"),
        ("guessed", 1, "CN-SD", "unknown_relation"),
    ],
)
def test_a_relation_fits_its_parents(
    grid: Factor, curator: Actor, content: Contents, relation: str, parents: int, place: str, code: str
) -> None:
    other = Factor.objects.create(code="other-grid", name_zh="别的", name_en="Other", kind="heat", unit="GJ")
    named = [str(each.uuid) for each in grid.versions.order_by("number")[:parents]]
    stated = {"relation": relation, **({"parents": named} if named else {})}
    with pytest.raises(Refusals) as refused:
        said = content("0.5", geography=place, derivation=stated)
        publish_version(other, by=curator, prepared_by=ANOTHER, content=said)
    assert code in {each.code for each in refused.value.refusals}


def test_an_average_over_one_version_twice_is_none(grid: Factor, curator: Actor, content: Contents) -> None:
    once = str(grid.versions.get(number=3).uuid)
    faults = relation_faults({"relation": "averaged_over", "parents": [once, once]}, "CN-SD", [])
    assert [each.code for each in faults] == ["average_of_few"]


@pytest.mark.parametrize(
    ("relation", "unit", "kg", "codes"),
    [
        ("converted_from", "MWh", "530.6", []),
        ("converted_from", "MWh", "531", []),
        ("converted_from", "MWh", "0.5306", ["off_parents"]),
        ("converted_from", "GJ", "147.3889", []),
        ("converted_from", "kg", "3", []),
        ("averaged_over", "kWh", "0.54", []),
        ("averaged_over", "kWh", "0.9", ["off_parents"]),
    ],
)
def test_a_derived_figure_is_what_its_parents_give(
    grid: Factor, curator: Actor, content: Contents, relation: str, unit: str, kg: str, codes: list[str]
) -> None:
    newest = grid.versions.get(reference_year=2023, status="published")
    parents = [newest] if relation == "converted_from" else list(grid.versions.filter(status="published"))
    stated = {"parents": [str(each.uuid) for each in parents], "relation": relation}
    child = Factor(code="derived", name_zh="派生", name_en="Derived", kind="heat", unit=unit)
    found = screened(curator, child, content(kg, derivation=stated)).findings
    assert [each.code for each in found if each.code == "off_parents"] == codes


def test_what_was_converted_on_the_way(grid: Factor, curator: Actor, content: Contents) -> None:
    parent = grid.versions.get(number=3)
    heat = Factor.objects.create(code="grid-gj", name_zh="电", name_en="Power", kind="heat", unit="GJ")
    stated = {"parents": [str(parent.uuid)], "relation": "converted_from"}
    said = content("140", geography="CN-SD", reference_year=2024, derivation=stated)
    child = publish_version(heat, by=curator, prepared_by=ANOTHER, content=said)
    (link,) = links(child, [parent])
    assert link.relation is Relation.CONVERTED
    found = {each.what: (each.before, each.after, each.factor) for each in link.conversions}
    assert found["unit"] == ("kWh", "GJ", Decimal("0.0036"))
    assert found["geography"] == (parent.geography, "CN-SD", None)
    assert found["reference_year"] == (str(parent.reference_year), "2024", None)
    assert relation_of(parent) is Relation.DERIVED and not list(conversions(parent, parent))
    weight = Factor.objects.create(code="grid-kg", name_zh="电", name_en="Power", kind="heat", unit="kg")
    strange = publish_version(weight, by=curator, prepared_by=ANOTHER, content=said)
    assert next(conversions(strange, parent)).factor is None


def test_the_form_names_parents_by_code_and_number(grid: Factor) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(builders.person(builders.company(), Role.CURATOR))
    client.cookies["django_language"] = "en"
    posted = {
        "geography": "CN", "reference_year": "2023", "scope": "co2", "boundary": "direct", "gwp_set": "",
        "source": "mee-grid-co2-2023", "source_locator": "table 1", "transcription": "confirmed",
        "gas_1": "CO2", "origin_1": "fossil", "kg_1": "140", "relation": "averaged_over", "reason": "mean",
    }  # fmt: skip
    wrong = {**posted, "parents": "nothing v1\nsomething"}
    page = client.post(f"/factors/{grid.uuid}/publish/", wrong).content.decode()
    assert "“nothing v1” is no version" in page and "“something” is no version" in page
    codes = f"{grid.code} v1\n\n{grid.code} 2"
    new = {**posted, "code": "mean", "name_zh": "均值", "kind": "heat", "unit": "GJ", "parents": codes}
    assert client.post("/factors/proposals/new/", new).status_code == 302
    made = FactorProposal.objects.get()
    assert made.content["derivation"] == {
        "relation": "averaged_over",
        "parents": [str(grid.versions.get(number=number).uuid) for number in (1, 2)],
    }
    assert "Average over" in client.get(f"/factors/proposals/{made.uuid}/").content.decode()
