"""Names full of markup are shown as they are written, and no page tries what its policy forbids."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.house.test_gates import NOWHERE, addresses, theirs
from tests.pages.conftest import SETTLED, OpenWindow
from tests.pages.spite import SPITE, dangers_in, spoil

__all__ = ["theirs"]
LEAVES = ("accounts/logout/", "healthz")
LEAST_PAGES = 35
LEAST_SPITEFUL = 20
LEAST_WHOLE_PAGES = 25
OWN_PICTURES = {"/accounts/2fa/totp/activate/": ["img"]}
"""Pages that show a picture of ours: the code that a phone reads."""


def paths(things: dict[str, UUID]) -> list[str]:
    """Every address that a person may open."""
    return [
        address.path(things)
        for address in addresses()
        if address.route != NOWHERE
        and not address.route.startswith(("api/", "oauth/"))
        and address.route not in LEAVES
    ]


@pytest.mark.django_db
def test_names_full_of_markup_are_inert(theirs: dict[str, UUID]) -> None:
    owner, reader = spoil(), Client(raise_request_exception=False)
    reader.force_login(owner)
    seen = spiteful = 0
    for path in paths(theirs):
        reply = reader.get(path)
        assert reply.status_code < 500, path
        if not reply.headers.get("Content-Type", "").startswith("text/html"):
            continue
        text = reply.content.decode()
        seen += 1
        spiteful += "&lt;img src=x onerror=" in text
        assert SPITE[:40] not in text, path
        assert dangers_in(text) == OWN_PICTURES.get(path, []), path
    assert (seen >= LEAST_PAGES, spiteful >= LEAST_SPITEFUL) == (True, True), (seen, spiteful)


def test_the_look_at_pages_sees_what_it_must() -> None:
    assert len(dangers_in(f"<p>{SPITE}</p>")) >= 4


LISTEN = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("violation " + event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_no_page_breaks_its_policy(window: OpenWindow, theirs: dict[str, UUID]) -> None:
    """Every page once, with the names above: no violation, no error in the console, nothing ran."""
    seen = window(spoil())
    seen.page.add_init_script(LISTEN)
    seen.page.on("dialog", lambda said: seen.complaints.append(f"a script ran: {said.message}"))
    opened = 0
    for path in paths(theirs):
        found: Any = seen.page.context.request.get(seen.address + path, max_redirects=0)
        if found.status != 200 or not found.text().startswith("<!doctype html>"):
            continue
        seen.open(path)
        seen.page.wait_for_function(SETTLED)
        assert not seen.complaints, f"{path}: {' | '.join(seen.complaints)}"
        opened += 1
    assert opened >= LEAST_WHOLE_PAGES


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_scripts_cannot_turn_text_into_code(window: OpenWindow, theirs: dict[str, UUID]) -> None:
    """What a hole in a page would give somebody: the browser says no."""
    page = window(spoil()).open("/products/")
    refused = [
        "document.body.innerHTML = '<p><img src=x onerror=alert(1)></p>'",
        "document.body.insertAdjacentHTML('beforeend', '<a href=\" java\\tscript:alert(1)\">x</a>')",
        "document.body.insertAdjacentHTML('beforeend', '<template><script>alert(1)</script></template>')",
        "document.body.insertAdjacentHTML('beforeend', '<iframe srcdoc=\"x\"></iframe>')",
        "document.createElement('script').src = '/static/js/page.js'",
        "document.createElement('script').text = 'alert(1)'",
        "document.createElement('a').setAttribute('onclick', 'alert(1)')",
        "window.setTimeout('alert(1)', 0)",
        "trustedTypes.createPolicy('mine', {createHTML: (markup) => markup})",
    ]
    for deed in refused:
        said = page.evaluate(
            f"() => {{ try {{ {deed}; return 'done' }} catch (error) {{ return error.name }} }}"
        )
        assert said in ("TypeError", "EvalError"), deed
    inert = "document.body.insertAdjacentHTML('beforeend', '<p id=added>a <b>b</b></p>')"
    page.evaluate(inert)
    assert page.locator("#added b").inner_text() == "b"
