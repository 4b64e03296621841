"""What may share an axis: every reason by itself, and under a common profile. The page."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from footprint.rules.models import MethodProfile
from footprint.sharing.comparing import Side, common_profiles, differences, per_unit
from footprint.sharing.models import SharingRequest
from footprint.sharing.stated import Stated
from tests import builders as new
from tests.browsing import ask, browser
from tests.sharing import Deal

SOUND = Stated(
    pf_id=UUID(int=1),
    product="Naphtha",
    company="Maker",
    unit="kg",
    amount=Decimal(1),
    kg_co2e=Decimal("0.5"),
    period_start=date(2025, 1, 1),
    period_end=date(2025, 12, 31),
    valid_until=date(2028, 1, 1),
    is_active=True,
    gwp=("AR6",),
    geography="CN",
    boundary="cradle-to-gate",
    standards=("ISO14067",),
    allocation="mass",
    level=2,
)


def _side(key: str = "a", profiles: tuple[str, ...] = ("pact", "gbt"), **change: Any) -> Side:
    figures = {name: Decimal(place) for place, name in enumerate(profiles, 2)}
    return Side(key, key, "", replace(SOUND, **change), figures)


def test_alike_they_share_an_axis() -> None:
    sides = [_side(), _side("b", unit="t", kg_co2e=Decimal(400))]
    assert differences(sides) == []
    assert [per_unit(side, "kg", "") for side in sides] == [Decimal("0.5"), Decimal("0.4")]


@pytest.mark.parametrize(
    ("change", "code", "stays"),
    [
        ({"unit": "kWh"}, "unit", True),
        ({"unit": ""}, "unit", True),
        ({"boundary": "gate-to-gate"}, "boundary", True),
        ({"period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31)}, "period", True),
        ({"period_end": None}, "period", True),
        ({"gwp": ("AR5",)}, "gwp", False),
        ({"standards": ("PACT-3.0",)}, "method", False),
        ({"allocation": "energy"}, "allocation", False),
        ({"allocation": ""}, "allocation", False),
    ],
)
def test_each_difference_is_a_reason(change: dict[str, Any], code: str, stays: bool) -> None:
    sides = [_side(), _side("b", **change)]
    assert [each.code for each in differences(sides)] == [code]
    assert ([each.code for each in differences(sides, "pact")] == [code]) is stays


def test_what_has_no_figure_is_not_drawn() -> None:
    assert [each.code for each in differences([_side(), _side("b", kg_co2e=None)])] == ["no_figure"]
    assert differences([_side(), _side("b", kg_co2e=None)], "pact") == []


def test_only_what_all_were_calculated_by_is_offered() -> None:
    sides = [_side(), _side("b", profiles=("gbt",))]
    assert common_profiles(sides) == ["gbt"]
    (found,) = differences(sides, "pact")
    assert (found.code, found.told) == ("not_by_profile", "b")


@given(st.permutations([_side("a"), _side("b", unit="t"), _side("c", gwp=("AR5",)), _side("d", unit="MJ")]))
def test_the_order_does_not_matter(sides: list[Side]) -> None:
    assert {each.code for each in differences(sides)} == {"unit", "gwp"}


@pytest.mark.django_db
def test_the_page_refuses_or_draws(here: Deal) -> None:
    request = here.shared()
    buyer, seller = browser(here.person), browser(here.supplier.people["owner"])
    pinned, own = f"pinned:{request.uuid}", f"publication:{here.publication.uuid}"
    assert pinned in ask(buyer, "/sharing/compare/")
    assert "Not comparable" not in ask(seller, f"/sharing/compare/?side={own}")
    both = f"/sharing/compare/?side={pinned}&side={own}"
    assert own not in ask(buyer, both).partition("<form")[0]  # the publication is not the buyer's to see
    other = here.shared(level="total")
    both = f"/sharing/compare/?side={pinned}&side=pinned:{other.uuid}"
    refused = ask(buyer, both)
    assert "Their allocation differs or is not said" in refused
    calculated = next(each for each in here.publication.content["byProfile"] if "pcf" in each)
    profile = f"{calculated['profile']}+v{calculated['number']}"
    drawn = ask(buyer, f"{both}&profile={profile}")
    assert "Not comparable" not in drawn
    assert "Side by side" in drawn
    named = MethodProfile.objects.get(code=calculated["profile"])
    assert f"{named.name_en} v{calculated['number']}</a>" in drawn
    assert "Cradle to gate</td>" in drawn and "cradle-to-gate" not in drawn
    content = copy.deepcopy(other.content)
    for each in content["byProfile"]:  # type: ignore[index]
        each["number"] += 1
    SharingRequest.objects.filter(pk=other.pk).update(content=content)
    assert "Side by side" not in ask(buyer, f"{both}&profile={profile}")
    stranger = browser(new.person(new.company(), Role.OWNER))
    assert "Side by side" not in ask(stranger, f"{both}&profile={profile}")
