"""Everything that is asked of one figure, on a telephone: accessible, quiet, inside its window."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDesk

pytestmark = pytest.mark.browser

OWNER = "lin.zhiyuan@cangyu.example"
ANALYSES = (
    "hotspots", "scenario", "changes", "allocation", "methods", "quality", "uncertainty",
)  # fmt: skip


def test_every_analysis_fits_a_telephone(desk: OpenDesk) -> None:
    owner = desk(OWNER, width=390)
    page = owner.open("/products/?search=donglan-ethylene")
    product = page.locator("main tbody a").first.get_attribute("href") or ""
    uuid = re.findall(r"[0-9a-f-]{36}", product)[0]
    page = owner.open(product)
    inventory = page.locator("main a[href^='/inventories/']").first.get_attribute("href") or ""
    flows = f"{re.split('[?#]', inventory)[0]}flows/"
    for place in (*(f"/products/{uuid}/{name}/" for name in ANALYSES), flows):
        page = owner.open(place)
        expect(page.locator("[hx-trigger=load]")).to_have_count(0)
        expect(page.locator(".chart-plot:visible:not(:has(svg))")).to_have_count(0)
        owner.fits()
        assert owner.grave_faults() == [], place
    page.get_by_role("link", name="Energy", exact=True).click()
    expect(page.locator("#flows-energy .chart-plot svg").first).to_be_visible()
    expect(page.locator("#flows-mass")).to_have_count(0)
    page.go_back()
    expect(page.locator("#flows-mass")).to_have_count(1)
