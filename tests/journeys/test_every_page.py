"""Every page in both languages, both themes and on a telephone: accessible, quiet, inside its window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenDesk
from tests.journeys.desk import Desk

pytestmark = pytest.mark.browser

STILL = "() => document.getAnimations().length === 0"
OWNER = "lin.zhiyuan@cangyu.example"


# where a page is, or which links lead there
PAGES: dict[str, list[str]] = {
    "home": ["/"],
    "companies": ["/companies/"],
    "company": ["/companies/?search=cangyu-refining", "main tbody a"],
    "site": ["/companies/?search=cangyu-refining", "main tbody a", "main a[href^='/sites/']"],
    "products": ["/products/"],
    "product": ["/products/?search=donglan-ethylene", "main tbody a"],
    "inventory": ["/products/?search=donglan-ethylene", "main tbody a", "main a[href^='/inventories/']"],
    "line": ["/products/?search=donglan-ethylene", "main tbody a", "#evidence a[href^='/exchanges/']"],
    "new product": ["/products/add/"],
    "factors": ["/factors/"],
    "factor": ["/factors/?search=grid", "main tbody a"],
    "categories": ["/categories/"],
    "category": ["/categories/ethylene/"],
    "imports": ["/imports/"],
    "exports": ["/exports/"],
    "audit log": ["/audit/"],
    "account": ["/account/"],
    "people": ["/companies/?search=cangyu-refining", "main tbody a", "main a[href$='/people/']"],
    "machine clients": ["/companies/?search=cangyu-refining", "main tbody a", "main a[href$='/clients/']"],
    "history": ["/products/?search=donglan-ethylene", "main tbody a", "main a[href^='/audit/history/']"],
}


def arrive(owner: Desk, steps: list[str]) -> Page:
    page = owner.open(steps[0])
    for link in steps[1:]:
        page = owner.open(page.locator(link).first.get_attribute("href") or "")
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)
    expect(page.locator(".chart-plot:visible:not(:has(svg))")).to_have_count(0)
    return page


@pytest.mark.parametrize("name", PAGES)
def test_page(desk: OpenDesk, name: str) -> None:
    owner = desk(OWNER, language="zh-hans")
    page = arrive(owner, PAGES[name])
    for language in ("zh-Hans", "en"):
        page.locator(f".languages [lang={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        arrive(owner, [page.url])
        look_closely(owner, colours=language == "en")


def look_closely(owner: Desk, *, colours: bool) -> None:
    """Words differ between the languages, colours do not, and to compare them takes a browser longest."""
    page = owner.page
    assert page.locator("h1").count() == 1
    assert page.title().split(" · ")[0].strip()
    assert owner.grave_faults(without=() if colours else ("color-contrast",)) == []
    page.locator("[data-theme-toggle]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.wait_for_function(STILL)
    if colours:
        assert owner.grave_faults("color-contrast") == []
    page.set_viewport_size({"width": 390, "height": 844})
    owner.fits()
    assert owner.grave_faults("target-size", "scrollable-region-focusable") == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("[data-theme-toggle]").click()
