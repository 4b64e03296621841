"""What a new factor is held against: its substance, what anything emits, and what measures its kind."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.errors import Refusal, Refusals
from factors.actions.propose import described, propose
from factors.actions.publish_version import content_of
from factors.content import Emission
from factors.models import Factor, FactorProposal
from tests import builders
from tests.factors.conftest import Contents

AMMONIA = {"code": "nh3", "name_en": "Ammonia", "kind": "material", "unit": "kg", "cas": "7664-41-7"}


@pytest.mark.parametrize(
    ("kg", "code"), [("4360", "slip_thousand"), ("4.36", "double"), ("16", "slip_carbon_co2"), ("3", None)]
)
def test_a_new_factor_is_held_against_others_of_its_substance(
    loaded: object, content: Contents, kg: str, code: str | None
) -> None:
    """Few as they are, and in another table: a single one of the same CAS number, per tonne."""
    there = Factor.objects.get(code="cbam-cn-ammonia").versions.get()
    stated = replace(content_of(there, [Emission("CO2e", "unspecified", Decimal(kg))]), derivation={})
    company = builders.company()
    asked = {"by": builders.actor(company), "company": company, "content": stated}
    if code is None:
        assert propose(described(AMMONIA), **asked).findings == []  # type: ignore[arg-type]
        return
    with pytest.raises(Refusals) as refused:
        propose(described(AMMONIA), **asked)  # type: ignore[arg-type]
    assert [each.code for each in refused.value.refusals] == [code]


def test_what_hardly_anything_emits_needs_a_reason(small: object, content: Contents) -> None:
    company = builders.company()
    owner = builders.actor(company)
    metal = described({"code": "pt", "name_en": "Platinum", "kind": "material", "unit": "kg"})
    stated = content("30000", boundary="cradle_to_gate")
    with pytest.raises(Refusals) as refused:
        propose(metal, by=owner, company=company, content=stated)
    assert [each.code for each in refused.value.refusals] == ["beyond_usual"]
    made = propose(metal, by=owner, company=company, content=stated, reason="Mined in South Africa")
    assert [each["code"] for each in made.findings] == ["beyond_usual"]


@pytest.mark.parametrize(("kind", "unit"), [("electricity", "kg"), ("freight", "t"), ("fuel", "t*km")])
def test_a_kind_is_counted_in_what_measures_it(
    small: object, content: Contents, kind: str, unit: str
) -> None:
    company = builders.company()
    wrong = described({"code": "x", "name_en": "X", "kind": kind, "unit": unit})
    with pytest.raises(Refusals) as refused:
        propose(wrong, by=builders.actor(company), company=company, content=content("0.1"))
    assert [(each.code, each.field) for each in refused.value.refusals] == [("dimension", "unit")]
    assert not FactorProposal.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "is_one"),
    [
        ("cas", "7664-41-7", True),
        ("cas", "7664-41-8", False),
        ("cas", "NH3", False),
        ("cpc", "34231", True),
        ("cpc", "342.31", True),
        ("cpc", "342311", False),
        ("hs", "2814.10", True),
        ("hs", "28141000", True),
        ("hs", "ammonia", False),
    ],
)
def test_a_code_is_one_of_its_classification(small: object, name: str, value: str, is_one: bool) -> None:
    stated = {"code": "x", "name_en": "X", "kind": "material", "unit": "kg", name: value}
    if is_one:
        assert getattr(described(stated), name) == value
        return
    with pytest.raises(Refusal) as refused:
        described(stated)
    assert (refused.value.code, refused.value.field) == (f"not_a_{name}", name)
