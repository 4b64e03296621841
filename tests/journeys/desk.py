"""A person at a browser: what they open, what they see, and everything the browser complains about."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Request, Response

from alliance.runtime.environment import ROOT

AXE = (ROOT / "tests" / "vendor" / "axe" / "axe.min.js").read_text()
GRAVE = ("serious", "critical")
CUT_OFF = ("htmx:afterRequest", "htmx:sendAbort")
FAULTS = """async ([only, without]) => {
    const off = Object.fromEntries(without.map((rule) => [rule, {enabled: false}]));
    const options = {resultTypes: ['violations'], rules: off, ...(only.length ? {runOnly: only} : {})};
    const found = await axe.run(document, options);
    const told = (fault, node) => [fault.impact, fault.id, node.html, node.failureSummary];
    return found.violations.flatMap((fault) => fault.nodes.map((node) => told(fault, node)));
}"""


class Desk:
    """One browser window of one person."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.complaints: list[str] = []
        self.expected: set[int] = set()
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)
        self.page.on("request", self._check_host)
        self.page.on("response", self._check_status)

    def open(self, path: str, *, expect: int = 200) -> Page:
        """Go to an address of the product and insist on the status."""
        if expect != 200:
            self.expected.add(expect)
        response = self.page.goto(path)
        assert response is not None and response.status == expect, (path, response and response.status)
        return self.page

    def find_product(self, code: str, name: str) -> Page:
        """From the product list, by search, to the page of a product."""
        self.open(f"/products/?search={code}")
        self.page.get_by_role("link", name=name, exact=True).click()
        self.page.locator("[data-figure]").wait_for()
        return self.page

    def post(self, path: str, **fields: str) -> int:
        """What a page would send that somebody forged: the right token, the wrong wish."""
        cookies = {cookie["name"]: cookie["value"] for cookie in self.context.cookies()}
        token = cookies.get("csrftoken", "")
        answer = self.context.request.post(
            path,
            form={**fields, "csrfmiddlewaretoken": token},
            headers={"Referer": self.address + path, "X-CSRFToken": token},
            max_redirects=0,
        )
        return answer.status

    def status(self, path: str) -> int:
        """What the address answers, beside the page."""
        return self.context.request.get(path, max_redirects=0).status

    def grave_faults(self, *only: str, without: Sequence[str] = ()) -> list[str]:
        """What axe finds serious or critical: by all its rules, by some only, or by all but some."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(FAULTS, [list(only), list(without)])
        return [f"{rule}: {html[:160]} {why}" for impact, rule, html, why in found if impact in GRAVE]

    def fits(self) -> None:
        """Insist that the page is no wider than its window, once its charts have drawn themselves anew."""
        root = "document.documentElement"
        self.page.wait_for_function(f"() => {root}.scrollWidth <= {root}.clientWidth")

    def tab_to(self, wanted: Locator, *, most: int = 120) -> None:
        """Press Tab until the element has the focus."""
        for _ in range(most):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{most} times Tab did not reach {wanted}")

    def _listen(self, said: Any) -> None:
        if said.type == "error" and not self._is_expected(said.text):
            self.complaints.append(said.text)

    def _is_expected(self, words: str) -> bool:
        if words.startswith(CUT_OFF):  # leaving the page ends what it was still asking for
            return True
        status = re.search(r"responded with a status of (\d+)", words)
        return status is not None and int(status[1]) in self.expected

    def _check_host(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in ("http", "https", "ws") and asked.netloc != urlsplit(self.address).netloc:
            self.complaints.append(f"asked another host: {request.url}")

    def _check_status(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status}: {response.url}")


def chart_of(page: Page) -> dict[str, Any]:
    """The figures behind the contribution chart, unrounded."""
    drawn = page.locator("#contributions .chart-plot").get_attribute("data-chart")
    found: dict[str, Any] = json.loads(drawn or "")
    return found


def number(text: str | None) -> float:
    """The number that a person reads: "1,204.5 kg" is 1204.5."""
    found = re.search(r"[−-]?[\d,]*\.?\d+(?:×10\S+)?", text or "")
    assert found, text
    return float(found[0].replace(",", "").replace("−", "-"))
