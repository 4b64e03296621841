"""The audit log as people and machines read it, and what doors write into it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils import timezone, translation

from accounts import audit_queries
from accounts.actions.checkpoint import make_checkpoint
from accounts.actor import Actor
from accounts.audit_checkpoint import held, read, read_key_set
from accounts.models import AuditEntry, AuditLeaf, Company, User
from accounts.roles import Role
from accounts.visibility import acting_as
from alliance.runtime.translations import compile_catalogues
from footprint.inventory.models import Exchange, OutputPrice, Product
from tests import builders as new
from tests.api.conftest import client_of, machine_of, token_request
from tests.chains import entries, settle

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@dataclass
class Plant:
    company: Company
    line: Exchange
    product: Product
    owner: User
    outsider: User

    def signed_in(self, person: User, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.cookies["django_language"] = language
        client.force_login(person)
        return client


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    compile_catalogues()
    audit_queries.forget_head_line()
    yield
    audit_queries.forget_head_line()
    translation.activate("en")


@pytest.fixture
def plant(db: None) -> Plant:
    """An owner changed an amount from 1500 to 2750.5 and a price."""
    company = new.company("ours")
    process = new.process(new.inventory(new.site(company)), "cracker")
    product = new.product(company, "ethylene")
    line = new.output(process, product, "1500")
    owner = new.person(company, Role.OWNER, email="olga@example.com")
    outsider = new.person(new.company("stranger"), Role.OWNER)
    OutputPrice.objects.create(company=company, exchange=line, year=2025, price="71.25")
    with acting_as(new.actor_of_user(owner)):
        Exchange.objects.filter(pk=line.pk).update(amount="2750.5")
    settle()
    return Plant(company, line, product, owner, outsider)


@pytest.fixture
def checkpoint(plant: Plant) -> None:
    make_checkpoint(at=timezone.now(), key=KEY)


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


# -- the page ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["Audit log", "olga@example.com", "Changed", "exchange", "Amount", "1,500", "2,750.5", "71.25"],
        ),
        ("zh-hans", ["审计日志", "olga@example.com", "修改", "交换", "数量", "1,500", "2,750.5", "价格"]),
    ],
)
def test_the_page_says_who_changed_what(plant: Plant, language: str, words: list[str]) -> None:
    plant.owner.locale = language
    plant.owner.save()
    page = text(plant.signed_in(plant.owner, language), "/audit/")
    assert [word for word in words if word not in page] == []


def test_the_page_says_how_far_it_was_verified(plant: Plant) -> None:
    owner = plant.signed_in(plant.owner)
    assert "Not verified yet" in text(owner, "/audit/")
    make_checkpoint(at=timezone.now(), key=KEY)
    part = AuditLeaf.objects.get(chain=str(plant.company.uuid))
    assert f"Verified up to entry {part.position}" in text(owner, "/audit/")


def test_filters_narrow_it(plant: Plant) -> None:
    owner = plant.signed_in(plant.owner)
    signature = f"person:{plant.owner.uuid}"
    today = timezone.localdate().isoformat()
    for query, count in [
        (f"who={signature}", 1),
        ("who=person:nobody", None),
        ("action=removed", 0),
        ("subject=inventory_exchange", 2),
        ("subject=inventory_exchange&action=changed", 1),
        (f"subject=inventory_exchange&since={today}&until={today}", 2),
        ("until=2020-01-01", 0),
        ("since=not-a-day", None),
        ("before=x", None),
    ]:
        page = text(owner, f"/audit/?{query}")
        if count is not None:
            assert page.count("<time ") == count, query


def test_pages_are_cut_by_key(plant: Plant) -> None:
    for number in range(60):
        Exchange.objects.update(position=number + 1)
    settle()
    owner = plant.signed_in(plant.owner)
    first = text(owner, "/audit/?subject=inventory_exchange")
    assert first.count("<time ") == 50
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert text(owner, older).count("<time ") == 12
    history = owner.get(f"/audit/history/{plant.line.uuid}/", headers={"HX-Request": "true"})
    assert f'href="/audit/history/{plant.line.uuid}/?' in history.content.decode(), "from inside another page"


def test_roles_see_what_the_matrix_gives_them(plant: Plant) -> None:
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    steward = new.person(office, Role.STEWARD)
    with acting_as(new.actor_of_user(steward)):
        Company.objects.filter(pk=plant.company.pk).update(name_zh="Renamed by the office")
    Company.objects.filter(pk=office.pk).update(name_zh="Renamed by others")
    settle()
    expected = {Role.OWNER: 200, Role.APPROVER: 200, Role.AUDITOR: 200, Role.ERP_CLIENT: 200,
                Role.PLANT_PROVIDER: 403, Role.SHARING_MANAGER: 403}  # fmt: skip
    for role, status in expected.items():
        person = new.person(plant.company, role)
        page = text(plant.signed_in(person), "/audit/", status)
        assert ("2,750.5" in page) == (status == 200), role
        assert ("71.25" in page) == (role in (Role.OWNER, Role.APPROVER)), role
    own = text(plant.signed_in(steward), "/audit/")
    assert "Renamed by the office" in own
    assert "Renamed by others" not in own and "2,750.5" not in own
    admin = text(plant.signed_in(new.person(office, Role.PLATFORM_ADMIN)), "/audit/")
    assert "ours company" in admin and "Renamed" not in admin and "2,750.5" not in admin
    auditor = text(plant.signed_in(new.person(office, Role.AUDITOR)), "/audit/?log=alliance")
    assert "Renamed by the office" in auditor and "2,750.5" not in auditor


def test_outsiders_find_nothing(plant: Plant, checkpoint: None) -> None:
    outsider = plant.signed_in(plant.outsider)
    for path in (
        f"/audit/?log={plant.company.uuid}",
        "/audit/?log=alliance",
        f"/audit/csv/?log={plant.company.uuid}",
        f"/audit/history/{plant.line.uuid}/",
        f"/audit/history/{uuid4()}/",
        f"/audit/checkpoint/{plant.company.uuid}/",
        f"/audit/chain/{plant.company.uuid}/",
    ):
        assert text(outsider, path, 404)
    assert "2,750.5" not in text(outsider, "/audit/")


def test_the_history_of_a_thing_and_of_what_it_is_made_of(plant: Plant) -> None:
    owner = plant.signed_in(plant.owner)
    for thing, seen in ((plant.line, True), (plant.line.process.inventory, True), (plant.product, False)):
        page = text(owner, f"/audit/history/{thing.uuid}/")
        assert ("2,750.5" in page) == seen
    fragment = owner.get(f"/audit/history/{plant.line.uuid}/", headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    AuditEntry.objects.none()
    for path in (f"/products/{plant.product.uuid}/", f"/inventories/{plant.line.process.inventory.uuid}/",
                 f"/exchanges/{plant.line.uuid}/", f"/processes/{plant.line.process.uuid}/",
                 f"/sites/{plant.line.process.inventory.site.uuid}/"):  # fmt: skip
        assert "/audit/history/" in text(owner, path), path
    provider = new.person(plant.company, Role.SHARING_MANAGER)
    assert "/audit/history/" not in text(plant.signed_in(provider), f"/products/{plant.product.uuid}/")


def test_where_the_carbon_comes_from_is_told_in_the_readers_language(plant: Plant) -> None:
    line = new.emits(plant.line.process, "3", "CO2", unit="t", origin="biogenic")
    settle()
    told = text(plant.signed_in(plant.owner, "zh-hans"), f"/audit/history/{line.uuid}/")
    assert "生物源" in told and "biogenic" not in told


def test_the_export_is_the_page_as_a_table_and_is_recorded(plant: Plant) -> None:
    Exchange.objects.filter(pk=plant.line.pk).update(comment="=cmd()")
    settle()
    owner = plant.signed_in(plant.owner)
    response = owner.get("/audit/csv/?subject=inventory_exchange&action=changed")
    rows = list(csv.reader(io.StringIO(response.content.decode().removeprefix("\ufeff"))))
    assert [row[6:9] for row in rows[1:]] == [["Comment", "—", "'=cmd()"], ["Amount", "1,500", "2,750.5"]]
    (taken,) = entries(plant.company, action="downloaded")
    assert taken.actor == f"person:{plant.owner.uuid}"
    assert taken.facts["file"] == f"audit-{plant.company.uuid}.csv"
    assert taken.request is not None and str(taken.request) == response["X-Request-ID"]


def test_what_a_member_takes_home_verifies(plant: Plant, checkpoint: None, tmp_path: Any) -> None:
    from tests.accounts.test_audit_chain import said

    owner = plant.signed_in(plant.owner)
    files = {}
    for name in ("checkpoint", "chain"):
        files[name] = tmp_path / name
        files[name].write_bytes(owner.get(f"/audit/{name}/{plant.company.uuid}/").content)
        settle()
    files["keys"] = tmp_path / "keys"
    files["keys"].write_bytes(Client().get("/.well-known/audit-keys.json").content)
    assert b"71.25" not in files["chain"].read_bytes()
    code, words = said(files["chain"], "--checkpoint", files["checkpoint"], "--keys", files["keys"])
    assert (code, "1 checkpoint" in words) == (0, True)


# -- over REST ---------------------------------------------------------------------------------------------
def test_a_machine_reads_its_own_companys_log(plant: Plant, checkpoint: None) -> None:
    machine = machine_of(plant.company)
    page = machine.get("audit/?subject=inventory_exchange&action=changed").json()
    (entry,) = page["results"]
    assert entry["company"]["code"] == "ours"
    assert entry["facts"]["rows"][0]["after"]["amount"] == "2750.5"
    assert json.loads(entry["facts_text"])["rows"][0]["id"] == str(plant.line.uuid)
    assert len(machine.get(f"audit/?about={plant.line.uuid}").json()["results"]) == 3
    assert "71.25" not in machine.get("audit/").content.decode()
    assert machine.get("audit/?wrong=1").status_code == 400
    assert machine.post("audit/", {}).status_code == 405
    stranger = machine_of(Company.objects.get(code="stranger"))
    assert "2750.5" not in stranger.get("audit/").content.decode()
    assert stranger.get(f"audit/?about={plant.line.uuid}").json()["results"] == []
    assert Client().get("/api/v1/audit/").status_code == 401


def test_a_machine_holds_a_checkpoint(plant: Plant, checkpoint: None) -> None:
    machine = machine_of(plant.company)
    answer = machine.get("audit/checkpoint/")
    keys = read_key_set(Client().get("/.well-known/audit-keys.json").json())
    assert held(answer.json(), keys).chain == str(plant.company.uuid)
    assert answer["X-Audit-Head"] == answer.json()["checkpoint"]
    assert read(machine.get("units/")["X-Audit-Head"]).size >= 2
    assert "X-Audit-Head" not in Client().get("/api/v1/units/")
    stranger = machine_of(new.company("late"))
    assert stranger.get("audit/checkpoint/").status_code == 404
    assert stranger.get(f"audit/checkpoint/?company={plant.company.uuid}").status_code == 404
    assert stranger.get("audit/checkpoint/?company=x").status_code == 404


# -- what doors write down ---------------------------------------------------------------------------------
def test_signing_in_and_out_is_recorded(plant: Plant) -> None:
    client = Client()
    known = {"login": "olga@example.com", "password": "a long password 1"}
    client.post("/accounts/login/", {**known, "password": "wrong"})
    client.post("/accounts/login/", {"login": "nobody@example.com", "password": "wrong"})
    client.post("/accounts/login/", known)
    client.post("/accounts/logout/")
    told = [(one.action, one.actor) for one in entries(plant.company, subject="accounts_user")]
    signature = f"person:{plant.owner.uuid}"
    assert told == [("sign_in_failed", "nobody"), ("signed_in", signature), ("signed_out", signature)]
    (unknown,) = entries(None, action="sign_in_failed")
    assert unknown.about == [] and "nobody@" not in str(unknown.facts)


def test_tokens_are_recorded(plant: Plant) -> None:
    application = client_of(plant.company)
    assert token_request(application).status_code == 200
    assert token_request(application, "wrong").status_code == 401
    issued, refused = entries(plant.company, action__startswith="token")
    client = application.service_client
    assert (issued.action, issued.actor) == ("token_issued", f"client:{client.uuid}")
    assert (refused.action, refused.actor, refused.about) == ("token_refused", "nobody", [client.uuid])
    assert "access_token" not in str(issued.facts)


def test_who_is_turned_away_is_recorded_though_the_request_is_rolled_back(plant: Plant) -> None:
    approver = new.person(plant.company, Role.APPROVER)
    response = plant.signed_in(approver).get(f"/inventories/{plant.line.process.inventory.uuid}/change/")
    assert response.status_code == 403
    (denied,) = entries(plant.company, action="denied")
    assert denied.actor == f"person:{approver.uuid}"
    assert denied.subject == "inventory:change_inventory"
    assert denied.about == [plant.line.process.inventory.uuid]
    assert str(denied.request) == response["X-Request-ID"]
    machine = machine_of(plant.company, scope="read")
    assert machine.post("sites/", {"code": "x"}).status_code == 403
    assert len(entries(plant.company, action="denied")) == 2


def test_what_does_not_exist_is_no_denial(plant: Plant) -> None:
    assert plant.signed_in(plant.outsider).get(f"/exchanges/{plant.line.uuid}/").status_code == 404
    assert entries(Company.objects.get(code="stranger"), action="denied") == []


def test_a_change_by_a_page_names_its_person_and_request(plant: Plant) -> None:
    path = f"/exchanges/{plant.line.uuid}/amount/"
    given = {"amount": "9", "version": plant.line.version}
    response = plant.signed_in(plant.owner).post(path, given)
    assert response.status_code in (200, 302)
    changed = entries(plant.company, subject="inventory_exchange", action="changed")[-1]
    assert changed.actor == f"person:{plant.owner.uuid}"
    assert str(changed.request) == response["X-Request-ID"]


def test_actors_sign_without_a_name() -> None:
    assert Actor.nobody().signature == "nobody"
    assert Actor.worker().signature == "worker"
