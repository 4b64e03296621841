"""Analyses over REST: for the owner's machine, typed, and refused in problems."""

from __future__ import annotations

import pytest

from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from tests.api.conftest import V1, Machine, machine_of
from tests.footprint.analysis.conftest import Plant

PARTS = ("footprints/{footprint}/tree/", "footprints/{footprint}/hotspots/")
SITE = ("inventories/{inventory}/flows/", "inventories/{inventory}/closure/")


def places(plant: Plant) -> list[str]:
    figure = Footprint.objects.get(product=plant.ethylene, process=plant.cracker)
    ids = {"footprint": figure.uuid, "inventory": plant.inventory.uuid}
    return [V1 + path.format(**ids) for path in (*PARTS, *SITE)]


@pytest.fixture
def erp(plant: Plant) -> Machine:
    return machine_of(plant.company)


def test_the_tree_sums_to_the_figure(plant: Plant, erp: Machine) -> None:
    figure = Footprint.objects.get(product=plant.ethylene, process=plant.cracker)
    answer = erp.get(f"{places(plant)[0]}?gwp=AR5&cut=0.02")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["gwp"], body["cut"], body["freshness"]) == ("AR5", 0.02, "current")
    root, *others = body["nodes"]
    assert root["kg_co2e"] == pytest.approx(figure.kg_co2e_ar5, rel=1e-9)
    for node in body["nodes"]:
        below = sum(each["kg_co2e"] for each in others if each["parent_id"] == node["id"])
        assert node["direct"] + below + node["below_cut"] == pytest.approx(node["kg_co2e"], rel=1e-9)
    feed = next(each for each in others if each["kind"] == "supplier")
    assert (feed["exchange"], feed["product"]) == (str(plant.feed.uuid), str(plant.naphtha.uuid))


def test_hotspots_sum_to_the_figure(plant: Plant, erp: Machine) -> None:
    body = erp.get(places(plant)[1]).json()
    for part in ("sources", "stages", "gases"):
        assert sum(each["kg_co2e"] for each in body[part]) == pytest.approx(body["kg_co2e"], rel=1e-9)
    gate = body["gate"]
    assert gate["own"] + gate["purchased"] == pytest.approx(body["kg_co2e"], rel=1e-9)
    assert body["paths"][0]["kg_co2e"] >= body["paths"][1]["kg_co2e"] > 0


@pytest.mark.parametrize(("basis", "unit"), [("mass", "kg"), ("energy", "MJ"), ("co2e", "kg CO2e")])
def test_flows_on_a_basis(plant: Plant, erp: Machine, basis: str, unit: str) -> None:
    body = erp.get(f"{places(plant)[2]}?basis={basis}").json()
    assert (body["basis"], body["unit"]) == (basis, unit)
    known = {node["id"] for node in body["nodes"]}
    assert body["flows"]
    assert {end for flow in body["flows"] for end in (flow["source_id"], flow["target_id"])} <= known
    if basis == "co2e":
        assert {node["is_closed"] for node in body["nodes"] if node["process"]} == {True}


def test_closure_of_the_site_and_its_processes(plant: Plant, erp: Machine) -> None:
    body = erp.get(places(plant)[3]).json()
    assert {row["code"] for row in body["processes"]} == {"boiler", "turbine", "cracker"}
    cracker = next(row for row in body["processes"] if row["code"] == "cracker")
    mass = cracker["balances"][0]
    assert (mass["basis"], mass["verdict"]) == ("mass", "red")
    assert mass["gap"] == pytest.approx(40 / 140)
    assert mass["suspect"]["exchange"] == str(plant.feed.uuid)
    assert [limit["amber"] for limit in body["limits"]] == [0.01, 0.02, 0.02]


def test_others_find_nothing(plant: Plant) -> None:
    for company in (plant.partner, plant.buyer.memberships.get().company):
        machine = machine_of(company)
        for place in places(plant):
            answer = machine.get(place)
            assert answer.status_code == 404
            assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("number", "query", "field"),
    [
        (0, "gwp=AR9", "gwp"),
        (0, "cut=nan", "cut"),
        (1, "cut=2", "cut"),
        (1, "depth=3", "depth"),
        (2, "basis=gold", "basis"),
        (3, "basis=mass", "basis"),
    ],
)
def test_bad_parameters_are_problems(plant: Plant, erp: Machine, number: int, query: str, field: str) -> None:
    answer = erp.get(f"{places(plant)[number]}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field


def test_of_a_failed_figure_there_is_nothing_to_take_apart(plant: Plant, erp: Machine) -> None:
    plant.gas_burnt.unit = "m3"
    plant.gas_burnt.save()
    drain()
    for place in places(plant)[:2]:
        body = erp.get(place).json()
        assert (body["kg_co2e"], body["freshness"]) == (None, "failed")
    assert erp.get(places(plant)[2] + "?basis=co2e").status_code == 200
