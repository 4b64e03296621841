"""A long inventory for openLCA in a real browser: asked for, watched, ready without another press."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts.roles import Role
from footprint.exchange.tasks import run_exports
from tests import builders as new
from tests.pages.conftest import OpenWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("language", "width", "theme", "press", "download"),
    [("en", 1440, "light", "Make the package", "Download"), ("zh-hans", 390, "dark", "生成数据包", "下载")],
)
def test_it_is_asked_for_watched_and_offered(
    window: OpenWindow, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path,
    language: str, width: int, theme: str, press: str, download: str,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    new.gwp(CH4=("28", "27"))
    monkeypatch.setattr("footprint.exchange.actions.exporting.MOST_AT_ONCE", 1)
    company, hidden = new.company(), new.product(new.company("maker"), "hidden")
    new.grant(hidden, company)
    inventory = new.inventory(new.site(company))
    process = new.process(inventory, "cracker")
    new.output(process, new.product(company, "olefins"), 2)
    new.takes(process, new.product(company, "feed"), "3", provider_product=hidden)
    reader = window(new.person(company, Role.PLANT_PROVIDER), language=language, width=width, theme=theme)
    page = reader.open(f"/inventories/{inventory.uuid}/openlca/")
    reader.fits()
    assert reader.grave_faults() == []
    page.get_by_role("button", name=press).click()
    page.wait_for_url("**/exports/**")
    assert page.locator("progress").count() == 1
    reader.fits()
    run_exports()
    page.get_by_role("link", name=download).wait_for()
    assert "cracker" in page.locator("main").inner_text()
    reader.fits()
    assert reader.grave_faults() == [] and reader.complaints == []
