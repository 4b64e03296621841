"""A long inventory for openLCA: a worker writes it, its readers watch it and take it home."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from footprint.exchange.actions import place_of, queue_export, remove_old_exports
from footprint.exchange.models import CompanyExport
from footprint.exchange.tasks import run_exports
from footprint.inventory.models import Inventory, UnitProcess
from tests import builders as new
from tests.api.conftest import machine_of
from tests.chains import settle
from tests.footprint.exchange.test_import_jobs import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "exports"


@pytest.fixture
def works(gases: None, monkeypatch: pytest.MonkeyPatch) -> Inventory:
    """One that is long already with two lines; a supplier's product has no total."""
    monkeypatch.setattr("footprint.exchange.actions.exporting.MOST_AT_ONCE", 1)
    company = new.company("works")
    found = new.inventory(new.site(company))
    process = new.process(found, "cracker")
    new.output(process, new.product(company, "olefins"), 2)
    new.takes(process, new.product(company, "steam"), "3")
    return found


@pytest.fixture
def reader(works: Inventory) -> Client:
    return signed_in(new.person(works.company, Role.PLANT_PROVIDER))


def asked(works: Inventory, by: Client, gwp: str = "AR6") -> str:
    """Where it can be watched."""
    reply = by.post(f"/inventories/{works.uuid}/openlca/files/", {"gwp": gwp})
    assert reply.status_code == 302
    return str(reply["Location"])


def test_a_reader_asks_for_it_and_takes_it_home(works: Inventory, reader: Client) -> None:
    page = f"/inventories/{works.uuid}/openlca/"
    assert reader.get(f"/inventories/{works.uuid}/openlca.zip").url == page  # type: ignore[attr-defined]
    shown = reader.get(page).content.decode()
    assert "Make the package" in shown and "openlca.zip" not in shown
    assert reader.post(f"{page}files/", {"gwp": "AR9"}).status_code == 404
    place = asked(works, reader, "AR5")
    assert asked(works, reader, "AR5") == place
    assert "Waiting" in reader.get(place).content.decode()
    assert reader.get(f"{place}file/").status_code == 404
    run_exports()
    ready = reader.get(f"{place}state/").content.decode()
    assert "Download" in ready and "hx-get" not in ready
    assert "Left out" not in ready
    reply = reader.get(f"{place}file/")
    assert "openlca-AR5.zip" in reply["Content-Disposition"]
    content = b"".join(reply.streaming_content)  # type: ignore[attr-defined]
    assert "openlca.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    file = CompanyExport.objects.get()
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert str(file.created_at.year) in reader.get(page).content.decode()
    settle()
    assert AuditEntry.objects.filter(action="downloaded").exists()


def test_it_says_what_it_left_out(works: Inventory, reader: Client) -> None:
    hidden = new.product(new.company("maker"), "hidden")
    new.grant(hidden, works.company)
    (process,) = UnitProcess.objects.filter(inventory=works)
    new.takes(process, new.product(works.company, "feed"), "1", provider_product=hidden)
    place = asked(works, reader)
    run_exports()
    assert "No current total of the supplier" in reader.get(place).content.decode()


def test_a_machine_asks_for_it_and_takes_it_home(works: Inventory) -> None:
    machine = machine_of(works.company)
    root = f"/api/v1/inventories/{works.uuid}/"
    refused = machine.get(f"{root}openlca/")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "too_long")
    assert machine.post(f"{root}openlca-files/", {"gwp": "AR9"}).status_code == 400
    reply = machine.post(f"{root}openlca-files/", {})
    assert (reply.status_code, reply.json()["state"], reply.json()["gwp"]) == (202, "queued", "AR6")
    place = reply["Location"]
    assert machine.get(f"{place}content/").status_code == 404
    run_exports()
    told = machine.get(place).json()
    assert (told["state"], told["left_out"]) == ("done", [])
    assert len(b"".join(machine.get(f"{place}content/"))) == told["size"]
    assert CompanyExport.objects.get().client is not None


def test_it_is_removed_after_a_week_and_a_new_one_is_made(works: Inventory, reader: Client) -> None:
    place = asked(works, reader)
    run_exports()
    file = CompanyExport.objects.get()
    assert place_of(file).exists()
    remove_old_exports(at=timezone.now() + timedelta(days=8))
    assert not place_of(file).exists()
    assert "removed" in reader.get(place).content.decode()
    assert reader.get(f"{place}file/").status_code == 404
    assert asked(works, reader) != place


def test_who_may_not_read_any_more_gets_none(works: Inventory, reader: Client) -> None:
    asked(works, reader)
    CompanyExport.objects.get().created_by.memberships.all().delete()  # type: ignore[union-attr]
    for _attempt in range(CompanyExport.MOST_ATTEMPTS + 1):
        run_exports()
    assert CompanyExport.objects.get().state == "failed"


def test_a_package_opens_nothing_else_of_the_company(works: Inventory, reader: Client) -> None:
    owner = new.actor(works.company, Role.OWNER)
    whole = queue_export(by=owner, company=works.company)
    for path in ("", "state/", "file/"):
        assert reader.get(f"/exports/{whole.uuid}/{path}").status_code == 404
    root = f"/api/v1/inventories/{works.uuid}/openlca-files/{whole.uuid}/"
    assert [reader.get(f"{root}{path}").status_code for path in ("", "content/")] == [404, 404]


def test_the_outsider_has_none(works: Inventory, reader: Client) -> None:
    place = asked(works, reader)
    run_exports()
    file, outsider = CompanyExport.objects.get(), signed_in(new.person(new.company(), Role.OWNER))
    other = new.inventory(new.site(new.company("elsewhere")))
    root = f"/api/v1/inventories/{works.uuid}/openlca-files/"
    of_file = f"{root}{file.uuid}/"
    for path in (place, f"{place}state/", f"{place}file/", of_file, f"{of_file}content/"):
        assert outsider.get(path).status_code == 404
    assert outsider.post(f"/inventories/{works.uuid}/openlca/files/", {"gwp": "AR6"}).status_code == 404
    assert outsider.post(root, {}, "application/json").status_code == 404
    assert reader.get(f"/api/v1/inventories/{other.uuid}/openlca-files/{file.uuid}/").status_code == 404
    assert Client().get(f"{root}{file.uuid}/").status_code == 401
