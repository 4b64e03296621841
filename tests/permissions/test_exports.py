"""Every list offers itself as a file, in both formats, and the file tells no more than the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.house.tree import files, text
from tests.permissions.asking import knowing_askers, path_of
from tests.permissions.policy import rows
from tests.permissions.world import World

OFFERED = re.compile(r'<a class="btn" href="([^"]*)">(?:<svg[^>]*><use[^>]*></use></svg>)Excel</a>')
PLACED = re.compile(r'href="(\?[^"]*table=\d+&amp;format=csv)"')
ASKERS = ("own.owner", "alliance.curator", "alliance.steward", "body.verifier")
"""Between them they see every list."""


def pages() -> list[str]:
    return [route for route, row in rows().items() if not route.startswith("api/") and "GET" in row]


@pytest.fixture(autouse=True)
def known(world: World) -> Iterator[None]:
    """Who asks is asked once: nothing here changes their roles."""
    with knowing_askers(world):
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("asker", ASKERS)
def test_every_list_offers_itself_and_answers(world: World, asker: str) -> None:
    client, things, faults, answered = world.askers[asker].come_in(), world.things("opened"), [], 0
    for route in pages():
        path = path_of(route, things, world)
        page = client.get(path)
        if page.status_code != 200 or page.streaming or b"data-export" not in page.content:
            continue
        html = page.content.decode()
        links = [unescape(link) for link in OFFERED.findall(html)]
        own = [link for link in links if link.startswith("?")]
        if not links:
            faults.append(f"{route}: a list without a file")
        for link in own:
            for form, begins in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
                answer = client.get(path.partition("?")[0] + link.replace("format=xlsx", f"format={form}"))
                answered += 1
                if answer.status_code != 200 or not answer.content.startswith(begins):
                    faults.append(f"{route} {link}: {form} {answer.status_code}")
    assert faults == []
    assert answered


@pytest.mark.django_db
def test_every_table_at_the_foot_of_a_page_answers(world: World) -> None:
    """Tables of pages about one thing: each link leads to a file with the heads of its table."""
    client, things, faults, answered = world.askers["own.owner"].come_in(), world.things("opened"), [], 0
    for route in pages():
        path = path_of(route, things, world)
        page = client.get(path)
        if page.status_code != 200 or page.streaming or b"page-tables" not in page.content:
            continue
        for link in map(unescape, PLACED.findall(page.content.decode())):
            answer = client.get(path.partition("?")[0] + link)
            answered += 1
            if answer.status_code != 200 or not answer.content.startswith(b"\xef\xbb\xbf"):
                faults.append(f"{route} {link}: {answer.status_code}")
    assert faults == []
    assert answered > 20


@pytest.mark.django_db
def test_a_file_holds_what_the_page_shows(world: World) -> None:
    client = world.askers["own.owner"].come_in()
    book = load_workbook(BytesIO(client.get("/webhooks/?format=xlsx").content))
    heads, *lines = book.active.iter_rows(values_only=True)
    page = client.get("/webhooks/").content.decode()
    assert lines and len(heads) == 4
    assert all(str(cell) in unescape(page) for line in lines for cell in line if cell)


def test_tables_of_lists_are_marked() -> None:
    """A template called list.html that draws a table of its own names it for the export."""
    found = [
        str(path)
        for path in files(".html")
        if path.name == "list.html" and '<table class="rows"' in text(path)
        if "data-export" not in text(path) and "export_table.html" not in text(path)
    ]
    assert found == []
