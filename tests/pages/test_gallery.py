"""Every component, looked at in Chromium: it works, it is accessible, it stays inside its window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from accounts.models import User
from accounts.roles import Role
from tests import builders
from tests.pages.conftest import OpenWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


DRAWN = [
    *(
        "c-flows-mass",
        "c-bar",
        "c-pareto",
        "c-stack",
        "c-strip",
        "c-waterfall",
        "c-tornado",
        "c-slope",
        "c-slopes",
    ),
    *("c-range", "c-interval", "c-radar", "c-bubble", "c-below-zero"),
]
NOT_DRAWN = ["c-refused", "c-refused-waterfall", "c-empty"]


@pytest.fixture
def owner(transactional_db: None) -> User:
    return builders.person(builders.company(is_demonstration=True), Role.OWNER)


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(1440, "light", "zh-hans"), (1440, "dark", "en"), (1024, "light", "en"), (390, "dark", "zh-hans")],
)
def test_every_component(window: OpenWindow, owner: User, width: int, theme: str, language: str) -> None:
    seen = window(owner, width=width, theme=theme, language=language)
    page = seen.open("/gallery/")
    for chart in DRAWN:
        page.locator(f"#{chart} .chart-plot svg text").first.wait_for()
    page.locator(".readout .chip-wait").wait_for(state="detached")
    assert seen.complaints == []
    assert seen.grave_faults() == []
    seen.fits()
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    for chart in NOT_DRAWN:
        assert page.locator(f"#{chart} .chart-plot, #{chart} [data-chart-toggle]").count() == 0


def test_nothing_is_written_outside_a_narrow_chart(window: OpenWindow, owner: User) -> None:
    page = window(owner, width=390, language="zh-hans").open("/gallery/")
    for chart in ("c-pareto", "c-waterfall", "c-tornado", "c-range", "c-interval", "c-slope"):
        page.locator(f"#{chart} .chart-plot svg text").first.wait_for()
        outside = page.evaluate(
            """id => {
                const sheet = document.querySelector(`#${id} .chart-plot svg`).getBoundingClientRect();
                const beyond = (box) => box.left < sheet.left - 1 || box.right > sheet.right + 1;
                return [...document.querySelectorAll(`#${id} .chart-plot svg text`)]
                    .filter((text) => beyond(text.getBoundingClientRect()))
                    .map((text) => text.textContent);
            }""",
            chart,
        )
        assert outside == [], chart


def test_another_basis_is_one_click_or_one_link_away(window: OpenWindow, owner: User) -> None:
    seen = window(owner)
    page = seen.open("/gallery/")
    page.locator("#c-flows-mass svg text").first.wait_for()
    assert not page.locator("#c-flows-energy").is_visible()
    page.locator("[data-choice=c-flows-energy]").focus()
    page.keyboard.press("Enter")
    page.locator("#c-flows-energy svg text").first.wait_for()
    assert not page.locator("#c-flows-mass").is_visible()
    assert "basis=energy" in page.url
    assert page.locator("[data-choice][aria-current]").inner_text() == "Energy"
    page.reload()
    page.locator("#c-flows-energy svg text").first.wait_for()
    assert seen.complaints == []


def test_a_node_that_does_not_close_is_red_in_drawing_words_and_table(
    window: OpenWindow, owner: User
) -> None:
    page = window(owner).open("/gallery/?basis=energy")
    gap = page.locator("#c-flows-energy svg text", has_text="gap +1.70")
    gap.wait_for()
    bad = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--bad').trim()")
    assert page.locator(f'#c-flows-energy svg path[fill="{bad}"]').count() == 1
    assert "Steam net does not close" in page.locator("#c-flows-energy .chart-remarks").inner_text()
    page.locator("#c-flows-energy [data-chart-toggle]").click()
    row = page.locator("#c-flows-energy tr", has=page.get_by_role("rowheader", name="Steam net", exact=True))
    assert row.locator(".chip-bad").inner_text() == "no"


def test_a_row_of_a_chart_leads_to_what_it_shows(window: OpenWindow, owner: User) -> None:
    page = window(owner).open("/gallery/")
    page.locator("#c-tornado svg text", has_text="Yield of ethylene").click()
    page.wait_for_url("**/gallery/#yield")


def test_a_node_leads_to_what_it_shows(window: OpenWindow, owner: User) -> None:
    page = window(owner).open("/gallery/")
    page.locator("#c-flows-mass svg").get_by_text("Steam cracker", exact=True).click()
    page.wait_for_url("**/gallery/#cracker")


def test_a_tree_opens_by_keyboard_and_asks_for_what_lies_deeper(window: OpenWindow, owner: User) -> None:
    seen = window(owner)
    page = seen.open("/gallery/")
    page.locator("#c-tree summary", has_text="Naphtha").focus()
    page.keyboard.press("Enter")
    oil = page.locator("#c-tree summary", has_text="Crude oil")
    oil.focus()
    page.keyboard.press("Enter")
    page.locator("#c-tree .tree-row", has_text="Sea freight").wait_for()
    assert seen.grave_faults() == [] and seen.complaints == []


def test_charts_on_paper_are_light_and_fit(window: OpenWindow, owner: User) -> None:
    page = window(owner, theme="dark").open("/gallery/")
    page.locator("#c-waterfall svg text").first.wait_for()
    accent = page.locator("#c-waterfall svg path[fill]:not([fill=none])").first
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    light = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()")
    assert page.locator(f'#c-waterfall svg path[fill="{light}"]').count() == 2
    assert (
        max(page.evaluate("[...document.querySelectorAll('.chart-plot svg')].map(s => s.clientWidth)")) <= 640
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.locator(f'#c-waterfall svg path[fill="{light}"]').count() == 0
    assert accent.is_visible()


def test_a_pending_figure_becomes_current_by_itself(window: OpenWindow, owner: User) -> None:
    is_settled = False
    seen = window(owner)

    def answer(route: Route) -> None:
        route.continue_() if is_settled else asked.append(route)

    asked: list[Route] = []
    seen.page.route("**/gallery/settled/", answer)
    page = seen.open("/gallery/")
    pending = page.locator(".readouts .chip-wait")
    assert pending.count() == 1
    is_settled = True
    for route in asked:
        route.continue_()
    pending.wait_for(state="detached")
    assert page.locator(".readouts .chip-good").count() == 2


def test_theme_is_kept_and_charts_follow(window: OpenWindow, owner: User) -> None:
    seen = window(owner)
    page = seen.open("/gallery/")
    light = page.locator("#c-bar svg path[fill]:not([fill=none])").first.get_attribute("fill")
    page.locator("[data-theme-toggle]").click()
    page.wait_for_timeout(300)
    dark = page.locator("#c-bar svg path[fill]:not([fill=none])").first.get_attribute("fill")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark" and light != dark
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert seen.complaints == []


def test_language_switch_keeps_the_page(window: OpenWindow, owner: User) -> None:
    page = window(owner).open("/gallery/?sort=-code")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_have_text("界面组件")
    assert page.url.endswith("/gallery/?sort=-code")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


def test_a_chart_shows_its_table(window: OpenWindow, owner: User) -> None:
    page = window(owner).open("/gallery/")
    table = page.locator("#c-bar-table")
    assert not table.is_visible()
    page.locator("#c-bar [data-chart-toggle]").click()
    assert table.is_visible() and table.locator("tbody tr").count() == 8


def test_rows_answer_to_the_arrows(window: OpenWindow, owner: User) -> None:
    page = window(owner).open("/gallery/")
    rows = page.locator("#tables table[data-keys] tbody tr")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "High-density" in page.locator("tr:focus").inner_text()
    page.keyboard.press("End")
    assert "Hydrogen" in page.locator("tr:focus").inner_text()


def test_keyboard_reaches_content_menu_and_search(window: OpenWindow, owner: User) -> None:
    page = window(owner, width=390).open("/gallery/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.locator(".menu-drawer summary").click()
    assert page.locator(".menu-drawer .places a").first.is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".menu-drawer .places a").first.is_visible()


def test_a_refused_form_says_so_at_the_top_and_at_the_field(window: OpenWindow, owner: User) -> None:
    page = window(owner).open("/gallery/")
    page.locator("[data-error-summary] a", has_text="Amount").click()
    box = page.locator("#refused_amount")
    assert page.evaluate("document.activeElement.id") == "refused_amount"
    assert box.input_value() == "twelve"
    described = (box.get_attribute("aria-describedby") or "").split()
    assert "refused_amount_error" in described and box.get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_signing_in_and_out(window: OpenWindow, owner: User, language: str) -> None:
    seen = window(language=language)
    page = seen.open("/accounts/login/?next=/gallery/")
    assert seen.grave_faults() == []
    page.get_by_role("button", name="登录" if language == "zh-hans" else "Sign in").click()
    assert page.locator(".field-error").count() == 2
    assert seen.grave_faults() == []
    page.locator("#id_login").fill(owner.email)
    page.locator("#id_password").fill("a long password 1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gallery/")
    page.locator(".bar details.menu:not(.menu-drawer) summary").click()
    page.get_by_role("button", name="退出登录" if language == "zh-hans" else "Sign out").click()
    page.wait_for_url(lambda url: "gallery" not in url)
    assert seen.open("/gallery/").url.count("login") == 1


def test_a_strange_address_answers_in_both_languages(window: OpenWindow, owner: User) -> None:
    for language, words in (("zh-hans", "没有这个页面"), ("en", "There is no such page")):
        seen = window(owner, language=language)
        page = seen.open("/nowhere/")
        assert page.locator("h1").inner_text() == words
        assert seen.grave_faults() == []
