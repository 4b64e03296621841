"""A plant's year at the editor: slow answers, reasons, cells from Excel, two people, the year before."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import OpenDesk
from tests.journeys.desk import Desk, number

pytestmark = pytest.mark.browser

OWNER, PLANT = "cen.yuelan@danlin.example", "pan.ziyu@danlin.example"
TERMINAL = "ruan.qiushui@yuanxi.example"
AMOUNT = "input[data-line]"
CONSUMED = "tbody:has(.group-row:has-text('Inputs')) tr"


def asked(who: Desk, path: str) -> Any:
    return who.context.request.get(path).json()["results"]


def site_of(who: Desk, code: str) -> str:
    (uuid,) = (each["uuid"] for each in asked(who, "/api/v1/sites/?limit=500") if each["code"] == code)
    return str(uuid)


def open_inventory(who: Desk, site: str, year: int = 2025) -> Page:
    found = asked(who, f"/api/v1/inventories/?site={site_of(who, site)}")
    (inventory,) = (each["uuid"] for each in found if each["period_end"].startswith(str(year)))
    return who.open(f"/inventories/{inventory}/")


class Slow:
    """The server's answers to changed amounts, each held until it is let go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[Route] = []
        page.route("**/amount/", lambda route: self.held.append(route))

    def wait_for(self, count: int) -> list[str]:
        """The amounts that are under way, once there are so many."""
        while len(self.held) < count:
            self.page.wait_for_timeout(50)
        told = [re.search(r"(?:^|&)amount=([^&]*)", route.request.post_data or "") for route in self.held]
        return [found[1] for found in told if found]


def first_amount(page: Page) -> Locator:
    return page.locator(AMOUNT).nth(1)


def test_nothing_typed_is_lost_while_an_answer_is_under_way(desk: OpenDesk) -> None:
    page = open_inventory(desk(PLANT), "nanlan")
    box = first_amount(page)
    was, line = number(box.input_value()), box.get_attribute("data-line")
    slow = Slow(page)
    box.fill(str(was * 2))
    box.press("Enter")
    slow.wait_for(1)
    box.fill(str(was * 3))
    box.press("Enter")
    box.fill(str(was * 4))
    box.press("Enter")
    assert slow.wait_for(1) == [str(was * 2)], "one at a time"
    slow.held[0].continue_()
    assert slow.wait_for(2) == [str(was * 2), str(was * 4)], "the last one, and nothing between"
    box.focus()
    box.press("End")
    page.keyboard.type("5")
    slow.held[1].continue_()
    expect(page.locator(f"#line-{line} [name=base]")).to_have_value(str(was * 4))
    expect(box).to_be_focused()
    expect(box).to_have_value(f"{was * 4}5")
    page.keyboard.type("6")
    expect(box).to_have_value(f"{was * 4}56")
    page.keyboard.press("Escape")
    page.unroute("**/amount/")
    page.reload()
    assert number(box.input_value()) == pytest.approx(was * 4)


def test_an_amount_that_nobody_took_stays_in_its_box(desk: OpenDesk) -> None:
    plant = desk(PLANT)
    page = open_inventory(plant, "nanlan")
    box = first_amount(page)
    page.route("**/amount/", lambda route: route.fulfill(status=204), times=1)
    typed = str(number(box.input_value()) + 1)
    box.fill(typed)
    box.press("Enter")
    expect(page.locator("#unsent")).to_be_visible()
    expect(box).to_have_value(typed)
    other = page.locator(AMOUNT).nth(2)
    base = page.locator(f"#line-{other.get_attribute('data-line')} [name=base]")
    stored = str(number(other.input_value()) + 1)
    other.fill(stored)
    other.press("Enter")
    expect(base).to_have_value(stored)
    expect(page.locator("#unsent")).to_be_visible()
    box.press("Enter")
    expect(page.locator("#unsent")).to_be_hidden()
    row = page.locator(f"#line-{box.get_attribute('data-line')}")
    expect(row.get_by_role("status").get_by_text("Saved")).to_be_attached()


def test_a_column_of_amounts_without_a_mouse(desk: OpenDesk) -> None:
    plant = desk(PLANT)
    page = open_inventory(plant, "nanlan")
    boxes = page.locator(AMOUNT)
    row = boxes.nth(1).locator("xpath=ancestor::tr")
    keys = page.keyboard
    plant.tab_to(boxes.first)
    keys.press("ArrowDown")
    expect(boxes.nth(1)).to_be_focused()
    was = boxes.nth(1).input_value()
    keys.type("12 quite a lot")
    keys.press("Escape")
    expect(boxes.nth(1)).to_have_value(was)
    keys.press("=")
    before = boxes.nth(1).evaluate("box => box.closest('tr').querySelector('.ghost-take').value")
    expect(boxes.nth(1)).to_have_value(before)
    expect(page.locator(".preview").first).to_be_visible()
    keys.press("Enter")
    expect(boxes.nth(2)).to_be_focused()
    expect(row.get_by_role("status")).to_have_text("Saved")
    keys.press("Shift+Enter")
    expect(boxes.nth(1)).to_be_focused()
    plant.tab_to(row.get_by_role("button", name="Undo"))
    keys.press("Enter")
    expect(page.get_by_text("is as it was")).to_be_visible()
    expect(boxes.nth(1)).to_have_value(was)
    assert plant.grave_faults() == []


def test_a_provider_is_found_by_its_reasons(desk: OpenDesk) -> None:
    plant = desk(PLANT)
    page = open_inventory(plant, "nanlan")
    page.locator(".process-block").first.locator(CONSUMED).nth(1).locator("th a").click()
    here = page.url
    search = page.get_by_role("combobox", name="Search")
    search.focus()
    with page.expect_response("**/providers/**"):
        page.keyboard.type("electricity")
    options = page.get_by_role("option")
    factors = options.filter(has=page.locator(".reasons"))
    expect(factors.first).to_be_visible()
    active = page.locator(".choice.is-active")
    page.keyboard.press("ArrowDown")
    while not active.locator(".reasons").count():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    taken = page.locator("[aria-selected=true] input[name=provider]")
    expect(taken).to_have_value(re.compile("."))
    chosen = taken.input_value()
    with page.expect_response("**/providers/**"):
        search.fill("nothing is called this")
    expect(factors).to_have_count(1)
    expect(taken).to_have_value(chosen)
    assert plant.grave_faults() == []
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    page.goto(here)
    expect(page.locator("input[name=provider]:checked")).to_have_value(chosen)


def test_cells_from_excel_are_shown_before_they_are_stored(desk: OpenDesk) -> None:
    page = open_inventory(desk(PLANT), "nanlan")
    boxes = page.locator(AMOUNT)
    was = [number(boxes.nth(at).input_value()) for at in (1, 2)]
    boxes.nth(1).evaluate(
        """(box, text) => {
            const cells = new DataTransfer();
            cells.setData("text/plain", text);
            const pasted = {clipboardData: cells, bubbles: true, cancelable: true};
            box.dispatchEvent(new ClipboardEvent("paste", pasted));
        }""",
        f"{was[0] * 1.5:.6f}\n{was[1] * 1.5:.6f}\n",
    )
    expect(page.get_by_role("region", name="Changes", exact=True)).to_be_visible()
    page.get_by_role("button", name="Store all these changes").click()
    expect(page.get_by_text("The changes are stored").or_(page.get_by_role("status")).first).to_be_visible()
    now = open_inventory(desk(PLANT), "nanlan").locator(AMOUNT)
    for at, before in zip((1, 2), was, strict=True):
        assert number(now.nth(at).input_value()) == pytest.approx(before * 1.5, rel=1e-5)


def test_two_people_at_one_line_lose_nothing(desk: OpenDesk) -> None:
    one, other = desk(OWNER), desk(PLANT)
    line = open_inventory(one, "nanlan").locator(".process-block").nth(1).locator(CONSUMED).nth(1)
    path = str(line.locator("th a").get_attribute("href"))
    mine, theirs = one.open(path), other.open(path)
    was = number(mine.get_by_label("Amount in the period").input_value())
    theirs.get_by_label("Amount in the period").fill(str(was * 2))
    theirs.get_by_role("button", name="Save", exact=True).last.click()
    expect(theirs.get_by_role("status").first).to_contain_text("Saved")

    mine.locator("[name=comment]").fill("Meter 7 was exchanged")
    mine.get_by_role("button", name="Save", exact=True).last.click()
    expect(mine.get_by_role("status").first).to_contain_text("together with what somebody else changed")

    mine.goto(path)
    theirs.goto(path)
    theirs.get_by_label("Amount in the period").fill(str(was * 3))
    theirs.get_by_role("button", name="Save", exact=True).last.click()
    expect(theirs.get_by_role("status").first).to_contain_text("Saved")
    one.expected.update({409, 422})
    mine.get_by_label("Amount in the period").fill(str(was * 5))
    mine.get_by_role("button", name="Save", exact=True).last.click()
    clash = mine.get_by_role("region", name="Both values")
    expect(clash).to_be_visible()
    assert one.grave_faults() == []
    clash.locator("input[value=theirs]").check()
    mine.get_by_role("button", name="Save", exact=True).last.click()
    expect(mine.get_by_role("status").first).to_contain_text("Saved")
    mine.goto(path)
    assert number(mine.get_by_label("Amount in the period").input_value()) == pytest.approx(was * 3)
    expect(mine.locator("[name=comment]")).to_have_value("Meter 7 was exchanged")


def test_a_year_begins_with_the_year_before(desk: OpenDesk) -> None:
    terminal = desk(TERMINAL)
    page = terminal.open(f"/sites/{site_of(terminal, 'yueyi')}/add-inventory/")
    page.locator("[name=period_start]").fill("2026-01-01")
    page.locator("[name=period_end]").fill("2026-12-31")
    page.locator("main form button[type=submit]").last.click()
    page.get_by_role("button", name="Pre-fill from 2025").click()
    expect(page.get_by_text("lines were brought over, as estimates")).to_be_visible()
    row = page.locator(".process-block").first.locator(CONSUMED).nth(1)
    expect(row).to_contain_text("Estimated")
    box = row.locator(AMOUNT)
    assert number(box.input_value()) == pytest.approx(number(row.locator(".ghost").inner_text()))
    box.fill(str(number(box.input_value()) * 2))
    box.press("Enter")
    expect(row.get_by_role("status")).to_have_text("Saved")
    expect(row.locator(".ghost .chip-wait")).to_have_text(re.compile("100"))


def test_a_line_tells_on_its_page_who_changed_it_and_how(desk: OpenDesk) -> None:
    owner = desk(OWNER)
    page = open_inventory(owner, "nanlan")
    box = first_amount(page)
    changed = str(number(box.input_value()) + 2)
    box.fill(changed)
    box.press("Enter")
    row = page.locator(f"#line-{box.get_attribute('data-line')}")
    expect(row.get_by_role("status").get_by_text("Saved")).to_be_attached()
    row.locator("th a").click()
    page.locator("summary", has_text="History").click()
    entries = page.locator("details:has(> summary:has-text('History')) tbody tr")
    expect(entries.first).to_contain_text("Cen Yuelan")
    assert number(entries.first.locator("ins").last.inner_text().split()[-1]) == number(changed)


def test_somebody_is_called_by_the_beginning_of_a_name(desk: OpenDesk) -> None:
    steward = desk("chu.mingde@alliance.example")
    (found,) = asked(steward, "/api/v1/submissions/?state=under_review")[:1]
    page = steward.open(f"/submissions/{found['uuid']}/room/")
    box = page.locator("textarea[name=text]").first
    box.click()
    page.keyboard.type("Please look, @He")
    options = page.locator(f"#{box.get_attribute('aria-controls')} [role=option]")
    expect(options.filter(has_text="He Qingshu")).to_be_visible()
    while "He Qingshu" not in str(page.locator("[role=option][aria-selected=true]").text_content()):
        page.keyboard.press("ArrowDown")
    assert steward.grave_faults() == []
    page.keyboard.press("Enter")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value(re.compile(r"^Please look, @.*He Qingshu $"))
    page.keyboard.type("@zzz")
    expect(options.first).to_be_hidden()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
