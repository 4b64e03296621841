"""Whoever adds a line names things as plants do, and finds a way to what is missing."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from footprint.inventory.models import Exchange, Product, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


@pytest.fixture
def boiler() -> UnitProcess:
    new.gwp()
    return new.process(new.inventory(new.site(new.company("north"))), "boiler")


@pytest.fixture
def feed(boiler: UnitProcess) -> Product:
    return new.product(boiler.company, "feed-1", "t", name_zh="进料")


@pytest.fixture
def owner(boiler: UnitProcess, client: Client) -> Client:
    client.force_login(new.person(boiler.company, Role.OWNER))
    return client


def adding(process: UnitProcess, what: str = "input") -> str:
    return f"{reverse('inventory:add_line', args=[process.uuid])}?what={what}"


def test_a_product_that_is_not_there_yet_is_added_on_the_way(boiler: UnitProcess, owner: Client) -> None:
    page = unescape(owner.get(adding(boiler)).content.decode())
    (leads,) = re.findall(r'href="(/products/add/\?[^"]*process=[^"]*)"', page)
    reply = owner.post(leads, {"code": "gas", "name_zh": "燃气", "unit": "t", "kind": "product"})
    assert reply.status_code == 302
    back = owner.get(reply["Location"]).content.decode()
    assert 'value="gas"' in back and '<option value="t" selected>' in back
    assert "/products/add/" not in owner.get(adding(boiler, "emission")).content.decode()


def test_a_way_back_to_nowhere_leads_to_the_product(boiler: UnitProcess, owner: Client) -> None:
    for at, process in enumerate(("", "x", str(boiler.company.uuid))):
        address = f"{reverse('inventory:add_product')}?process={process}"
        reply = owner.post(address, {"code": f"gas-{at}", "name_zh": "气", "unit": "t", "kind": "product"})
        assert reply["Location"] == reverse(
            "inventory:product", args=[Product.objects.get(code=f"gas-{at}").uuid]
        )


def test_a_product_by_its_name(boiler: UnitProcess, feed: Product, owner: Client) -> None:
    given = {"amount": "1", "unit": "t"}
    assert owner.post(adding(boiler), {"product": "进料", **given}).status_code == 302
    assert Exchange.objects.get(process=boiler).product == feed
    new.product(boiler.company, "feed-2", "t", name_zh="进料")
    told = owner.post(adding(boiler), {"product": "进料", **given})
    assert told.status_code == 422 and 'id="id_product_error"' in told.content.decode()
    assert owner.post(adding(boiler), {"product": "feed-2", **given}).status_code == 302


def test_a_unit_behind_the_amount(boiler: UnitProcess, feed: Product, owner: Client) -> None:
    assert (
        owner.post(adding(boiler), {"product": feed.code, "amount": "1.2 万t", "unit": ""}).status_code == 302
    )
    line = Exchange.objects.get(process=boiler)
    assert (str(line.amount), line.unit) == ("1.2", "1e4 t")
    asked = {"amount": "3 kt", "unit": "t", "data_type": "measured", "version": line.version, "provider": ""}
    assert owner.post(reverse("inventory:exchange", args=[line.uuid]), asked).status_code == 302
    line.refresh_from_db()
    assert (str(line.amount), line.unit) == ("3", "kt")
