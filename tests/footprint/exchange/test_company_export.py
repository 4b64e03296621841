"""A company takes everything home, and nothing of anybody else."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.audit_chain import main as verify_chain
from accounts.errors import NotAllowed
from accounts.models import AuditEntry, Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from footprint.exchange.actions import place_of, queue_export, remove_old_exports, run_export, write_export
from footprint.exchange.company_tables import tables
from footprint.exchange.models import CompanyExport
from footprint.exchange.tasks import run_exports
from footprint.inventory.models import OutputPrice
from tests import builders as new
from tests.chains import settle
from tests.house.test_tables import TENANT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner(gases: None) -> User:
    """Of a company with a price and a cell that a spreadsheet would calculate; a rival has the same."""
    people = []
    for code in ("ours", "rival"):
        company = new.company(code)
        process = new.process(new.inventory(new.site(company, f"{code}-site")))
        product = new.product(company, f"{code}-product")
        line = new.output(process, product, "12345678901234.000000000001")
        OutputPrice.objects.create(company=company, exchange=line, year=2025, price=5)
        type(product).objects.filter(pk=product.pk).update(name_en=f"=canary-{code}")
        people.append(new.person(company, Role.OWNER, email=f"{code}@example.com"))
    settle()
    return people[0]


def ours() -> Company:
    return Company.objects.get(code="ours")


def written(by: Actor) -> zipfile.ZipFile:
    file = io.BytesIO()
    write_export(file, by=by, company=ours(), at=timezone.now())
    return zipfile.ZipFile(file)


def lines(packed: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in packed.read(f"tables/{table}.jsonl").decode().splitlines()]


def test_every_table_of_a_company_is_in_it() -> None:
    """A new table of tenants is in the file by itself; the audit log is there as a chain."""
    assert {table.name for table in tables()} == {
        name for name in TENANT - {"verification_dossier"} if not name.startswith("accounts_audit")
    }


def test_rows_keep_every_digit_and_name_each_other(owner: User) -> None:
    packed = written(actor_of_user(owner))
    (line,) = lines(packed, "inventory_exchange")
    assert line["amount"].rstrip("0") == "12345678901234.000000000001"
    assert line["product"] == lines(packed, "inventory_product")[0]["uuid"]
    counts = json.loads(packed.read("manifest.json"))["rows"]
    assert counts["inventory_exchange"] == counts["inventory_outputprice"] == 1


def test_the_tables_are_the_same_for_spreadsheets_without_formulas(owner: User) -> None:
    packed = written(actor_of_user(owner))
    text = packed.read("tables/inventory_product.csv").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["name_en"] == "'=canary-ours"
    assert row["uuid"] == lines(packed, "inventory_product")[0]["uuid"]


def test_nothing_of_a_rival_is_in_it(owner: User) -> None:
    packed = written(actor_of_user(owner))
    whole = b"".join(packed.read(name) for name in packed.namelist())
    assert b"canary-ours" in whole and b"ours@example.com" in whole
    for told in (b"rival", str(Company.objects.get(code="rival").uuid).encode()):
        assert told not in whole


def test_it_says_how_far_it_is(owner: User) -> None:
    told: list[tuple[int, int]] = []
    write_export(
        io.BytesIO(),
        by=actor_of_user(owner),
        company=ours(),
        at=timezone.now(),
        progress=lambda *far: told.append(far),
    )
    assert told == [(done, len(tables())) for done in range(len(tables()) + 1)]


def test_the_audit_log_in_it_verifies(owner: User, tmp_path: Path) -> None:
    place = tmp_path / "audit.jsonl"
    place.write_bytes(written(actor_of_user(owner)).read("audit.jsonl"))
    assert verify_chain([str(place)]) == 0


@pytest.mark.parametrize("role", [Role.APPROVER, Role.SHARING_MANAGER, Role.PLANT_PROVIDER, Role.ERP_CLIENT])
def test_only_the_data_owner_takes_everything(owner: User, role: Role) -> None:
    somebody = new.actor(ours(), role)
    with pytest.raises(NotAllowed):
        queue_export(by=somebody, company=ours())
    with pytest.raises(NotAllowed):
        written(somebody)


def test_the_owner_of_another_company_does_not(owner: User) -> None:
    with pytest.raises(NotAllowed):
        written(new.actor(Company.objects.get(code="rival")))


def asked(owner: User) -> tuple[Client, CompanyExport]:
    client = Client()
    client.force_login(owner)
    answer = client.post("/exports/", {"company": str(ours().uuid)})
    made = CompanyExport.objects.get()
    assert answer.url == f"/exports/{made.uuid}/"
    return client, made


def test_from_the_page_to_the_file_and_into_the_audit_log(owner: User) -> None:
    client, made = asked(owner)
    assert client.get(f"/exports/{made.uuid}/file/").status_code == 404
    assert client.post("/exports/", {"company": str(ours().uuid)}).url == f"/exports/{made.uuid}/"
    run_exports()
    made.refresh_from_db()
    assert made.state == "done"
    assert made.sha256 in client.get(f"/exports/{made.uuid}/").content.decode()
    answer = client.get(f"/exports/{made.uuid}/file/")
    content = b"".join(answer.streaming_content)
    assert len(content) == made.size and zipfile.is_zipfile(io.BytesIO(content))
    settle()
    acts = AuditEntry.objects.filter(company=ours(), about__contains=[made.uuid])
    assert "downloaded" in acts.values_list("action", flat=True)


def test_for_others_it_does_not_exist(owner: User) -> None:
    _client, made = asked(owner)
    run_exports()
    rival, colleague = Client(), Client()
    rival.force_login(new.person(Company.objects.get(code="rival"), Role.OWNER))
    colleague.force_login(new.person(ours(), Role.APPROVER))
    for stranger in (rival, colleague):
        for part in ("", "state/", "file/"):
            assert stranger.get(f"/exports/{made.uuid}/{part}").status_code == 404
    assert colleague.get("/exports/").status_code == 403
    assert rival.post("/exports/", {"company": str(ours().uuid)}).status_code == 422


def test_a_role_lost_meanwhile_gives_no_file(owner: User) -> None:
    _client, made = asked(owner)
    owner.memberships.all().delete()
    for _ in range(CompanyExport.MOST_ATTEMPTS + 1):
        run_exports()
    made.refresh_from_db()
    assert made.state == "failed"
    assert not place_of(made).exists()


def test_a_file_goes_when_its_time_is_over(owner: User) -> None:
    _client, made = asked(owner)
    run_export(made.pk, at=timezone.now())
    remove_old_exports(at=timezone.now() + timedelta(days=CompanyExport.KEPT_DAYS - 1))
    assert place_of(made).exists()
    remove_old_exports(at=timezone.now() + timedelta(days=CompanyExport.KEPT_DAYS + 1))
    made.refresh_from_db()
    assert made.state == "removed" and not place_of(made).exists()


def test_the_command_writes_the_same_and_is_recorded(owner: User, tmp_path: Path) -> None:
    place = tmp_path / "everything.zip"
    call_command("export_company", company="ours", output=place, stdout=io.StringIO())
    assert "tables/inventory_product.jsonl" in zipfile.ZipFile(place).namelist()
    settle()
    assert AuditEntry.objects.filter(company=ours(), subject="export_company", action="exported").exists()
