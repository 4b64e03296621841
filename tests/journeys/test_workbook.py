"""A plant's year in Excel, in Chinese: take it home, fill it in, see what is refused, mend it, store it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.footprint.exchange.books import Filling
from tests.journeys.conftest import OpenDesk

pytestmark = pytest.mark.browser

OWNER = "gu.chenxi@cangyu.example"
CHINESE = "zh-hans"


def hand_in(page: Page, filling: Filling, place: Path) -> None:
    place.write_bytes(filling.saved())
    page.get_by_label("填写好的工作簿").set_input_files(place)
    page.get_by_role("button", name="比较").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(place.name)


def test_a_year_is_filled_in_and_stored(desk: OpenDesk, tmp_path: Path) -> None:
    owner = desk(OWNER, language=CHINESE)
    inventory = owner.context.request.get("/api/v1/inventories/").json()["results"][0]["uuid"]
    page = owner.open(f"/inventories/{inventory}/")
    page.get_by_role("link", name="工作簿", exact=True).click()
    here = page.url
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载工作簿").click()
    filling = Filling(Path(taken.value.path()).read_bytes(), CHINESE)
    row = next(
        number for number in range(3, filling.empty_row) if filling.cell(number, "direction").value == "输入"
    )
    before = filling.cell(row, "amount").value
    filling.put(row, amount="1,234", comment="称重复核")
    hand_in(page, filling, tmp_path / "填报.xlsx")
    refused = page.get_by_role("region", name="未接受的单元格")
    expect(refused).to_contain_text("既可读作 1234，也可读作 1.234")
    expect(page.get_by_role("button", name="保存全部变更")).to_have_count(0)
    assert owner.grave_faults() == []
    with page.expect_download() as marked:
        page.get_by_role("link", name="下载带批注的工作簿").click()
    back = Filling(Path(marked.value.path()).read_bytes(), CHINESE)
    assert "既可读作" in back.cell(row, "amount").comment.text
    back.put(row, amount=before * 2)
    page.goto(here)
    hand_in(page, back, tmp_path / "改正.xlsx")
    changes = page.get_by_role("region", name="变更")
    expect(changes).to_contain_text("称重复核")
    owner.page.set_viewport_size({"width": 390, "height": 900})
    owner.fits()
    page.get_by_role("button", name="保存全部变更").click()
    expect(page.get_by_text("变更已保存")).to_be_visible()
    page.goto(here)
    expect(page.get_by_role("table")).to_contain_text("已保存")
    with page.expect_download() as again:
        page.get_by_role("link", name="下载工作簿").click()
    now = Filling(Path(again.value.path()).read_bytes(), CHINESE)
    assert (now.cell(row, "amount").value, now.cell(row, "comment").value) == (before * 2, "称重复核")
