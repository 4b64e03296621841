"""Lists: order, page and filter come from the query string and survive each other."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from accounts.listing import Column, KeyPaginator, Listing
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


@pytest.mark.parametrize("order", [("code",), ("name_en", "pk"), ("-name_zh", "pk"), ("-name_zh", "-pk")])
@pytest.mark.parametrize("per_page", [1, 2, 3, 6, 7, 8])
def test_pages_are_the_slices_of_the_list(groups: None, order: tuple[str, ...], per_page: int) -> None:
    CompanyGroup.objects.update(name_zh="集团")  # only the key tells them apart
    rows = CompanyGroup.objects.order_by(*order)
    paginator = KeyPaginator(rows, per_page)
    assert paginator.count == 7
    for number in paginator.page_range:
        wanted = list(rows)[(number - 1) * per_page : number * per_page]
        assert list(paginator.page(number)) == wanted


@pytest.mark.parametrize(("number", "queries"), [(6, 2), (7, 2), (8, 3)])
def test_a_list_that_ends_on_its_first_page_is_not_counted(
    groups: None, django_assert_num_queries: DjangoAssertNumQueries, number: int, queries: int
) -> None:
    for n in range(7, number):
        CompanyGroup.objects.create(code=f"g{n}", name_zh=f"集团{n}", name_en=f"Group {9 - n}")
    CompanyGroup.objects.filter(code__in=[f"g{n}" for n in range(number, 7)]).delete()
    with django_assert_num_queries(queries):
        page = KeyPaginator(CompanyGroup.objects.order_by("code"), 7).get_page(1)
        assert (len(page), page.paginator.count) == (min(number, 7), number)


def test_a_list_that_is_too_long_for_a_file_stays_a_page(
    groups: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = listing("format=csv")
    assert whole.fits_a_file and whole.is_file
    assert len(whole.page.object_list) == whole.page.paginator.count
    monkeypatch.setattr("accounts.listing.MOST_IN_FILE", whole.page.paginator.count - 1)
    longer = listing("format=csv")
    assert not longer.fits_a_file and not longer.is_file
    assert len(longer.page.object_list) == 3


@pytest.mark.parametrize(
    ("query", "rows", "count", "more_than", "goes_on"),
    [
        ("", "g0 g1 g2", 5, 4, True),  # more than fit a file: counted no further
        ("page=2", "g3 g4 g5", 7, 6, True),  # one more is seen behind the page, and none is counted
        ("page=3", "g6", 7, 0, False),  # the page ends the list
        ("page=4", "g6", 7, 0, False),
        (f"page={10**30}", "g6", 7, 0, False),
        ("page=0", "g0 g1 g2", 5, 4, True),
    ],
)
def test_a_list_too_long_for_a_file_is_counted_no_further(
    groups: None,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    rows: str,
    count: int,
    more_than: int,
    goes_on: bool,
) -> None:
    monkeypatch.setattr("accounts.listing.MOST_IN_FILE", 4)
    page = listing(query).page
    assert " ".join(row.code for row in page) == rows
    told = (page.paginator.count, page.paginator.more_than, page.has_next())
    assert told == (count, more_than, goes_on)
