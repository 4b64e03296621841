"""The page of the interface in a browser: it renders under its own policy and asks nobody else."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_page_renders_from_this_host_alone(page: Any, live_server: Any) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/docs/")
    page.get_by_placeholder("Filter by tag").fill("exchanges")
    page.get_by_text("/api/v1/exchanges/{uuid}/").first.wait_for()
    assert complaints == []
    assert {url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))} == set()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("locale", "scheme", "language", "told"),
    [("en-GB", "dark", "en", "Machine clients"), ("zh-CN", "light", "zh-Hans", "服务客户端")],
)
def test_it_says_how_to_get_a_token_in_the_readers_language_and_theme(
    browser: Any, live_server: Any, locale: str, scheme: str, language: str, told: str
) -> None:
    context = browser.new_context(locale=locale, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{live_server.url}/api/docs/")
    page.locator(".info .description", has_text=told).wait_for()
    root = page.locator("html")
    assert root.get_attribute("lang") == language
    assert root.evaluate("each => each.classList.contains('dark-mode')") is (scheme == "dark")
    page.locator(".btn.authorize").click()
    dialog = page.locator(".modal-ux")
    assert dialog.get_by_label("client_id").count() == 1
    context.close()
