"""A supplier gives a live link, a buyer calculates with a signed version, by the web's own login."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDesk

pytestmark = pytest.mark.browser

SUPPLIER, FOLLOWER, TAKER = (
    "tan.moyan@cangyu.example",
    "cen.yuelan@danlin.example",
    "tao.ranzhi@hongdai.example",
)


def test_a_live_link_is_given_and_followed(desk: OpenDesk) -> None:
    supplier = desk(SUPPLIER)
    page = supplier.open("/sharing/")
    page.get_by_role("link", name="乙烯 Ethylene").first.click()
    form = page.locator("#share")
    form.locator("input[name=mode][value=live]").check()
    wanted = form.locator("select[name=product] option").filter(has_text="Ethylene").first
    form.locator("select[name=product]").select_option(wanted.get_attribute("value"))
    form.get_by_role("button", name="Share").click()
    expect(page.get_by_role("status").first).to_contain_text("Footprint shared")
    seen = desk(FOLLOWER).open(page.url.removeprefix(supplier.address))
    followed = seen.get_by_role("region", name="Calculated figures").locator("td.is-number").first
    expect(followed).to_have_text(re.compile(r"\d"))


def test_a_signed_version_becomes_a_factor_of_the_buyer(desk: OpenDesk) -> None:
    page = desk(TAKER).open("/sharing/?box=out")
    page.locator("main table tbody th a").first.click()
    page.get_by_role("link", name="Calculate with it").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("status").first).to_contain_text("Taken.")
    expect(page.locator("main table")).to_contain_text("Cangyu")
