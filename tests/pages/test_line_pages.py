"""The form for a new line in Chromium: its units follow the product, what was typed stays."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from tests import builders
from tests.pages.conftest import OpenWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_units_follow_the_product(window: OpenWindow, language: str) -> None:
    company: Any = builders.company()
    process = builders.process(builders.inventory(builders.site(company)))
    builders.product(company, "steam", "GJ")
    opened = window(builders.person(company, Role.OWNER), language=language)
    page = opened.open(f"/processes/{process.uuid}/add-line/?what=input")
    units, product = page.locator("[name=unit]"), page.locator("[name=product]")
    expect(units.locator("option[value=kg]")).to_have_count(1)
    units.select_option("MWh")
    page.locator("[name=amount]").fill("12")
    product.fill("steam")
    product.press("Tab")
    expect(units.locator("option[value=kg]")).to_have_count(0)
    expect(units).to_have_value("MWh")
    expect(page.locator("[name=amount]")).to_have_value("12")
    expect(page.locator("[name=amount]")).to_be_focused()
    product.fill("unknown")
    product.press("Tab")
    expect(units.locator("option[value=kg]")).to_have_count(1)
    expect(units).to_have_value("MWh")
    assert opened.complaints == []
    assert opened.grave_faults() == []
