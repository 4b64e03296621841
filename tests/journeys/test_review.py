"""From a plant's inventory to a declaration that anybody can check: four people at their browsers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.canonical import canonical
from footprint.publication.signing import verify
from tests.journeys.conftest import OpenDesk
from tests.journeys.desk import Desk

pytestmark = pytest.mark.browser

OWNER, APPROVER = "lin.zhiyuan@cangyu.example", "he.qingshu@cangyu.example"
STEWARD = "chu.mingde@alliance.example"


def asked(desk: Desk, path: str) -> Any:
    return desk.context.request.get(path).json()


def press(page: Page, name: str, **fields: str) -> None:
    for label, text in fields.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name=name, exact=True).click()


def inventory_of(owner: Desk, code: str) -> str:
    """The site's earlier inventory, which is in nobody's hands yet."""
    sites = asked(owner, "/api/v1/sites/?limit=500")["results"]
    site = next(each["uuid"] for each in sites if each["code"] == code)
    found = asked(owner, f"/api/v1/inventories/?site={site}&ordering=period_end")["results"]
    return str(found[0]["uuid"])


def test_from_inventory_to_declaration(desk: OpenDesk) -> None:
    owner, approver, steward = desk(OWNER), desk(APPROVER, language="zh-hans"), desk(STEWARD)
    inventory = inventory_of(owner, "xiyu")
    address = submitted(owner, approver, inventory)
    reviewed(owner, steward, address)
    figure = asked(owner, f"/api/v1/footprints/?inventory={inventory}&limit=1")["results"][0]
    uuid = published(owner, approver, figure["product"]["uuid"])
    visitor = desk(width=390, theme="dark")
    public = visitor.open(f"/declarations/{uuid}/")
    expect(public.get_by_text("The signature holds.")).to_be_visible()
    expect(public.locator("svg.qr")).to_be_visible()
    press(public, "Check it in this browser")
    expect(public.get_by_text("one of the platform's keys signed it")).to_be_visible()
    visitor.fits()
    assert visitor.grave_faults() == []
    check_without_the_product(visitor, uuid)


def submitted(owner: Desk, approver: Desk, inventory: str) -> str:
    """Handed in by one, checked by another, who finds it among the tasks."""
    page = owner.open(f"/inventories/{inventory}/")
    press(page, "Submit to the alliance")
    address = page.url.removeprefix(owner.address)
    press(page, "Hand in for the internal check")
    expect(page.get_by_text("Handed in for the internal check").first).to_be_visible()
    checks = approver.open("/")
    checks.locator(f'a[href="{address}"]').first.click()
    press(checks, "确认并提交联盟")
    expect(checks.get_by_text("已核对并提交联盟").first).to_be_visible()
    return address


def reviewed(owner: Desk, steward: Desk, address: str) -> None:
    """A question about a line and the points of the rules stand before acceptance until they are answered."""
    room = steward.open(address)
    press(room, "Take into review")
    room.get_by_role("link", name=re.compile("^Review room")).click()
    room.get_by_role("link", name=re.compile("^Ask about")).nth(1).click()
    press(room, "Ask", Remark="Read off which meter?")
    expect(room.get_by_text("Read off which meter?")).to_be_visible()
    steward.open(address)
    steward.expected.add(422)
    press(room, "Accept")
    expect(room.get_by_text("1 thread is still open").first).to_be_visible()
    page = owner.open(f"{address}room/")
    press(page, "Send", Answer="FT-101, calibrated in March.")
    steward.open(f"{address}room/")
    expect(room.get_by_text("FT-101, calibrated in March.")).to_be_visible()
    press(room, "Close this thread")
    steward.open(f"{address}checklist/")
    press(room, "Everything else is met")
    expect(room.get_by_text("0 points wait for an answer.")).to_be_visible()
    steward.open(address)
    press(room, "Accept")
    expect(room.locator(".page-head").get_by_text("Accepted")).to_be_visible()


def published(owner: Desk, approver: Desk, product: str) -> str:
    """Prepared and self-checked by one, approved and signed by another."""
    page = owner.open(f"/products/{product}/publish/")
    page.get_by_label(re.compile("kg CO2e")).first.check()
    page.get_by_label("Meant for").select_option("public")
    press(page, "Prepare")
    press(page, "Confirm the self-check")
    expect(page.get_by_text("Self-checked").first).to_be_visible()
    publication = page.url.removeprefix(owner.address)
    checks = approver.open(publication)
    press(checks, "批准")
    press(checks, "签名并发布")
    expect(checks.get_by_text("签名有效。").first).to_be_visible()
    return publication.strip("/").split("/")[-1]


def check_without_the_product(visitor: Desk, uuid: str) -> None:
    """Key, signature and text alone."""
    get = visitor.context.request.get
    keys = {key["kid"]: key["x"] for key in asked(visitor, "/.well-known/jwks.json")["keys"]}
    jws = get(f"/declarations/{uuid}/declaration.jws").text()
    told = next(iter(verify(jws, key) for key in keys.values()))
    assert told["id"] == uuid
    assert canonical(told) == get(f"/declarations/{uuid}/declaration.json").body()
    assert json.loads(get("/.well-known/pcf-withdrawals.json").text()) == {"withdrawn": []}
