"""A process that was added by mistake goes again: only without lines, and only by those who add processes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Stale
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.calculation import ledger
from footprint.calculation.actions.remove_process import remove_process
from footprint.inventory import gate
from footprint.inventory.actions import remove_exchange
from footprint.inventory.models import AllocationAnswer, RemovedLine, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mistaken() -> UnitProcess:
    """In an inventory that could be submitted but for it."""
    new.gwp()
    company = new.company("north")
    inventory = new.inventory(new.site(company))
    boiler = new.process(inventory, "boiler")
    new.output(boiler, new.product(company, "steam", "GJ"), "100", is_reference=True)
    new.emits(boiler, "3", "CO2", unit="t")
    return new.process(inventory, "boilr")


def test_it_no_longer_stands_in_the_way_of_a_submission(mistaken: UnitProcess) -> None:
    owner, inventory = new.actor(mistaken.company), mistaken.inventory
    AllocationAnswer.objects.create(
        company=mistaken.company, process=mistaken, question="substitution", answer=False, source="a study",
        answered_by=new.person(mistaken.company, Role.OWNER), answered_at=inventory.created_at,
    )  # fmt: skip
    new.removed_line(mistaken)
    with acting_as(owner):
        assert "makes_nothing" in {each.code for each in gate.findings(owner, inventory)}
        remove_process(mistaken, by=owner, version=mistaken.version)
        assert "makes_nothing" not in {each.code for each in gate.findings(owner, inventory)}
    assert not RemovedLine.objects.exists() and not AllocationAnswer.objects.exists()


def test_what_holds_lines_or_figures_stays(mistaken: UnitProcess) -> None:
    owner = new.actor(mistaken.company)
    made = new.output(mistaken, new.product(mistaken.company, "hot", "GJ"), "1", is_reference=True)
    emitted = new.emits(mistaken, "1", "CO2", unit="t")
    ledger.drain()
    with acting_as(owner):
        for each in (emitted, made):
            assert _refused(mistaken, owner) == "not_empty"
            remove_exchange(each, by=owner, version=None)
        assert _refused(mistaken, owner) == "not_settled"
    ledger.drain()
    with acting_as(owner):
        remove_process(mistaken, by=owner, version=None)
    assert not UnitProcess.objects.filter(code="boilr").exists()


def _refused(process: UnitProcess, by: Actor) -> str:
    with pytest.raises(Refusal) as refused:
        remove_process(process, by=by, version=None)
    return refused.value.code


def test_who_may_and_from_which_version(mistaken: UnitProcess) -> None:
    owner, approver = new.actor(mistaken.company), new.actor(mistaken.company, Role.APPROVER)
    with acting_as(approver), pytest.raises(NotAllowed):
        remove_process(mistaken, by=approver, version=mistaken.version)
    with acting_as(owner), pytest.raises(Stale):
        remove_process(mistaken, by=owner, version=mistaken.version + 1)
    assert UnitProcess.objects.filter(pk=mistaken.pk).exists()


def test_by_the_pages(mistaken: UnitProcess, client: Client) -> None:
    client.force_login(new.person(mistaken.company, Role.OWNER))
    client.cookies["django_language"] = "en"
    here = reverse("inventory:process", args=[mistaken.uuid])
    remove = reverse("inventory:remove_process", args=[mistaken.uuid])
    assert remove in client.get(here).content.decode()
    line = new.emits(mistaken, "1", "CO2", unit="t")
    told = client.post(remove, {"version": mistaken.version}, follow=True).content.decode()
    assert "1 line" in told and "Remove it first" in told
    line.delete()
    told = client.post(remove, {"version": mistaken.version}, follow=True).content.decode()
    assert "was removed" in told
    assert client.get(here).status_code == 404


def test_by_the_interface(mistaken: UnitProcess, client: Client) -> None:
    client.force_login(new.person(mistaken.company, Role.OWNER))
    address = f"/api/v1/unit-processes/{mistaken.uuid}/"
    assert client.delete(address).status_code == 428
    assert client.delete(address, headers={"If-Match": '"7"'}).status_code == 412
    assert client.delete(address, headers={"If-Match": f'"{mistaken.version}"'}).status_code == 204
    assert client.get(address).status_code == 404
