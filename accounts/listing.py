"""A list page: columns, order, filter and page, all told by the query string."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.arrays import among
from accounts.errors import Text
from accounts.shown_tables import CSV, FORMATS, MOST_IN_FILE

PAGE_SIZE = 50
LAST_PAGE = 10**9
"""No list is so long; a database has no larger numbers for where a page begins."""


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
    """Finds a page by its keys first: skipping 90,000 rows must not mean joining them.

    It counts no further than people read: of more rows than fit a file it says that there are more.
    """

    object_list: Any

    def __init__(self, rows: Any, per_page: int, *, asked: int = 1) -> None:
        super().__init__(rows, per_page)
        self._first = (asked - 1) * per_page

    @property
    def count(self) -> int:
        """How many rows, or one more than ``more_than``."""
        return self._counted[0]

    @property
    def more_than(self) -> int:
        """So many rows there are, and more behind them; nothing when all were counted."""
        count, is_all = self._counted
        return 0 if is_all else count - 1

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        """How many rows were seen, and whether these are all; what the page tells is not asked again."""
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list), True
        found = len(self._asked_keys)
        seen = self._first + found
        if found <= self.per_page and (found or not self._first):
            return seen, True
        if not found:
            return self.object_list.count(), True
        if seen <= MOST_IN_FILE:
            seen = self.object_list.order_by().values("pk")[: MOST_IN_FILE + 1].count()
        return seen, seen <= MOST_IN_FILE

    def page(self, number: int | str) -> Page[Any]:
        """The page; its rows are read when they are asked for."""
        page = super().page(number)
        if isinstance(self.object_list, QuerySet):
            first = (page.number - 1) * self.per_page
            keys = self._asked_keys if first == self._first else self._keys(first)
            page.object_list = self.object_list.filter(among("pk", keys[: self.per_page]))
        return page

    @cached_property
    def _asked_keys(self) -> list[int]:
        return self._keys(self._first)

    def _keys(self, first: int) -> list[int]:
        """Of a page, and of one row behind it when there is one."""
        return list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page + 1])


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
        return self._paginator.get_page(self._asked_page)

    @cached_property
    def _paginator(self) -> KeyPaginator:
        return KeyPaginator(self.rows, self._page_size, asked=self._asked_page)

    @property
    def _asked_page(self) -> int:
        asked = self.query.get("page", "")
        return min(max(1, int(asked)), LAST_PAGE) if asked.isdecimal() else 1

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
        kept = [(key, values) for key, values in self.query.lists() if key not in changes]
        return urlencode(
            [*kept, *((key, value) for key, value in changes.items() if value is not None)], True
        )
