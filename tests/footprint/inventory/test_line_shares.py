"""Shares of single lines, entered on the page of a process."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Company
from accounts.roles import Role
from footprint.inventory.models import UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


def member(company: Company) -> Client:
    client = Client()
    client.force_login(new.person(company, Role.OWNER))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def cracker() -> UnitProcess:
    """Two products of one feed, with a stack."""
    new.gwp()
    company = new.company()
    made = new.process(new.inventory(new.site(company)), method="mass")
    new.output(made, new.product(company, "ethylene"), "60")
    new.output(made, new.product(company, "hydrogen"), "40")
    new.takes(made, new.product(company, "naphtha"), "100")
    new.emits(made, "5")
    return made


def test_shares_of_single_lines(cracker: UnitProcess) -> None:
    """The feed has shares of its own; the stack, whose row is empty, takes those of all other lines."""
    client, address = member(cracker.company), f"/processes/{cracker.uuid}/"
    assert "Shares per line" in client.get(address).content.decode()
    stated = {"what": "line_shares", "version": "1", "share_0_1": "0.25", "share_0_2": "0.75"}
    alone = client.post(address, stated)
    assert alone.status_code == 422
    assert 'value="0.25"' in alone.content.decode()
    rest = {"share_2_1": "0.6", "share_2_2": "0.4"}
    assert client.post(address, {**stated, **rest, "share_0_2": "0.5"}).status_code == 422
    assert client.post(address, {**stated, **rest}).status_code == 302
    divided = UnitProcess.objects.get(pk=cracker.pk)
    assert (divided.allocation_method, divided.allocation_set) == ("causal", "causal")
    stored = divided.allocation_shares.values_list("exchange__product__code", "product__code", "share")
    told = sorted((line or "", product, str(share)) for line, product, share in stored)
    assert [share for _line, _product, share in told] == ["0.6", "0.4", "0.25", "0.75"]
    assert 'value="0.75"' in client.get(address).content.decode()
    assert client.post(address, {**stated, **rest}).status_code == 409


def test_the_outsider_finds_nothing(cracker: UnitProcess) -> None:
    outsider = member(new.company("outsider"))
    stated = {"what": "line_shares", "version": "1", "share_2_1": "0.6", "share_2_2": "0.4"}
    assert outsider.post(f"/processes/{cracker.uuid}/", stated).status_code == 404
