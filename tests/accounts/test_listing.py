"""Lists: order, page and filter come from the query string and survive each other."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from accounts.listing import Column, Listing
from accounts.models import CompanyGroup

COLUMNS = [
    Column("code", "Code", ("code",)),
    Column("name", "Name", ("name_en", "code")),
    Column("more", "More"),
]


@pytest.fixture
def groups(db: None) -> None:
    CompanyGroup.objects.all().delete()
    for n in range(7):
        CompanyGroup.objects.create(code=f"g{n}", name_zh=f"集团{n}", name_en=f"Group {9 - n}")


def listing(query: str) -> Listing:
    return Listing(QueryDict(query), CompanyGroup.objects.order_by("code"), columns=COLUMNS, page_size=3)


def codes(query: str) -> list[str]:
    return [row.code for row in listing(query).page]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["g0", "g1", "g2"]),
        ("page=3", ["g6"]),
        ("page=99", ["g6"]),
        ("page=x", ["g0", "g1", "g2"]),
        ("sort=-code", ["g6", "g5", "g4"]),
        ("sort=name", ["g6", "g5", "g4"]),
        ("sort=more", ["g0", "g1", "g2"]),
        ("sort=group__secret", ["g0", "g1", "g2"]),
    ],
)
def test_rows_follow_the_query(groups: None, query: str, expected: list[str]) -> None:
    assert codes(query) == expected


def test_headings_sort_the_other_way_and_keep_the_filter(groups: None) -> None:
    code, name, more = listing("q=a&sort=code&page=2").headings
    assert (code.sorted, code.query) == ("ascending", "q=a&sort=-code")
    assert (name.sorted, name.query) == ("", "q=a&sort=name")
    assert more.query == ""


def test_pages_keep_order_and_filter(groups: None) -> None:
    middle = listing("q=a&sort=-code&page=2")
    assert (middle.previous_query, middle.next_query) == ("q=a&sort=-code&page=1", "q=a&sort=-code&page=3")


def test_export_is_what_is_shown(groups: None) -> None:
    shown = Listing(QueryDict("q=a&page=2"), [], columns=COLUMNS, export_url="/export.csv")
    assert shown.export_link == "/export.csv?q=a"
    assert shown.is_filtered and not listing("page=2&sort=code").is_filtered
