"""Stories that a footprint goes through beside the main road: at the plant, in the rules, with a verifier."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import OpenDesk
from tests.journeys.desk import Desk
from tests.servers import wait_until

pytestmark = pytest.mark.browser

CHINESE = "zh-hans"
REFINER = "bai.yunfei@shuolan.example"
OWNER, APPROVER = "xue.fanghua@yuming.example", "ye.zhiqiu@yuming.example"
STEWARD = "chu.mingde@alliance.example"
VERIFIER, VERIFIED = "yan.heng@hengxian.example", "lin.zhiyuan@cangyu.example"
ROUTE = "直馏石脑油（乌岭）"


def asked(desk: Desk, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.context.request.get(f"/api/v1/{path}").json()["results"]
    return found


def press(page: Page | Locator, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def naphtha(owner: Desk) -> str:
    return str(asked(owner, "products/?search=wuling-sr-naphtha")[0]["uuid"])


def test_a_balance_that_does_not_close_leads_to_its_line(desk: OpenDesk) -> None:
    """What burnt off a catalyst was multiplied by 44/12 once too often: red at the unit, named, mended."""
    owner = desk(REFINER, language=CHINESE)
    site = next(each["uuid"] for each in asked(owner, "sites/?limit=500") if each["code"] == "wuling")
    inventory = asked(owner, f"inventories/?site={site}&ordering=period_end")[0]["uuid"]
    flows = f"/inventories/{inventory}/flows/"
    page = owner.open(flows)
    cracker = page.locator("#balance tbody tr").filter(
        has=page.get_by_role("link", name="催化裂化", exact=True)
    )
    expect(cracker.locator(".chip-bad")).to_have_count(1)
    cracker.locator("td").last.get_by_role("link", name="CO2", exact=True).click()
    amount = page.locator("#id_amount")
    expect(amount).to_have_value("925100")
    amount.fill("252300")
    page.locator("main").get_by_role("button", name="保存", exact=True).last.click()
    expect(page.locator(".messages")).to_be_visible()
    owner.open(flows)
    expect(cracker).to_be_visible()
    expect(cracker.locator(".chip-bad")).to_have_count(0)


def test_an_owner_sees_what_every_method_would_give_and_takes_another(desk: OpenDesk) -> None:
    owner = desk(REFINER, language=CHINESE)
    product = naphtha(owner)
    page = owner.open(f"/products/{product}/allocation/")
    expect(page.get_by_text(re.compile("最低 .*最高 .*现行"))).to_be_visible()
    expect(page.locator(".chart-plot svg").first).to_be_visible()
    page.get_by_role("link", name="修改分配方法和价格").click()
    method = page.locator("select[name=allocation_method]")
    before = method.input_value()
    for chosen in ("mass", before):
        figure = figure_of(owner, product)
        method.select_option(chosen)
        details = page.locator("form").filter(has=method)
        press(details, "保存")
        wait_until(lambda was=figure: figure_of(owner, product) not in (was, None), "the figure follows", 60)
        expect(method).to_have_value(chosen)


def figure_of(owner: Desk, product: str) -> Any:
    """The current figure of the latest year; nothing while it is being calculated."""
    rows = asked(owner, f"footprints/?product={product}&limit=50")
    latest = max(rows, key=lambda each: each["year"])
    return latest["kg_co2e_ar6"] if latest["freshness"] == "current" else None


def test_an_approver_reads_what_changed_and_sends_it_back(desk: OpenDesk) -> None:
    owner, approver = desk(OWNER, language=CHINESE), desk(APPROVER, language=CHINESE)
    inventory = asked(owner, "inventories/?ordering=-period_end")[0]["uuid"]
    page = owner.open(f"/inventories/{inventory}/")
    press(page, "提交联盟")
    press(page, "送内部核对")
    expect(page.get_by_text("已送内部核对").first).to_be_visible()
    address = page.url.removeprefix(owner.address)
    checks = approver.open("/")
    checks.locator(f'a[href="{address}"]').first.click()
    expect(checks.locator("#since #bridge")).to_be_visible()
    expect(checks).not_to_have_title(re.compile("变化分解"))  # that of what was fetched into the page
    expect(checks.locator("#since .chart-plot svg")).to_be_visible()
    checks.get_by_label(re.compile("^原因")).fill("请核对蒸汽与电力两行的抄表日期。")
    press(checks, "退回")
    expect(checks.locator(".page-head").get_by_text("草稿")).to_be_visible()
    owner.open(address)
    expect(page.get_by_text("请核对蒸汽与电力两行的抄表日期。").first).to_be_visible()


def test_a_rule_that_contradicts_another_is_named_before_anybody_votes(desk: OpenDesk) -> None:
    steward = desk(STEWARD, language=CHINESE)
    page = steward.open("/product-rules/methanol/edit/")
    row = page.locator("fieldset.rule-row").filter(has=page.locator("[name=exchanges-3-code]"))
    row.locator("[name=exchanges-3-code]").fill("ban")
    row.locator("[name=exchanges-3-presence]").select_option("forbidden")
    row.locator("[name=exchanges-3-within]").select_option("site")
    row.locator("[name=exchanges-3-any_of]").select_option(
        ["input|category|natural-gas", "input|category|coal"]
    )
    row.locator("[name=exchanges-3-source]").select_option("here")
    row.locator("[name=exchanges-3-mark]").select_option("decision")
    press(page, "保存")
    contradiction = page.get_by_text("规则“exchange.feed”要求的内容被规则“exchange.ban”禁止。")
    expect(contradiction).to_be_visible()
    page.get_by_role("link", name="制定过程").click()
    press(page, "在清单上试运行")
    expect(page.get_by_text("该草案尚未在清单上试运行。")).to_have_count(0)
    page.get_by_role("link", name="编写草案").click()
    row.locator("[name=exchanges-3-remove]").check()
    press(page, "保存")
    expect(
        page.get_by_role("cell", name="exchange.feed").or_(page.get_by_text("exchange.feed")).first
    ).to_be_visible()
    expect(contradiction).to_have_count(0)


def test_a_verifier_tries_amounts_of_their_own_and_states_an_opinion(desk: OpenDesk) -> None:
    verifier, company = desk(VERIFIER, language=CHINESE), desk(VERIFIED, language=CHINESE)
    page = verifier.open("/")
    page.locator("main a[href^='/verifications/']").first.click()
    expect(page.locator("#sample")).to_be_visible()
    address = page.url.removeprefix(verifier.address)
    page.get_by_role("link", name="用自备数量试算").click()
    page.locator("input[name^='amount-']").first.fill("1")
    press(page, "按这些数量计算")
    expect(page.locator("#test-data tbody tr")).to_have_count(1)
    press(page, "重新计算")
    expect(page.get_by_text("重算结果一致。")).to_be_visible()
    look_at_the_rest(page)
    press(page, "报告发现项")
    expect(page.locator(".page-head").get_by_text("已报告发现项")).to_be_visible()
    answers = company.open(address)
    answers.locator("textarea[name=text]").first.fill("校准证书已上传，请查收。")
    press(answers.locator("form").filter(has=answers.locator("textarea[name=text]")).first, "发送")
    expect(answers.get_by_text("校准证书已上传，请查收。")).to_be_visible()
    answers.get_by_role("link", name="回答", exact=True).click()
    answers.get_by_label("回答").fill("已按证书更正。")
    press(answers, "保存")
    expect(answers.get_by_text("已按证书更正。")).to_be_visible()
    verifier.open(address)
    expect(page.get_by_text("校准证书已上传，请查收。")).to_be_visible()
    press(page, "关闭发现项")
    expect(page.get_by_text("发现项已关闭。")).to_be_visible()
    page.get_by_label("核查意见").select_option("unmodified")
    page.locator("#state").get_by_label("核查声明").fill("未发现需要修正的事项。")
    press(page, "记录核查声明")
    expect(page.locator(".page-head").get_by_text("核查声明已记录")).to_be_visible()


def look_at_the_rest(page: Page) -> None:
    """Every line of the sample that nobody looked at yet agrees with its evidence."""
    waiting = page.locator("#sample tbody tr").filter(has_text="待核对")
    while waiting.count():
        before = waiting.count()
        waiting.first.get_by_role("link").first.click()
        page.get_by_label("一致", exact=True).check()
        page.get_by_label("依据数据").fill("与结算单一致。")
        press(page, "保存")
        expect(waiting).to_have_count(before - 1)


def test_levers_of_a_roadmap_move_the_figure_and_are_kept(desk: OpenDesk) -> None:
    engineer = desk(REFINER, language=CHINESE)
    page = engineer.open(f"/products/{naphtha(engineer)}/scenario/")
    expect(page.locator(".chart-plot svg").first).to_be_visible()
    figure = (
        page.locator("#outcome .readout")
        .filter(has_text="情景下")
        .locator("[data-figure], .figure-value")
        .first
    )
    for line, percent in (("电力（厂区供电网，乌岭） 常减压蒸馏", "-30"), ("燃料气燃烧 常减压蒸馏", "-60")):
        was = figure.inner_text()
        page.locator("#lines").get_by_role("button", name=line).first.click()
        page.get_by_label("或变化").last.fill(percent)
        expect(figure).not_to_have_text(was)
    page.get_by_label("情景名称").fill("绿电三成、捕集六成")
    press(page, "保存情景")
    expect(page.get_by_text("绿电三成、捕集六成").first).to_be_visible()
