"""A line that was taken away comes back as it was, with all that hung on it."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.actions import remove_exchange, restore_line
from footprint.inventory.actions.removal import KEPT
from footprint.inventory.models import AllocationShare, Exchange, OutputPrice, RemovedLine, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


@pytest.fixture
def process() -> UnitProcess:
    new.gwp()
    company = new.company()
    made = new.process(new.inventory(new.site(company)), "cracker", "causal")
    new.output(made, new.product(company, "ethylene", "t"), "10", is_reference=True)
    return made


def whole(line: Exchange) -> dict[str, object]:
    """Everything of a row but its key and its counter."""
    names = [field.attname for field in Exchange._meta.concrete_fields if field.name not in ("id", "version")]
    return {name: getattr(line, name) for name in names}


def taken_away(line: Exchange, by: Actor) -> RemovedLine:
    with acting_as(by):
        return remove_exchange(line, by=by, version=line.version)


def test_all_of_it_comes_back(process: UnitProcess) -> None:
    company = process.company
    propylene = new.product(company, "propylene", "t")
    line = new.output(
        process, propylene, "4.50", comment="by weight", gsd2=Decimal("1.10"), pedigree_temporal=2,
        position=7, external_id="MB-1", external_uuid=uuid4(),
    )  # fmt: skip
    OutputPrice.objects.create(company=company, exchange=line, year=2025, price=Decimal("800.5"))
    AllocationShare.objects.create(
        company=company,
        process=process,
        product=propylene,
        exchange=line,
        method="causal",
        share=Decimal("0.4"),
    )
    line.refresh_from_db()
    before, owner = whole(line), new.actor(company)
    removed = taken_away(line, owner)
    assert not OutputPrice.objects.exists() and not AllocationShare.objects.exists()
    with acting_as(owner):
        back = restore_line(removed, by=owner)
    back.refresh_from_db()
    assert whole(back) == before
    assert [(each.year, each.price) for each in back.prices.all()] == [(2025, Decimal("800.5"))]
    assert AllocationShare.objects.get(exchange=back).share == Decimal("0.4")
    assert not RemovedLine.objects.exists()
    with acting_as(owner), pytest.raises(Refusal) as refused:
        restore_line(removed, by=owner)
    assert refused.value.code == "not_removed"


def test_a_key_that_was_given_anew_stays_with_the_other_line(process: UnitProcess) -> None:
    owner = new.actor(process.company)
    feed = new.product(process.company, "feed", "t")
    removed = taken_away(new.takes(process, feed, "1", external_id="MB-1"), owner)
    new.takes(process, feed, "2", external_id="MB-1")
    with acting_as(owner), pytest.raises(Refusal) as refused:
        restore_line(removed, by=owner)
    assert (refused.value.code, refused.value.field) == ("duplicate_identifier", "external_id")
    assert RemovedLine.objects.filter(pk=removed.pk).exists()


def test_what_would_be_refused_now_stays_away(process: UnitProcess) -> None:
    company, maker = process.company, new.company()
    bought = new.product(maker, "naphtha", "t")
    grant = new.grant(bought, company)
    owner = new.actor(company)
    line = new.takes(process, new.product(company, "feed", "t"), "12", provider_product=bought)
    removed = taken_away(line, owner)
    grant.delete()
    with acting_as(owner), pytest.raises(Refusal):
        restore_line(removed, by=owner)
    assert RemovedLine.objects.filter(pk=removed.pk).exists()


def test_only_so_many_are_kept(process: UnitProcess) -> None:
    owner = new.actor(process.company)
    for at in range(KEPT + 2):
        taken_away(new.takes(process, None, "1", "kg", flow_name=f"flow {at}"), owner)
    names = set(RemovedLine.objects.values_list("name", flat=True))
    assert len(names) == KEPT
    assert "flow 0" not in names and f"flow {KEPT + 1}" in names


def test_who_may_bring_it_back(process: UnitProcess, client: Client) -> None:
    company = process.company
    owner = new.actor(company)
    removed = taken_away(new.takes(process, None, "3", "kg", flow_name="sand"), owner)
    with acting_as(Actor.worker()):
        approver = new.actor(company, Role.APPROVER)
    with pytest.raises(NotAllowed):
        restore_line(removed, by=approver)
    address = reverse("inventory:restore_line", args=[removed.uuid])
    client.force_login(new.person(new.company("outsider"), Role.OWNER))
    assert client.post(address).status_code == 404


def test_by_the_pages(process: UnitProcess, client: Client) -> None:
    line = new.takes(process, None, "3", "kg", flow_name="quartz sand")
    client.force_login(new.person(process.company, Role.OWNER))
    answer = client.post(
        reverse("inventory:remove_exchange", args=[line.uuid]), {"version": line.version}, follow=True
    )
    removed = RemovedLine.objects.get()
    address = reverse("inventory:restore_line", args=[removed.uuid])
    assert address in answer.content.decode(), "the way back stands on the page"
    assert (
        address
        not in client.get(reverse("inventory:inventory", args=[process.inventory.uuid])).content.decode()
    )
    assert address in client.get(reverse("inventory:process", args=[process.uuid])).content.decode()
    back = client.post(address, follow=True).content.decode()
    assert "quartz sand" in back
    assert Exchange.objects.get(uuid=line.uuid).flow_name == "quartz sand"
