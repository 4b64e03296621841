"""A mirror of products, inventories and lines follows the log, as docs/erp.md says, and misses nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.actor import Actor
from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.models import Exchange, Product
from tests import builders as new
from tests.api.conftest import Machine, World, machine_of
from tests.chains import settle
from tests.footprint.exchange.test_import_jobs import signed_in

LISTS = {
    "inventory_product": "products",
    "inventory_inventory": "inventories",
    "inventory_exchange": "exchanges",
}
HEAD = "audit/?after=0&ordering=-position&limit=1&fields=position"


def stored(row: dict[str, Any]) -> dict[str, Any]:
    """What is a row's own: neither figures nor what it repeats of others."""
    product = row.get("product")
    return {**row, "footprints": None, "product": product["uuid"] if product else None}


@dataclass
class Mirror:
    """Reads everything once, then what the log says has changed."""

    erp: Machine
    seen: int = 0
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)

    def begin(self) -> None:
        settle()
        (head,) = self.erp.get(HEAD).json()["results"]
        self.seen = head["position"]
        self.rows = {subject: self.listed(subject) for subject in LISTS}

    def listed(self, subject: str) -> dict[str, Any]:
        rows = self.pages(f"{LISTS[subject]}/?limit=3")
        return {row["uuid"]: stored(row) for row in rows if row.get("is_own", True)}

    def pages(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        following: str | None = path
        while following:
            page = self.erp.get(following).json()
            found, following = [*found, *page["results"]], page["next"]
        return found

    def follow(self) -> None:
        settle()
        wanted = f"audit/?after={self.seen}&subject={','.join(LISTS)}&limit=2"
        for entry in self.pages(wanted):
            assert entry["position"] > self.seen
            self.seen = entry["position"]
            for row in entry["facts"]["rows"]:
                self.take(entry["subject"], entry["action"], row["id"])

    def take(self, subject: str, action: str, uuid: str) -> None:
        self.told.append((action, uuid))
        answer = self.erp.get(f"{LISTS[subject]}/{uuid}/")
        self.rows[subject].pop(uuid, None)
        if answer.status_code == 200:
            self.rows[subject][uuid] = stored(answer.json())

    def is_whole(self) -> bool:
        return self.rows == {subject: self.listed(subject) for subject in LISTS}


def added(erp: Machine, code: str) -> str:
    body = {"code": code, "name_zh": code, "name_en": code, "unit": "kg"}
    return str(erp.post("products/", body).json()["uuid"])


def removed(uuid: str) -> None:
    with acting_as(Actor.worker()):
        Product.objects.get(uuid=uuid).delete()


def test_a_product_that_comes_changes_and_goes(world: World) -> None:
    mirror = Mirror(world.erp)
    mirror.begin()
    assert mirror.is_whole() and len(mirror.rows["inventory_product"]) == 3
    uuid = added(world.erp, "STEAM")
    mirror.follow()
    assert mirror.rows["inventory_product"][uuid]["name_en"] == "STEAM"
    assert world.erp.patch(f"products/{uuid}/", {"name_en": "Steam"}, version=1).status_code == 200
    mirror.follow()
    assert mirror.rows["inventory_product"][uuid]["name_en"] == "Steam"
    removed(uuid)
    mirror.follow()
    assert uuid not in mirror.rows["inventory_product"]
    assert mirror.told == [("added", uuid), ("changed", uuid), ("removed", uuid)]
    assert mirror.is_whole()
    mirror.follow()
    assert len(mirror.told) == 3


def test_one_that_looks_late_sees_the_same(world: World) -> None:
    """Many changes of three sorts between two looks, over several pages, of rows that are gone by then."""
    mirror = Mirror(world.erp)
    mirror.begin()
    gone = added(world.erp, "GONE")
    removed(gone)
    kept = added(world.erp, "KEPT")
    period = {"period_start": "2023-01-01", "period_end": "2023-12-31", "title": "Before"}
    inventory = world.erp.post("inventories/", {"site": str(world.site.uuid), **period}).json()["uuid"]
    assert world.erp.patch(f"exchanges/{world.feed.uuid}/", {"amount": "901"}, version=1).status_code == 200
    assert world.erp.delete(f"exchanges/{world.power.uuid}/", version=1).status_code == 204
    mirror.follow()
    assert mirror.is_whole()
    assert {gone, kept, inventory, str(world.feed.uuid), str(world.power.uuid)} <= {
        uuid for _, uuid in mirror.told
    }
    assert not Exchange.objects.filter(uuid=world.power.uuid).exists()


def test_nobody_follows_the_log_of_others(world: World) -> None:
    settle()
    rival = machine_of(new.company("rival"))
    settle()
    own = {row["company"]["code"] for row in rival.get("audit/?after=0").json()["results"]}
    assert own == {"rival"}
    foreign = rival.get(f"audit/?after=0&company={world.company.uuid}")
    nothing = rival.get("audit/?after=0&company=00000000-0000-4000-8000-000000000000")
    assert foreign.status_code == nothing.status_code == 400
    assert foreign.json()["errors"] == nothing.json()["errors"]
    assert foreign.json()["errors"][0]["code"] == "no_company"


def test_who_reads_several_logs_names_one(world: World) -> None:
    settle()
    person = new.person(world.company, Role.OWNER)
    Membership.objects.create(user=person, company=new.company("other"), role=Role.OWNER)
    browser = signed_in(person)
    assert browser.get("/api/v1/audit/?after=0").status_code == 400
    own = {"company": str(world.company.uuid), "limit": 500}
    told = browser.get("/api/v1/audit/", {"after": 2, **own}).json()["results"]
    last = AuditEntry.objects.filter(company=world.company).latest("position").position
    assert [row["position"] for row in told] == list(range(3, last + 1))
    for wrong in ("-1", "x", "1.5"):
        assert browser.get("/api/v1/audit/", {"after": wrong, **own}).status_code == 400
    assert browser.get("/api/v1/audit/", {"after": "9" * 30, **own}).json()["results"] == []
    assert browser.get("/api/v1/audit/", {"after": 0, "ordering": "id", **own}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_what_a_long_transaction_stores_late_is_not_missed() -> None:
    """It changed the one first and commits last: by its time it would lie behind what was seen already."""
    company = new.company("member")
    slow, quick = new.product(company, "slow"), new.product(company, "quick")
    mirror = Mirror(machine_of(company))
    mirror.begin()
    changed, may_commit = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            Product.objects.filter(pk=slow.pk).update(name_en="late")
            changed.set()
            may_commit.wait(60)
        connection.close()

    at_work = threading.Thread(target=work)
    at_work.start()
    try:
        assert changed.wait(60)
        Product.objects.filter(pk=quick.pk).update(name_en="early")
        mirror.follow()
        assert mirror.told == [("changed", str(quick.uuid))]
    finally:
        may_commit.set()
        at_work.join()
    mirror.follow()
    assert mirror.told == [("changed", str(quick.uuid)), ("changed", str(slow.uuid))]
    assert mirror.rows["inventory_product"][str(slow.uuid)]["name_en"] == "late"
    first, second = AuditEntry.objects.filter(company=company, subject="inventory_product").order_by(
        "position"
    )[2:]
    assert first.at > second.at
