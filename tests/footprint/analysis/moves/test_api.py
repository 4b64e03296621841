"""Analyses over REST: figures out, nothing stored; scenarios with their versions."""

from __future__ import annotations

import pytest

from footprint.analysis.models import Scenario
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.inventory.models import Exchange
from tests import builders as new
from tests.api.conftest import Machine, machine_of
from tests.footprint.analysis.moves.conftest import Plant

pytestmark = pytest.mark.django_db


@pytest.fixture
def erp(plant: Plant) -> Machine:
    return machine_of(plant.company)


def figure(plant: Plant) -> str:
    return f"footprints/{Footprint.objects.get(product=plant.ethylene).uuid}/"


def test_what_if(plant: Plant, erp: Machine) -> None:
    lever = {"exchange": str(plant.feed.uuid), "percent": "-50"}
    answer = erp.post(figure(plant) + "what-if/", {"levers": [lever]})
    assert answer.status_code == 200
    body = answer.json()
    stored = Footprint.objects.get(product=plant.ethylene)
    assert body["now"]["kg_co2e_ar6"] == pytest.approx(stored.kg_co2e_ar6, rel=1e-12)
    assert body["scenario"]["kg_co2e_ar6"] < body["now"]["kg_co2e_ar6"]
    assert {each["product_code"] for each in body["moved"]} == {"propylene"}
    Exchange.objects.filter(pk=plant.feed.pk).update(amount="70")
    drain()
    stored.refresh_from_db()
    assert body["scenario"]["kg_co2e_ar6"] == pytest.approx(stored.kg_co2e_ar6, rel=1e-9)


def test_a_refusal_points_at_the_lever_and_its_field(plant: Plant, erp: Machine) -> None:
    good = {"exchange": str(plant.grid.uuid), "percent": 5}
    bad = {"exchange": str(plant.feed.uuid), "amount": "-5"}
    answer = erp.post(figure(plant) + "what-if/", {"levers": [good, bad]})
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["field"], fault["row"]) == ("/levers/1/amount", "amount", 2)
    answer = erp.post(figure(plant) + "what-if/", {"levers": [{**good, "wish": 1}]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/levers/0/wish"


def test_a_loop_is_refused_in_words(plant: Plant, erp: Machine) -> None:
    lever = {"exchange": str(plant.steam_to_turbine.uuid), "amount": "200000"}
    answer = erp.post(figure(plant) + "what-if/", {"levers": [lever]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "unsolvable_loop"
    assert "turbine" in answer.json()["detail"]


def test_sensitivity_history_and_bridge(plant: Plant, erp: Machine) -> None:
    found = erp.get(figure(plant) + "sensitivity/?gwp=AR5").json()
    assert found["gwp"] == "AR5"
    assert str(plant.feed.uuid) in {each["exchange"] for each in found["inputs"]}
    Exchange.objects.filter(pk=plant.feed.pk).update(amount="70")
    drain()
    past = erp.get(figure(plant) + "history/").json()
    assert [each["year"] for each in past] == [2025, 2025]
    first, last = past[1], past[0]
    body = erp.get(f"{figure(plant)}bridge/?from={first['run']}&to={last['run']}").json()
    assert body["before"] == pytest.approx(first["kg_co2e_ar6"], rel=1e-9)
    assert body["after"] == pytest.approx(last["kg_co2e_ar6"], rel=1e-9)
    assert [each["cause"] for each in body["causes"]] == ["activity"]
    assert body["rows"][0]["exchange"] == str(plant.feed.uuid)
    sets = erp.get(f"{figure(plant)}bridge/?from=2025&gwp_from=AR5").json()
    assert [each["cause"] for each in sets["causes"]] == ["gwp"]
    wrong = erp.get(f"{figure(plant)}bridge/?from=1999")
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "from"
    nothing = erp.get(f"{figure(plant)}bridge/").json()["errors"][0]
    assert (nothing["field"], nothing["code"]) == ("from", "required")


def test_a_scenario_from_saving_to_deleting(plant: Plant, erp: Machine) -> None:
    levers = [{"exchange": str(plant.feed.uuid), "amount": "70.10"}]
    body = {"product": str(plant.ethylene.uuid), "year": 2025, "name": "Half", "levers": levers}
    made = erp.post("scenarios/", body)
    assert made.status_code == 201
    assert made.headers["ETag"] == '"1"'
    assert made.json()["levers"] == levers
    path = f"scenarios/{made.json()['uuid']}/"
    assert erp.post("scenarios/", body).json()["errors"][0]["code"] == "duplicate_name"
    assert erp.patch(path, {"name": "Much less"}).status_code == 428
    assert erp.patch(path, {"name": "Much less"}, 1).json()["name"] == "Much less"
    assert erp.patch(path, {"name": "Stale"}, 1).status_code == 412
    assert erp.patch(path, {"year": 2024}, 2).status_code == 422
    assert erp.patch(path, {"levers": []}, 2).status_code == 422
    assert len(erp.get(f"scenarios/?product={plant.ethylene.uuid}").json()["results"]) == 1
    assert erp.delete(path, 1).status_code == 412
    assert erp.delete(path, 2).status_code == 204
    assert Scenario.objects.count() == 0


def test_nothing_of_another_company(plant: Plant, erp: Machine) -> None:
    new.grant(plant.ethylene, plant.partner)
    made = erp.post(
        "scenarios/",
        {
            "product": str(plant.ethylene.uuid),
            "year": 2025,
            "name": "Ours",
            "levers": [{"exchange": str(plant.feed.uuid), "percent": "1"}],
        },
    ).json()
    other = machine_of(plant.partner)
    assert other.post(figure(plant) + "what-if/", {"levers": []}).status_code == 404
    for name in ("sensitivity/", "history/", "bridge/?from=2025"):
        assert other.get(figure(plant) + name).status_code == 404, name
    assert other.get(f"scenarios/{made['uuid']}/").status_code == 404
    assert other.delete(f"scenarios/{made['uuid']}/", 1).status_code == 404
    lever = {"exchange": str(plant.feed.uuid), "percent": "1"}
    body = {"product": str(plant.naphtha.uuid), "year": 2025, "name": "Theirs", "levers": [lever]}
    refused = other.post("scenarios/", body)
    assert refused.json()["errors"][0]["pointer"] == "/levers/0/exchange"
