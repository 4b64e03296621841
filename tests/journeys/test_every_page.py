"""Pages full of figures, names and charts, as a product that runs has them: accessible, inside their window.

Every page there is, in Chinese and with little in it: ``tests/pages/test_all_pages.py``.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenDesk
from tests.journeys.desk import Desk

pytestmark = pytest.mark.browser

STILL = "() => document.getAnimations().length === 0"
OWNER = "lin.zhiyuan@cangyu.example"


PAGES: dict[str, list[str]] = {
    "home": ["/"],
    "company": ["/companies/?search=cangyu-refining", "main tbody a"],
    "product": ["/products/?search=donglan-ethylene", "main tbody a"],
    "inventory": ["/products/?search=donglan-ethylene", "main tbody a", "main a[href^='/inventories/']"],
    "line": ["/products/?search=donglan-ethylene", "main tbody a", "#evidence a[href^='/exchanges/']"],
    "factor": ["/factors/?search=grid", "main tbody a"],
    "category": ["/categories/ethylene/"],
    "audit log": ["/audit/"],
    "history": ["/products/?search=donglan-ethylene", "main tbody a", "main a[href^='/audit/history/']"],
}
"""Where a page is, or which links lead there."""


def arrive(owner: Desk, steps: list[str]) -> Page:
    page = owner.open(steps[0])
    for link in steps[1:]:
        page = owner.open(page.locator(link).first.get_attribute("href") or "")
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)
    expect(page.locator(".chart-plot:visible:not(:has(svg))")).to_have_count(0)
    return page


@pytest.mark.parametrize("name", PAGES)
def test_page(desk: OpenDesk, name: str) -> None:
    owner = desk(OWNER, language="en")
    page = arrive(owner, PAGES[name])
    page.locator(".languages [lang=zh-Hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator(".languages [lang=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    look_closely(owner, arrive(owner, [page.url]))


def look_closely(owner: Desk, page: Page) -> None:
    assert page.locator("h1").count() == 1
    assert page.title().split(" · ")[0].strip()
    assert owner.grave_faults() == []
    page.locator("[data-theme-toggle]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.wait_for_function(STILL)
    assert owner.grave_faults("color-contrast") == []
    page.set_viewport_size({"width": 390, "height": 844})
    owner.fits()
    assert owner.grave_faults("target-size", "scrollable-region-focusable") == []
