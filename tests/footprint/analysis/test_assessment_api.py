"""Assessments over REST: own figures only."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.actor import Actor
from accounts.roles import Role
from footprint.analysis.actions.sample import start_run, work
from footprint.calculation import ledger
from tests import builders as new
from tests.footprint.analysis.chain import Chain

pytestmark = pytest.mark.django_db(transaction=True)


def as_owner(chain: Chain) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(new.person(chain.refiner, Role.OWNER))
    return client


def test_an_owner_reads_everything_about_a_figure(chain: Chain) -> None:
    call_command("load_rules", verbosity=0)
    version = new.factor_version("0.3", gas="CO2e", gwp_set="AR5")
    new.takes(chain.refinery, None, "10", "kWh", factor_version=version)
    ledger.drain()
    start_run(by=Actor.worker(), samples=100)
    while work():
        pass
    client, at = as_owner(chain), f"/api/v1/footprints/{chain.footprint(chain.naphtha).uuid}/"
    found = client.get(f"{at}assessment/").json()
    assert found["kg_co2e"] == pytest.approx(1.43)
    assert (found["unit"], found["freshness"]) == ("kg", "current")
    assert found["band"]["own"]["highest"] == "economic"
    assert [row["method"] for row in found["band"]["methods"]] == ["in force", "mass", "energy", "economic"]
    told = client.get(f"{at}methods/").json()
    by_code = {row["profile"]: row for row in told["figures"]}
    assert by_code["here"]["kg_co2e"] == pytest.approx(1.43)
    assert by_code["here"]["failure"] is None
    assert by_code["pact-v3"]["parts"]["as_published"] == pytest.approx(0.03)
    sampled = client.get(f"{at}uncertainty/").json()
    assert sampled["samples"] == 100
    assert sampled["low"] < sampled["median"] < sampled["high"]
    assert sampled["is_outdated"] is False


def test_a_study_is_started_once_by_owners(chain: Chain) -> None:
    client = as_owner(chain)
    answer = client.post("/api/v1/uncertainty-runs/", {"samples": 100}, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "queued"
    assert client.get(answer.headers["Location"]).json()["progress"] == 0
    again = client.post("/api/v1/uncertainty-runs/", {}, content_type="application/json")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "run_under_way")
    few = client.post("/api/v1/uncertainty-runs/", {"samples": 1}, content_type="application/json")
    assert few.status_code == 422
    reader = Client()
    reader.force_login(new.person(chain.refiner, Role.APPROVER))
    refused = reader.post("/api/v1/uncertainty-runs/", {}, content_type="application/json")
    assert refused.status_code == 403


def test_nothing_before_there_is_something(chain: Chain) -> None:
    at = f"/api/v1/footprints/{chain.footprint(chain.naphtha).uuid}/"
    assert as_owner(chain).get(f"{at}uncertainty/").status_code == 404
    assert as_owner(chain).get(f"{at}methods/").json()["figures"] == []


def test_the_outsider_and_the_partner_find_nothing(chain: Chain) -> None:
    at = f"/api/v1/footprints/{chain.footprint(chain.naphtha).uuid}/"
    for company in (chain.cracker_of, new.company()):
        client = Client()
        client.force_login(new.person(company, Role.OWNER))
        for what in ("assessment", "methods", "uncertainty"):
            assert client.get(f"{at}{what}/").status_code == 404
