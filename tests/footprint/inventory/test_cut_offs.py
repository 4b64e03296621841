"""What an inventory leaves out, on its page, over REST and in the file of its lines."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.roles import Role
from tests import builders as new

pytestmark = pytest.mark.django_db(transaction=True)


def client(of: object) -> Client:
    found = Client()
    found.force_login(new.person(of, Role.OWNER))
    return found


def test_an_inventory_lists_what_counts_nothing() -> None:
    """With the estimate and the reason."""
    company = new.company()
    inventory = new.inventory(new.site(company))
    process = new.process(inventory)
    new.output(process, new.product(company, "ethylene"), "1")
    new.takes(process, new.product(company, "power", "kWh"), "2", factor_version=new.factor_version("0.5"))
    reason = "below one per cent"
    new.takes(process, new.product(company, "catalyst"), "3", exempted_kg_co2e="12.5", comment=reason)
    owner, address = client(company), f"/inventories/{inventory.uuid}/"
    page = owner.get(address).content.decode().split('id="cut-offs"')[1].split("</details>")[0]
    assert "catalyst" in page and "12.5" in page and reason in page
    assert "power" not in page
    lines = f"/api/v1/exchanges/?inventory={inventory.uuid}"
    (found,) = owner.get(f"{lines}&cut_off=true").json()["results"]
    assert found["exempted_kg_co2e"] == "12.5"
    others = owner.get(f"{lines}&cut_off=false").json()["results"]
    assert len(others) == 2 and found["uuid"] not in {each["uuid"] for each in others}
    table = owner.get(f"{address}lines.csv").content.decode("utf-8-sig").splitlines()
    assert "exempted_kg_co2e" in table[0] and sum(f",12.5,{reason}," in row for row in table) == 1
    assert client(new.company()).get(address).status_code == 404
