"""What the alliance shares: factors, released medians, and packages that come from openLCA."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.footprint.exchange import packages
from tests.journeys.conftest import OpenDesk
from tests.journeys.desk import number

pytestmark = pytest.mark.browser

CURATOR, MEMBER = "ai.wenjun@alliance.example", "luo.jiahe@shuolan.example"
SECOND = "mu.chengyu@alliance.example"
REFINER, POLYMERS = "lin.zhiyuan@cangyu.example", "tao.ranzhi@hongdai.example"
CHLORINE = "cen.yuelan@danlin.example"
IMPORTER = "xue.fanghua@yuming.example"


def test_a_curator_corrects_a_version_and_another_confirms_it(desk: OpenDesk) -> None:
    curator = desk(CURATOR)
    curator.expected.add(422)
    page = curator.open("/factors/?search=Anhui")
    page.get_by_role("link", name="Anhui grid, average").first.click()
    page.get_by_role("link", name="Correct this factor").click()
    kg = page.locator("[name=kg_1]")
    was = Decimal(kg.input_value())
    kg.fill("a little")
    page.get_by_role("button", name="Hand in for confirmation").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(kg).to_have_value("a little")
    kg.fill(str(was + Decimal("0.0007")))
    page.locator("[name=source_locator]").fill("attachment, table 2, corrected")
    page.get_by_role("button", name="Hand in for confirmation").click()
    expect(page.get_by_role("status").first).to_contain_text("Another curator has to confirm it")
    second = desk(SECOND)
    page = second.open(page.url.removeprefix(curator.address))
    page.get_by_role("button", name="Confirm and publish").click()
    expect(page.get_by_role("status").first).to_contain_text("Confirmed and published")
    page.get_by_role("link", name=re.compile(r"^Version \d+$")).click()
    expect(page.locator(".figure-hero .figure-value")).to_have_text(str(was + Decimal("0.0007")))
    versions = page.get_by_role("region", name="Versions")
    expect(versions.locator("tr[aria-current]")).to_contain_text("supersedes version")
    expect(versions).to_contain_text("Superseded")
    member = desk(MEMBER)
    reader = member.open(page.url.removeprefix(curator.address))
    expect(reader.locator(".figure-hero .figure-value")).to_have_text(str(was + Decimal("0.0007")))
    assert reader.get_by_role("link", name="Correct this factor").count() == 0
    assert member.status(f"{reader.url.partition('?')[0]}publish/") == 403


def test_who_contributes_sees_the_median_beside_the_own_figure(desk: OpenDesk) -> None:
    page = desk(POLYMERS).open("/categories/polyethylene/")
    own, median = page.locator(".readouts .figure-value").all_inner_texts()[:2]
    assert number(own) > 0
    assert len(median.replace(".", "").strip("0")) <= 2, "two significant digits, as released"
    expect(page.locator(".readouts")).to_contain_text("the median")
    expect(page.locator("main .chart-plot svg").first).to_be_visible()
    expect(page.get_by_role("region", name="Comparisons")).to_contain_text(median)


def test_who_contributes_nothing_reads_why_there_is_no_median(desk: OpenDesk) -> None:
    page = desk(CHLORINE).open("/categories/polyethylene/")
    expect(page.locator("main")).to_contain_text("figures are shown to members that gave one themselves")
    assert page.locator("main figure, .readouts .figure-value").count() == 0


def test_a_comparison_that_did_not_pass_has_no_median_for_anybody(desk: OpenDesk) -> None:
    page = desk(REFINER).open("/categories/gasoline/")
    expect(page.locator("main")).to_contain_text("Not released")
    assert page.locator("main figure").count() == 0
    expect(page.locator(".readouts")).not_to_contain_text("Median")


def test_a_package_is_handed_in_and_its_report_read(desk: OpenDesk, worker_asleep: Callable[[], Any]) -> None:
    owner = desk(IMPORTER)
    page = owner.open("/imports/")
    package = {"name": "boiler.zip", "mimeType": "application/zip", "buffer": packages.small().zip()}
    with worker_asleep():
        page.get_by_label("openLCA package").set_input_files(files=[package])  # type: ignore[list-item]
        page.get_by_role("button", name="Check and import").click()
        expect(page.locator("progress")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Waiting for a free worker")
        page.evaluate("window.sameDocument = true")
    expect(page.locator(".note-good")).to_contain_text("The package is stored", timeout=60_000)
    assert page.evaluate("window.sameDocument"), "it came without a reload"
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the report").click()
    report = download.value.path().read_text("utf-8-sig")
    assert "Coal" in report, "what nobody provides is listed"
    page.get_by_role("link", name="Open the inventory").click()
    figure = page.locator(".process-figures")
    expect(figure.locator(".chip-good")).to_be_visible(timeout=20_000)
    assert number(figure.locator(".figure-value").inner_text()) == pytest.approx(2.0)
    owner.open("/imports/")
    expect(page.get_by_role("row", name=re.compile("boiler.zip"))).to_be_visible()


def test_a_package_that_is_none_is_refused_and_stores_nothing(desk: OpenDesk) -> None:
    owner = desk(IMPORTER)
    owner.expected.add(422)
    page = owner.open("/imports/")
    before = page.locator("table.rows tbody tr").count()
    package = {"name": "letter.zip", "mimeType": "application/zip", "buffer": b"Dear colleagues"}
    page.get_by_label("openLCA package").set_input_files(files=[package])  # type: ignore[list-item]
    page.get_by_role("button", name="Check and import").click()
    expect(page.locator(".note-bad")).to_be_visible(timeout=20_000)
    expect(page.locator("main")).to_contain_text("zip")
    owner.open("/products/?search=letter")
    expect(page.locator("main")).to_contain_text("Nothing matches")
    owner.open("/imports/")
    assert page.locator("table.rows tbody tr").count() in (before, before + 1)
