"""Whatever leads to a process or from it back leads to the page of the inventory that has it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from footprint.calculation.pages.inventory import PROCESSES_A_PAGE
from footprint.inventory.models import UnitProcess
from footprint.inventory.places import place_of
from tests import builders as new

pytestmark = pytest.mark.django_db


@pytest.fixture
def last() -> UnitProcess:
    """The only process on the second page; the first one takes from it."""
    new.gwp()
    company = new.company("north")
    inventory = new.inventory(new.site(company))
    made = [new.process(inventory, f"unit-{at:02d}") for at in range(PROCESSES_A_PAGE + 1)]
    steam = new.product(company, "steam", "GJ")
    new.output(made[-1], steam, "10", is_reference=True)
    new.takes(made[0], steam, "4", provider_process=made[-1])
    return made[-1]


def is_shown(client: Client, address: str, process: UnitProcess) -> bool:
    return f'id="process-{process.uuid}"' in client.get(address).content.decode()


def test_the_page_that_has_the_process(client: Client, last: UnitProcess) -> None:
    client.force_login(new.person(last.company, Role.OWNER))
    inventory = reverse("inventory:inventory", args=[last.inventory.uuid])
    assert not is_shown(client, inventory, last)
    assert is_shown(client, place_of(last), last)
    assert is_shown(client, f"{inventory}?page=2", last)
    for nonsense in ("", "x", str(last.company.uuid)):
        assert not is_shown(client, f"{inventory}?process={nonsense}", last)


def test_a_provider_on_another_page(client: Client, last: UnitProcess) -> None:
    client.force_login(new.person(last.company, Role.OWNER))
    inventory = reverse("inventory:inventory", args=[last.inventory.uuid])
    page = client.get(inventory).content.decode()
    (found,) = re.findall(rf'href="([^"]*#process-{last.uuid})"', page)
    assert is_shown(client, inventory + unescape(found), last)


def test_after_a_line_was_saved(client: Client, last: UnitProcess) -> None:
    client.force_login(new.person(last.company, Role.OWNER))
    line = last.exchanges.get()
    given = {"amount": "11", "unit": "GJ", "data_type": "measured", "version": line.version, "provider": ""}
    answer = client.post(reverse("inventory:exchange", args=[line.uuid]), given)
    assert answer.status_code == 302
    assert is_shown(client, answer["Location"], last)
