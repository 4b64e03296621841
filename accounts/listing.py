"""A list page: columns, order, filter and page, all told by the query string."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.errors import Text
from accounts.shown_tables import CSV, FORMATS, MOST_IN_FILE

PAGE_SIZE = 50


@dataclass(frozen=True)
class Column:
    """A column's heading, how it lines up, and the fields it sorts by (none: it does not sort)."""

    key: str
    label: Text
    order_by: tuple[str, ...] = ()
    align: str = ""  # "number", "tight", "words", "extra" (left out on a telephone) or nothing


@dataclass(frozen=True)
class Heading:
    """A column as the table shows it: sorted or not, and the query that sorts it the other way."""

    column: Column
    sorted: str  # "ascending", "descending" or nothing
    query: str


class KeyPaginator(Paginator[Any]):
    """Finds a page by its keys first: skipping 90,000 rows must not mean joining them."""

    object_list: Any

    @cached_property
    def count(self) -> int:
        """How many rows; a list that ends on its first page is not read a second time to count them."""
        if isinstance(self.object_list, QuerySet) and len(self._first_keys) <= self.per_page:
            return len(self._first_keys)
        return super().count

    @cached_property
    def _first_keys(self) -> list[Any]:
        return self._keys(0, self.per_page + 1)

    def page(self, number: int | str) -> Page[Any]:
        """The page; its rows are read when they are asked for."""
        page = super().page(number)
        if isinstance(self.object_list, QuerySet):
            first = (page.number - 1) * self.per_page
            last = min(first + self.per_page, self.count)
            keys = self._keys_between(first, last) if first else self._first_keys[:last]
            page.object_list = self.object_list.filter(pk__in=keys)
        return page

    def _keys_between(self, first: int, last: int) -> list[Any]:
        from_end = self.count - last
        if from_end < first and self.object_list.query.order_by[-1:] in (("pk",), ("-pk",)):
            return self._keys(from_end, self.count - first, backwards=True)
        return self._keys(first, last)

    def _keys(self, first: int, last: int, *, backwards: bool = False) -> list[Any]:
        rows = self.object_list.reverse() if backwards else self.object_list
        return list(rows.values_list("pk", flat=True)[first:last])


class Listing:
    """What `components/table.html` shows. Build it in the page: `Listing(request.GET, rows, columns=…)`.

    It offers what it shows as a file (``accounts.shown_tables``), unless the page has an export of its own.
    """

    def __init__(
        self,
        query: QueryDict,
        rows: QuerySet[Any] | Sequence[Any],
        *,
        columns: Sequence[Column],
        filters: forms.Form | None = None,
        caption: Text = "",
        export_url: str = "",
        page_size: int = PAGE_SIZE,
    ) -> None:
        self.query = query
        self.columns = columns
        self.filters = filters
        self.caption = caption
        self.export_url = export_url
        self.sort = self._asked_sort(query.get("sort", ""))
        self.rows = self._ordered(rows)
        self._page_size = page_size

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for; the whole list is ``rows``, and is one page for a file."""
        if self.is_file:
            return Paginator(self.rows, max(1, len(self.rows))).page(1)
        return self._paginator.get_page(self.query.get("page"))

    @cached_property
    def _paginator(self) -> KeyPaginator:
        return KeyPaginator(self.rows, self._page_size)

    @property
    def headings(self) -> list[Heading]:
        """The columns with their state and the link that sorts by each."""
        return [self._heading(column) for column in self.columns]

    @property
    def is_filtered(self) -> bool:
        """Whether the person narrowed the list, so an empty one says so."""
        return any(value for key, value in self.query.items() if key not in ("page", "sort", "format"))

    @cached_property
    def fits_a_file(self) -> bool:
        """Whether there is a file of it: drawn whole in memory, unless the page has an export of its own."""
        return bool(self.export_url) or self._paginator.count <= MOST_IN_FILE

    @property
    def most_in_file(self) -> int:
        """How many rows a file that is read off the page has at most."""
        return MOST_IN_FILE

    @property
    def is_file(self) -> bool:
        """Whether its table is asked for as a file."""
        return not self.export_url and self.query.get("format") in FORMATS and self.fits_a_file

    @property
    def export_link(self) -> str:
        """The export of exactly what is shown: same filter, same order, every page."""
        query = self._query(page=None) if self.export_url else self._query(page=None, format=CSV)
        return f"{self.export_url}?{query}" if query else self.export_url

    @property
    def previous_query(self) -> str:
        return self._query(page=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    @property
    def next_query(self) -> str:
        return self._query(page=str(self.page.next_page_number())) if self.page.has_next() else ""

    def _asked_sort(self, asked: str) -> str:
        return asked if any(c.order_by and c.key == asked.lstrip("-") for c in self.columns) else ""

    def _ordered(self, rows: QuerySet[Any] | Sequence[Any]) -> QuerySet[Any] | Sequence[Any]:
        column = next((c for c in self.columns if c.key == self.sort.lstrip("-")), None)
        if column is None or not isinstance(rows, QuerySet):
            return rows
        sign = "-" if self.sort.startswith("-") else ""
        # The key keeps equal rows in one order, so that no row is on two pages.
        return rows.order_by(*(f"{sign}{field}" for field in column.order_by), "pk")

    def _heading(self, column: Column) -> Heading:
        state = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
        wanted = f"-{column.key}" if state == "ascending" else column.key
        return Heading(column, state, self._query(sort=wanted, page=None) if column.order_by else "")

    def _query(self, **changes: str | None) -> str:
        query = self.query.copy()
        for key, value in changes.items():
            query.pop(key, None)
            if value is not None:
                query[key] = value
        return query.urlencode()
