"""A table read off its page: numbers, units, and nothing of what is there to press."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from accounts.shown_tables import MOST_IN_FILE, TableMiddleware, rows_shown

PAGE = """<main><table><tr><td>another</td></tr></table>
<table class="rows" data-export="first"><thead><tr><th>Name</th><th class="is-number">Rows</th>
<th>Figure</th><th><span>What to do</span></th></tr></thead><tbody>
<tr><th scope="row"><a href="/x">CO<sub>2</sub> &amp; more</a><br><small>code</small></th>
<td class="is-number">1,234.50</td>
<td><span class="figure-value">1.235</span>&nbsp;<span class="figure-unit">kg</span></td>
<td><form><input name="a"><button>Remove</button></form></td></tr>
<tr><th scope="row">=1+1</th><td class="is-number">—</td><td>—</td>
<td><form><button>Remove</button></form></td></tr>
<tr><td colspan="4">Nothing further</td></tr></tbody></table>
<table data-export="second"><tr><th>Other</th></tr></table></main>"""


def asked(query: str, page: str = PAGE, status: int = 200) -> str:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(page, status=status)

    answer = TableMiddleware(view)(RequestFactory().get(f"/things/?{query}"))
    assert isinstance(answer, HttpResponse)
    return answer.content.decode("utf-8-sig")


def test_the_first_table_is_the_file() -> None:
    heads, first, second, *rest = asked("format=csv").splitlines()
    assert heads.startswith("Name,Rows,Figure,Figure")
    assert first == "CO2 & more code,1234.50,1.235,kg"
    assert second == "'=1+1,,,"
    assert rest == []


def test_another_is_asked_for_by_its_name() -> None:
    assert asked("format=csv&table=second") == "Other\r\n"


@pytest.mark.parametrize("query", ["", "format=pdf", "format=csv&table=third"])
def test_what_is_no_file_stays_a_page(query: str) -> None:
    assert asked(query) == PAGE


def test_a_refusal_stays_a_refusal() -> None:
    assert asked("format=csv", status=404) == PAGE
    assert asked("format=csv", "<p>no table</p>") == "<p>no table</p>"


PAPER = """<main><table class="rows" data-export="first"><tr><th>Own links</th></tr></table>
<h2 id="inputs-title">What goes <em>in</em></h2><div class="table-scroll" tabindex="0" role="region"
aria-labelledby="inputs-title"><table class="rows"><tr><th>Input</th></tr>
<tr><td>naphtha</td></tr></table></div>
<div class="table-scroll" tabindex="0" role="region" aria-label="What comes &amp; goes">
<table class="rows"><tr><th>Output</th></tr><tr><td>ethylene</td></tr></table></div>
<!-- tables of this page --></main>"""


def test_tables_without_a_name_are_listed_at_the_foot_of_the_page() -> None:
    page = asked("year=2025&page=2", PAPER)
    foot = page[page.index("<details") :]
    assert foot.count("<li>") == 2
    assert "What goes in" in foot and "What comes &amp; goes" in foot
    assert 'href="?year=2025&amp;table=2&amp;format=csv"' in foot
    assert "<details" not in asked("", PAGE)


@pytest.mark.parametrize(("place", "rows"), [("1", "Input\r\nnaphtha\r\n"), ("2", "Output\r\nethylene\r\n")])
def test_a_table_without_a_name_is_asked_for_by_its_place(place: str, rows: str) -> None:
    assert asked(f"format=csv&table={place}", PAPER) == rows


def test_a_file_holds_the_rows_that_a_page_leaves_out() -> None:
    read = RequestFactory().get
    assert rows_shown(read("/things/"), 15) == 15
    assert rows_shown(read("/things/?format=xlsx"), 15) == MOST_IN_FILE


def test_what_a_licence_keeps_is_on_the_page_alone() -> None:
    kept = """<table class="rows"><tr><th>Factor</th><th class="is-number">Value</th></tr>
<tr><td>coke</td><td class="is-number is-kept"><span class="figure-value">3.1</span> kg</td></tr></table>"""
    with override("en"):
        rows = asked("format=csv&table=1", kept).splitlines()
    assert rows == ["Factor,Value", "coke,not passed on (licence)"]
