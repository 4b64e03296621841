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
