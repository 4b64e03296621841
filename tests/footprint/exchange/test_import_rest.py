"""openLCA packages over REST: handed in, watched, reported; refused for whoever may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.models import Company, ServiceClient, User
from accounts.roles import Role
from footprint.exchange.models import ImportJob
from footprint.exchange.tasks import run_imports
from footprint.inventory.models import Inventory
from tests import builders as new
from tests.api.conftest import machine_of
from tests.footprint.exchange.test_import_jobs import PERIOD, signed_in, with_a_cut_off

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "/api/v1/openlca-imports/"
EMPTY = b"PK\x05\x06" + bytes(18)


def client_of(company: Company, role: Role = Role.OWNER) -> Client:
    person = new.person(company, role)
    User.objects.filter(pk=person.pk).update(locale="en")
    return signed_in(person)


def hand_in(client: Client, content: bytes = EMPTY, **query: str) -> Any:
    asked = urlencode({**PERIOD, **query})
    return client.post(f"{ROOT}?{asked}", content, content_type="application/zip")


def test_a_package_is_handed_in_watched_and_reported(acme: Company, quarantine: Path) -> None:
    owner = client_of(acme)
    answer = hand_in(owner, with_a_cut_off(), file_name="works.zip")
    assert answer.status_code == 202
    job = answer.json()
    assert (job["state"], job["file_name"], job["inventory"]) == ("queued", "works.zip", None)
    path = answer.headers["Location"].removeprefix("http://testserver")
    assert path == f"{ROOT}{job['uuid']}/"
    assert owner.get(f"{path}report/").json() == []
    run_imports()
    done = owner.get(path).json()
    assert (done["state"], done["problems"], done["summary"]["cut_offs"]) == ("done", [], 1)
    assert owner.get(f"/api/v1/inventories/{done['inventory']}/").status_code == 200
    kinds = [each["kind"] for each in owner.get(f"{path}report/").json()]
    assert "cut_off" in kinds and "count" not in kinds
    assert [each["uuid"] for each in owner.get(f"{ROOT}?state=done").json()["results"]] == [job["uuid"]]


def test_what_is_refused_says_where(acme: Company, quarantine: Path) -> None:
    owner = client_of(acme)
    for content in (b"no zip", with_a_cut_off()[:-40]):
        told = hand_in(owner, content)
        assert (told.status_code, told.json()["errors"][0]["code"]) == (422, "no_zip")
    assert not ImportJob.objects.exists()
    job = hand_in(owner).json()
    run_imports()
    refused = owner.get(f"{ROOT}{job['uuid']}/").json()
    assert refused["state"] == "refused"
    assert refused["problems"][0]["detail"]
    assert hand_in(owner, period_end="2023-01-01").status_code == 422
    assert hand_in(owner, site=str(new.site(new.company("other")).uuid)).status_code in (400, 422)
    assert owner.post(f"{ROOT}?{urlencode(PERIOD)}", {}, content_type="application/json").status_code == 415
    assert hand_in(owner, sheet="x").status_code == 400


def machine(company: Company, scope: str = "") -> Client:
    """The company's own system, with its token."""
    return Client(headers={"Authorization": f"Bearer {machine_of(company, scope).token}"})


def test_a_company_s_own_system_hands_in(acme: Company, quarantine: Path) -> None:
    erp = machine(acme)
    job = hand_in(erp, with_a_cut_off(), file_name="works.zip").json()
    run_imports()
    done = erp.get(f"{ROOT}{job['uuid']}/").json()
    assert (done["state"], done["problems"]) == ("done", [])
    again = hand_in(erp, with_a_cut_off(), replace="true").json()
    run_imports()
    assert erp.get(f"{ROOT}{again['uuid']}/").json()["inventory"] == done["inventory"]
    assert [job.sender for job in ImportJob.objects.all()] == list(ServiceClient.objects.all()) * 2
    page = client_of(acme).get("/imports/").content.decode()
    assert ServiceClient.objects.get().name in page


def test_what_a_stopped_system_handed_in_is_refused(acme: Company, quarantine: Path) -> None:
    job = hand_in(machine(acme), with_a_cut_off()).json()
    ServiceClient.objects.update(is_active=False)
    run_imports()
    assert client_of(acme).get(f"{ROOT}{job['uuid']}/").json()["state"] == "refused"
    assert not Inventory.objects.exists()


def test_a_plant_and_a_token_for_reading_hand_in_nothing(acme: Company, quarantine: Path) -> None:
    assert hand_in(machine(acme, "read")).status_code == 403
    assert hand_in(client_of(acme, Role.PLANT_PROVIDER)).status_code == 403
    assert not ImportJob.objects.exists()


def test_who_may_not_hands_in_and_learns_nothing(acme: Company, quarantine: Path) -> None:
    assert hand_in(client_of(acme, Role.APPROVER)).status_code == 403
    assert hand_in(Client()).status_code in (401, 403)
    job = hand_in(client_of(acme)).json()
    outsider = client_of(new.company("outside"))
    assert outsider.get(ROOT).json()["results"] == []
    assert outsider.get(f"{ROOT}{job['uuid']}/").status_code == 404
    assert outsider.get(f"{ROOT}{job['uuid']}/report/").status_code == 404
    assert hand_in(outsider, company=str(acme.uuid)).status_code in (400, 422)
    assert ImportJob.objects.count() == 1
