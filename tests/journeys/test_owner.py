"""The main job: somebody changes what a plant consumed and sees what that does to the footprint."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import PASSPHRASE, OpenDesk
from tests.journeys.desk import chart_of, number

pytestmark = pytest.mark.browser

OWNER = "gu.chenxi@cangyu.example"
CODE, NAME = "donglan-p-polyethylene", "Polyethylene (Donglan Polyolefins)"
CURRENT, WAITING = "[data-figure=current]", "[data-figure=pending]"
MORE = 1.25


def part_of(page: Page, label: str) -> float:
    return next(part["value"] for part in chart_of(page)["parts"] if part["label"] == label)


def follow_the_ethylene(page: Page) -> None:
    inputs = page.get_by_role("region", name="Inputs", exact=True)
    inputs.get_by_role("link", name="Ethylene", exact=True).click()


def test_sign_in_switch_the_language_and_stay(desk: OpenDesk) -> None:
    owner = desk()
    page = owner.open("/products/?search=poly")
    page.get_by_label("Email").fill(OWNER)
    page.get_by_label("Password").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{owner.address}/products/?search=poly")
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    there = page.url
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("聚乙烯（东岚聚烯烃）")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert page.url == there
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert page.url == there


def test_a_changed_amount_becomes_a_new_figure_by_itself(
    desk: OpenDesk, worker_asleep: Callable[[], Any]
) -> None:
    owner = desk(OWNER)
    page = owner.find_product(CODE, NAME)
    here = page.url
    before, ethylene = chart_of(page)["total"], part_of(page, "Ethylene")
    follow_the_ethylene(page)
    amount = page.get_by_label("Amount in the period")
    was = number(amount.input_value())
    with worker_asleep():
        amount.fill(format(was * MORE, ".6f"))
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status").first).to_contain_text("being recomputed")
        page.goto(here)
        expect(page.locator(WAITING)).to_contain_text("Recomputing")
        assert chart_of(page)["total"] == before, "the old figure stays in sight"
        page.evaluate("window.sameDocument = true")
    expect(page.locator(CURRENT)).to_be_visible()
    page.wait_for_function(
        """before => {
            const plot = document.querySelector("#contributions .chart-plot");
            return JSON.parse(plot.dataset.chart).total !== before;
        }""",
        arg=before,
    )
    assert page.evaluate("window.sameDocument"), "it came without a reload"
    assert part_of(page, "Ethylene") == pytest.approx(ethylene * MORE, rel=1e-9)
    assert chart_of(page)["total"] == pytest.approx(before + ethylene * (MORE - 1), rel=1e-9)
    check_that_everything_sums(page)


def check_that_everything_sums(page: Page) -> None:
    chart = chart_of(page)
    total = chart["total"]
    assert sum(part["value"] for part in chart["parts"]) == pytest.approx(total, rel=1e-9)
    assert number(page.locator("[data-figure] .figure-hero").text_content()) == pytest.approx(total, rel=1e-3)
    expect(page.locator("#contributions .chart-plot svg")).to_be_visible()
    for table, column in (("Inputs", 4), ("Gases", 3)):
        rows = page.get_by_role("region", name=table, exact=True).locator("table")
        cells = rows.locator(f"tbody tr > :nth-child({column + 1})").all_inner_texts()
        shown = sum(number(cell) for cell in cells if re.search(r"\d", cell))
        assert shown == pytest.approx(total, rel=2e-3), (table, cells)
        foot = rows.locator("tfoot td.is-number").first.text_content()
        assert number(foot) == pytest.approx(total, rel=1e-3)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("amount", "12 tons", "number"),
        ("amount", "-5", "negative"),
        ("amount", "", "empty"),
        ("unit", "t*km", "t·km"),
    ],
)
def test_wrong_input_is_named_and_kept(desk: OpenDesk, field: str, typed: str, said: str) -> None:
    owner = desk(OWNER)
    owner.expected.add(422)
    page = owner.find_product(CODE, NAME)
    follow_the_ethylene(page)
    line = page.url
    stored = page.locator("[name=amount]").input_value(), page.locator("[name=unit]").input_value()
    box = page.locator(f"main form [name={field}]").first
    if field == "unit":  # as a page does that was opened when the flow was another
        box.evaluate("(list, unit) => list.add(new Option(unit, unit))", typed)
        box.select_option(typed)
    else:
        box.fill(typed)
    page.locator("[name=comment]").fill("Meter 4 was exchanged in May")
    page.get_by_role("button", name="Save").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(said)
    expect(box).to_have_value(typed)
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#id_{field}_error")).to_contain_text(said)
    expect(page.locator("[name=comment]")).to_have_value("Meter 4 was exchanged in May")
    summary.get_by_role("link").first.click()
    expect(box).to_be_focused()
    page.goto(line)
    assert stored == (page.locator("[name=amount]").input_value(), page.locator("[name=unit]").input_value())
    expect(page.locator("[name=comment]")).to_have_value("")


def test_an_amount_is_changed_in_its_place_in_the_inventory(desk: OpenDesk) -> None:
    owner = desk(OWNER)
    owner.expected.add(422)
    page = owner.find_product("donglan-p-polypropylene", "Polypropylene (Donglan Polyolefins)")
    page.get_by_role("link", name="Open the inventory").click()
    block = page.locator(".process-block", has=page.get_by_role("heading", name="Polypropylene"))
    row = block.locator("tr", has=page.get_by_role("link", name="Propylene", exact=True))
    was = row.locator("[name=amount]").input_value()
    row.locator("[name=amount]").fill("a lot")
    row.locator("[name=amount]").press("Enter")
    expect(row.get_by_role("alert")).to_be_visible()
    expect(row.locator("[name=amount]")).to_have_value("a lot")
    figure = block.locator(".process-figures .figure-value").first
    before = number(figure.text_content())
    row.locator("[name=amount]").fill(str(number(was) * 2))
    row.locator("[name=amount]").press("Enter")
    expect(row.get_by_role("status")).to_have_text("Saved")
    expect(figure).not_to_have_text(f"{before:.3f}")
    expect(block.locator(".process-figures .chip-good")).to_be_visible()
    assert number(figure.text_content()) > before * 1.2


def test_a_change_is_not_missed_while_an_earlier_answer_is_on_its_way(
    desk: OpenDesk, worker_asleep: Callable[[], Any]
) -> None:
    page = desk(OWNER).find_product("donglan-p-polypropylene", "Polypropylene (Donglan Polyolefins)")
    page.get_by_role("link", name="Open the inventory").click()
    block = page.locator(".process-block", has=page.get_by_role("heading", name="Polypropylene"))
    amount = block.locator("tr", has=page.get_by_role("link", name="Propylene", exact=True)).locator(
        "[name=amount]"
    )
    figures = block.locator(".process-figures")
    was = amount.input_value()
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    with worker_asleep():
        amount.fill(str(number(was) * 2))
        amount.press("Enter")
        expect(figures.locator(".chip-wait")).to_be_visible()
        address = f"**{figures.get_attribute('hx-get')}"
        page.route(address, hold)
        with page.expect_request(address):
            pass
        with page.expect_response("**/amount/"):
            amount.fill(was)
            amount.press("Enter")
    held[0].fulfill(
        body='<span class="figure-value">settled before the change</span>', content_type="text/html"
    )
    expect(figures.locator(".chip-good")).to_be_visible()
    expect(figures).not_to_contain_text("settled before the change")
