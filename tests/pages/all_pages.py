"""Every page there is, as a browser shows it, by those who may see it as docs/permissions.yaml says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from playwright.sync_api import Error, Page

from tests.pages.conftest import AXE, GRAVE, SETTLED
from tests.pages.host import Host
from tests.permissions.policy import rows, rule
from tests.permissions.world import World

FIRST = ("own.owner", "alliance.steward", "alliance.curator", "body.verifier", "nobody.anonymous")
"""Who looks at a page: the first of them who gets one."""
ALSO = {
    "companies": "alliance.steward",
    "submissions": "alliance.steward",
    "practices": "alliance.steward",
    "benchmarks": "alliance.steward",
    "product-rules": "alliance.steward",
    "factors": "alliance.curator",
    "verifications": "body.verifier",
    "audit": "alliance.compliance",
    "": "alliance.steward",
}
"""Who works on the pages below an address besides its company, and looks where these are not the same."""
SHELL = "/methods/"
"""A page whose frame is put around what is a part of pages."""
ASKED = ("accept", "accept-language", "content-type", "hx-request", "hx-target", "hx-current-url")
MOST_ROUNDS = 1000
FRAME = b"<h1>-</h1>"
TABS = re.compile(r'href="(\?(?:[^"]*&amp;)?(?:tab|log)=\w+)"')
BROKEN = """async (rules) => {
  const options = {preload: false, resultTypes: ["violations"], ...(rules.length ? {runOnly: rules} : {})};
  return (await axe.run(document, options)).violations.flatMap((fault) =>
    fault.nodes.map((node) => [fault.impact, fault.id, node.html.slice(0, 160), node.failureSummary]));
}"""
OPENED = """() => {
  for (const each of document.querySelectorAll("main details:not(.menu)")) each.open = true;
}"""
STILL = "() => document.getAnimations().every((each) => each.playState !== 'running')"
WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const reaches = (each) => each.getBoundingClientRect().right > width + 0.5;
  const found = [...document.querySelectorAll("body *:not(.table-scroll *)")].filter(reaches);
  return ["", ...found].map((each) => each && each.outerHTML.slice(0, 100));
}"""


@dataclass(frozen=True)
class Look:
    """A page and who looks at it."""

    route: str
    path: str
    viewer: str

    def __str__(self) -> str:
        return f"{self.path} ({self.viewer})"


@dataclass
class Reader:
    """Chromium that asks the product in this process: nobody signs in, what a page does is rolled back."""

    page: Page
    world: World
    host: Host
    viewer: str = "own.owner"
    complaints: list[str] = field(default_factory=list)
    others: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.add_init_script(AXE)
        self.page.on("request", lambda request: self._look_where(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))

    def fetched(self, viewer: str, path: str, method: str = "GET", **sent: Any) -> HttpResponse:
        """What the product answers to this person."""
        headers = {"Accept-Language": "zh-hans", **sent.pop("headers", {})}
        with transaction.atomic():
            client = self.world.askers[viewer].come_in()
            answer: HttpResponse = client.generic(method, path, headers=headers, **sent)
            if answer.streaming:
                answer.content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
            transaction.set_rollback(True)
        return answer

    def faults(self, look: Look, page: HttpResponse) -> list[str]:
        """All that is wrong with a page: light and wide, then dark, then on a telephone."""
        self.page.goto("about:blank")  # nothing of the page before asks or complains any more
        self.complaints.clear()
        self.host.forget()
        self.viewer, self.host.written[look.path] = look.viewer, page
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.page.goto(self.host.address + look.path, wait_until="domcontentloaded")
        self.page.evaluate(OPENED)
        self._settle()
        found = [f"{self.page.locator('h1').count()} h1"] if self.page.locator("h1").count() != 1 else []
        found += [] if self.page.title().split(" · ")[0].strip() else ["no title"]
        found += self._grave()
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.page.wait_for_function(STILL)
        found += [f"dark: {each}" for each in self._grave("color-contrast")]
        if FRAME in page.content:  # a part has its colours from what is around it
            found = [each for each in found if "color-contrast: " not in each]
        self.page.set_viewport_size({"width": 390, "height": 844})
        self._settle()
        found += [f"wider than a telephone: {each}" for each in self.page.evaluate(WIDE)]
        of_page = f"status of {page.status_code}"
        found += [each for each in self.complaints if of_page not in each]
        return [f"{look}: {each}" for each in found]

    def _grave(self, *rules: str) -> list[str]:
        found = self.page.evaluate(BROKEN, list(rules))
        return [f"{name}: {html} {why}" for impact, name, html, why in found if impact in GRAVE]

    def _look_where(self, url: str) -> None:
        if url.startswith("http") and not url.startswith(f"{self.host.address}/"):
            self.complaints.append(f"asked another host: {url}")

    def _settle(self) -> None:
        """Answer what the page asks for by itself: here, as the host's threads are not where the world is."""
        for _round in range(MOST_ROUNDS):
            if not self.host.waiting and self._is_settled():
                return
            for asked in [self.host.waiting.pop() for _each in list(self.host.waiting)]:
                headers = {name: value for name, value in asked.headers.items() if name in ASKED}
                answer = self.fetched(self.viewer, asked.path, asked.method, data=asked.data, headers=headers)
                if answer.status_code in (301, 302):  # an address that may be of another host
                    answer = self.fetched(self.viewer, answer.headers["Location"])
                asked.end(answer)
            self.page.wait_for_timeout(20)
        self.complaints.append("does not come to rest")

    def _is_settled(self) -> bool:
        try:
            return bool(self.page.evaluate(SETTLED))
        except Error as error:
            if "navigation" in str(error):  # a page that was waiting for something reads itself anew
                return False
            raise


def is_document(answer: HttpResponse) -> bool:
    """A whole page for people, be it one that says no."""
    return answer.content.lower().startswith(b"<!doctype html>")


def is_part(answer: HttpResponse) -> bool:
    """What pages fetch for themselves."""
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return is_html and answer.status_code == 200 and bool(answer.content) and not is_document(answer)


def routes() -> list[str]:
    """Every address that answers a GET of a person."""
    return [
        route
        for route, row in rows().items()
        if not route.startswith(("api/v1/", "oauth/")) and ("GET" in row or "elsewhere" in row)
    ]


def viewers(route: str, world: World) -> list[str]:
    """Who may see it: of those who look first, and of those who work there."""
    row, also = rows()[route], ALSO.get(route.split("/")[0], "")
    if "elsewhere" in row or row["GET"] == "open":
        return [*FIRST, also] if also else list(FIRST)
    may = rule(row["GET"], "opened").may
    found = [each for each in (*FIRST, also) if each in may]
    return found or sorted(each for each in may if not world.askers[each].is_machine)[:1]


def looks(reader: Reader, route: str, path: str) -> Iterator[tuple[Look, HttpResponse]]:
    """An address by everybody for whom it has something else, with its tabs; a file is no page."""
    seen, also = set[bytes](), ALSO.get(route.split("/")[0], "")
    for viewer in viewers(route, reader.world):
        if seen and viewer != also:
            continue
        waiting = [path]
        for each in waiting:
            answer = _page(reader, Look(route, each, viewer))
            if answer is None:
                continue
            tabs = [path.partition("?")[0] + tab for tab in _tabs(answer)]
            waiting += [tab for tab in dict.fromkeys(tabs) if tab not in waiting]
            if not (parts := _parts(answer.content)) <= seen:
                seen |= parts
                yield Look(route, each, viewer), answer


def _page(reader: Reader, look: Look) -> HttpResponse | None:
    """The page, or a part of one in a frame; it is noted when somebody gets what is no page."""
    answer = reader.fetched(look.viewer, look.path)
    if is_part(answer):
        return framed(answer, reader.fetched(look.viewer, SHELL))
    if is_document(answer):
        return answer if answer.status_code in (200, 401) else None
    if look.viewer != "nobody.anonymous" or rows()[look.route].get("GET") == "open":
        reader.others.add(look.route)  # who is not signed in is sent to sign in, from anywhere
    return None


def framed(part: HttpResponse, shell: HttpResponse) -> HttpResponse:
    """Part of a page as the content of one."""
    content = part.content
    if content.lstrip().startswith(b"<tr"):
        content = b"<table><caption>-</caption><tbody>%s</tbody></table>" % content
    elif content.lstrip().startswith(b"<li"):
        content = b"<ul>%s</ul>" % content
    head, _, rest = shell.content.partition(b"<main")
    tag, _, body = rest.partition(b">")
    end = body.partition(b"</main>")[2]
    shell.content = b"%s<main%s>%s%s</main>%s" % (head, tag, FRAME, content, end)
    return shell


def _tabs(page: HttpResponse) -> list[str]:
    return [each.replace("&amp;", "&") for each in TABS.findall(page.content.decode())]


def _parts(page: bytes) -> set[bytes]:
    """What a page is put together from: its tags with the names of their attributes, and its classes."""
    body = page.partition(b"<main")[2] or page
    tags = {re.sub(rb'="[^"]*"', b"", tag) for tag in re.findall(rb"<[a-z][^>]*>", body)}
    return tags | set(re.findall(rb'class="[^"]*"', body))
