"""The allocation lab: what is stored is what is shown, to its owner alone."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from footprint.analysis.models import Assessment
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, OutputPrice
from tests import builders as new
from tests.footprint.analysis.assessing import assess, band, by_profile, column, profile
from tests.footprint.analysis.conftest import Plant, signed_in


@pytest.fixture
def lab(plant: Plant) -> Plant:
    """Ethylene and propylene by three methods, PACT's tree walked for both."""
    tree = [
        {"question": "several", "answer": True, "evidence": {"co_products": 2.0}},
        {"question": "subdivision", "answer": False, "evidence": {}},
        {"question": "price_ratio", "answer": False, "evidence": {"ratio": 1.31, "limit": 5.0, "years": 3.0}},
    ]
    version = profile("pact-v3", 3)
    for product, values in (
        (plant.ethylene, {"now": (811.5, 811.5), "economic": (944.25, 923.75), "energy": (795.0, 802.5)}),
        (plant.propylene, {"now": (811.5, 811.5), "economic": (501.5, 549.25), "energy": (850.0, 832.75)}),
    ):
        figure = column(plant.cracker, product)
        assess(figure, band=band("mass", **values))
        by_profile(figure, version, 811.5, walk=tree, method="mass")
    return plant


def place(plant: Plant, name: str = "allocation") -> str:
    return reverse(f"analysis:{name}", args=[plant.propylene.uuid])


def shown(plant: Plant, language: str = "en", user: User | None = None, query: str = "") -> str:
    client = signed_in(user or plant.owner)
    client.cookies["django_language"] = language
    answer = client.get(place(plant) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def prices(plant: Plant, **years: tuple[str, str]) -> None:
    for product, at in ((plant.ethylene, 0), (plant.propylene, 1)):
        line = Exchange.objects.get(process=plant.cracker, product=product, direction="output")
        for year, pair in years.items():
            OutputPrice.objects.create(
                company=plant.company, exchange=line, year=int(year[1:]), price=Decimal(pair[at])
            )


@pytest.mark.parametrize(("language", "lowest"), [("en", "By economic value"), ("zh-hans", "按经济价值")])
def test_the_band_is_the_stored_one(lab: Plant, language: str, lowest: str) -> None:
    text = shown(lab, language)
    assert all(number in text for number in ("549.2", "832.8", "923.8", "802.5", "811.5"))
    assert lowest in text
    assert "note-bad" not in text
    assert reverse("inventory:process", args=[lab.cracker.uuid]) in text


def test_everybody_is_another_view(lab: Plant) -> None:
    text = shown(lab, query="?view=everybody")
    assert "Lowest 501.5 (By economic value), highest 850.0 (By energy content)" in text


def test_the_tree_is_told_with_its_evidence(lab: Plant) -> None:
    text = shown(lab)
    assert "Is the highest price above the limit, as a multiple of the lowest?" in text
    assert "ratio: 1.31" in text
    assert "The tree ends in: By mass." in text


def test_a_year_that_flips_is_said(lab: Plant) -> None:
    prices(lab, y2023=("9000", "8000"), y2024=("9000", "1000"), y2025=("9000", "8500"))
    text = shown(lab)
    assert text.count("Flips") == 1
    assert "The method hangs on the year." in text
    assert "complete years are needed" not in text


def test_years_that_agree_do_not_warn(lab: Plant) -> None:
    prices(lab, y2024=("9000", "8000"), y2025=("9000", "8500"))
    text = shown(lab)
    assert "Flips" not in text
    assert "Prices of 3 complete years are needed" in text


def test_prices_and_their_ratio_are_for_those_who_may(lab: Plant) -> None:
    prices(lab, y2024=("9000", "8000"))
    text = shown(lab, user=lab.operator)
    assert "Your role does not see prices" in text
    assert "1.31" not in text
    assert "Against the mean" not in text


def test_who_may_not_edit_gets_no_button(lab: Plant) -> None:
    reader = new.person(lab.company, Role.APPROVER)
    assert "Change method and prices" not in shown(lab, user=reader)


def test_a_single_product_says_so(plant: Plant) -> None:
    assess(column(plant.boiler, plant.steam))
    client = signed_in(plant.owner)
    client.cookies["django_language"] = "en"
    text = client.get(reverse("analysis:allocation", args=[plant.steam.uuid])).content.decode()
    assert "One product only." in text
    assert "What PACT&#x27;s tree orders" not in text


def test_before_an_assessment_the_page_waits(plant: Plant) -> None:
    Assessment.objects.all().delete()
    text = shown(plant)
    assert "The figure is being assessed" in text


def test_the_file_has_both_views(lab: Plant) -> None:
    answer = signed_in(lab.owner).get(place(lab, "allocation_export"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["view"] for row in rows} == {"own", "everybody"}
    found = {(r["view"], r["product"], r["method"]): float(r["kg_co2e_per_unit"]) for r in rows}
    assert found["own", "propylene", "economic"] == 549.25
    assert found["everybody", "ethylene", "energy"] == 795.0


def test_outsiders_and_buyers_have_none(lab: Plant) -> None:
    for name in ("allocation", "allocation_export"):
        address = reverse(f"analysis:{name}", args=[lab.ethylene.uuid])
        assert signed_in(lab.operator).get(address).status_code == 200
        assert signed_in(lab.buyer).get(address).status_code == 404
        assert signed_in(lab.stranger).get(address).status_code == 404


def test_as_many_queries_however_many_co_products(lab: Plant) -> None:
    drain()
    client = signed_in(lab.owner)
    client.get(place(lab))
    with CaptureQueriesContext(connection) as few:
        client.get(place(lab))
    for number in range(5):
        further = new.product(lab.company, f"cut-{number}", "t")
        new.output(lab.cracker, further, "10")
    drain()
    with CaptureQueriesContext(connection) as many:
        client.get(place(lab))
    assert len(many) == len(few)
