"""A table read off its page: numbers, units, and nothing of what is there to press."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.shown_tables import TableMiddleware

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
