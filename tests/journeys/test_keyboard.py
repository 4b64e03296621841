"""Everything without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSPHRASE, OpenDesk
from tests.journeys.desk import number

pytestmark = pytest.mark.browser

OWNER = "ding.siqi@jiyuchuan.example"


def test_from_sign_in_to_a_changed_amount(desk: OpenDesk) -> None:
    owner = desk()
    page = owner.open("/")
    keys = page.keyboard
    owner.tab_to(page.locator("[name=login]"))
    keys.type(OWNER)
    keys.press("Tab")
    keys.type(PASSPHRASE)
    keys.press("Enter")
    expect(page.locator(".rail")).to_be_visible()

    keys.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    keys.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    keys.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    page.reload()
    owner.tab_to(page.locator(".rail a[href='/products/']"))
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/products/$"))
    page.wait_for_load_state()  # keys are heard once the page's code runs
    keys.press("/")
    keys.type("haiqu-p")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("search=haiqu-p"))
    rows = page.locator("table[data-keys] tbody tr")
    owner.tab_to(rows.first)
    outline = "element => getComputedStyle(element).outlineStyle"
    assert rows.first.evaluate(outline) == "solid", "the focus is seen"
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    keys.press("Home")
    expect(rows.first).to_be_focused()
    keys.press("Enter")
    expect(page.locator("[data-figure]")).to_be_visible()

    owner.tab_to(page.locator("#evidence a[href^='/exchanges/']").first)
    keys.press("Enter")
    amount = page.get_by_label("Amount in the period")
    expect(amount).to_be_visible()
    was = number(amount.input_value())
    owner.tab_to(amount)
    keys.press("Control+a")
    keys.type(f"{was * 1.01:.4f}")
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Saved")


def test_menus_open_and_close(desk: OpenDesk) -> None:
    owner = desk(OWNER, width=390)
    page = owner.open("/products/")
    menu = page.locator(".menu-drawer summary")
    owner.tab_to(menu)
    page.keyboard.press("Enter")
    expect(page.locator(".menu-drawer nav")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".menu-drawer nav")).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("input[type=search]").first).to_be_focused()


def test_chart_and_table_are_one_key_apart(desk: OpenDesk) -> None:
    owner = desk(OWNER)
    page = owner.open("/products/?search=pta")
    page.locator("table[data-keys] tbody a").first.click()
    button = page.locator("#contributions [data-chart-toggle]")
    owner.tab_to(button)
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#contributions-table")).to_be_visible()
