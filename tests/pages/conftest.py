"""Pages in a real browser, signed in, with their faults listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import User
from alliance.runtime.environment import ROOT
from alliance.runtime.translations import compile_catalogues

AXE = (ROOT / "tests" / "vendor" / "axe" / "axe.min.js").read_text()
GRAVE = ("serious", "critical")
SETTLED = """() => {
  const drawn = (plot) => !plot.offsetParent || plot.querySelector("svg");
  return document.readyState === "complete" && !document.querySelector(".htmx-request")
    && [...document.querySelectorAll(".chart-plot")].every(drawn);
}"""
"""All that a page fetches by itself has come, and its charts are drawn."""


@dataclass
class Window:
    """A browser page that remembers every complaint of the browser."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def grave_faults(self) -> list[str]:
        """What axe finds serious or critical on the page as it is now."""
        self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{fault['id']}: {node['html'][:120]}"
            for fault in found["violations"]
            if fault["impact"] in GRAVE
            for node in fault["nodes"]
        ]

    def fits(self) -> None:
        """Insist that the page is no wider than its window, once its charts have drawn themselves anew."""
        root = "document.documentElement"
        self.page.wait_for_function(f"() => {root}.scrollWidth <= {root}.clientWidth")


OpenWindow = Callable[..., Window]


@pytest.fixture
def window(browser: Browser, live_server: Any) -> Iterator[OpenWindow]:
    """`window(user, language="en", width=1440, theme="light")`"""
    compile_catalogues()
    contexts = []

    def make(
        user: User | None = None, *, language: str = "en", width: int = 1440, theme: Any = "light"
    ) -> Window:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user:
            client = Client()
            client.force_login(user)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        opened = Window(context.new_page(), live_server.url)
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("console", lambda said: said.type == "error" and opened.complaints.append(said.text))
        return opened

    yield make
    for context in contexts:
        context.close()
