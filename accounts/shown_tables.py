"""Every table of a page as a file: the page, asked for with ``?format=csv`` or ``?format=xlsx``.

The file is read off the page that would have been shown, so it holds what the page holds for this person,
in this person's language, and nothing else: neither a secret that no page shows nor a digit that was rounded
away. Less is in it where a licence keeps figures on the platform: pages show them in cells of the class
``is-kept``, which files go without. A list gives all its pages (``accounts.listing``), and so does any other
table that is cut for reading (``rows_shown``). Long lists have an export of their own, with codes and digits
for machines. Tables of pages about one thing have no name: they are told apart by their place, and listed at
the foot of the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from itertools import zip_longest

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from accounts.exports import EXCEL, Figure, table_answer
from accounts.figures import MINUS, NOTHING

CSV = "csv"
FORMATS = (CSV, EXCEL)
PLACE = b"<!-- tables of this page -->"
"""Where a page lists its tables; fragments have no such place."""
TABLE = re.compile(r'<table class="rows\b([^>]*)>')
FRAME = '<div class="table-scroll"'
LABEL = re.compile(rf'{FRAME}[^>]*?\baria-label(ledby)?="([^"]*)"[^>]*>\s*')
"""What is around a table and says its name."""
MOST_IN_FILE = 10_000
"""Rows of a file that is read off its page: such a page is drawn whole, in memory."""
LIST = "list"
"""What the table of a `Listing` is called; others have a name of their own in ``data-export``."""
CONTROLS = {"form", "button", "select", "textarea"}
"""What is there to press: its words are no content of the cell. A row's own check box has none."""
VOID = {"input", "br", "img", "use", "hr", "wbr", "meta", "link"}
NUMBER = re.compile(r"\+?(-?\d+(?:\.\d+)?)(?P<percent>%?)")
GROUPING = str.maketrans({"\u202f": None, "\u2009": None, "\u00a0": None, " ": None, ",": None, MINUS: "-"})


@dataclass
class Cell:
    """What a cell says; of a figure the number and its unit apart."""

    words: list[str] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)
    is_number: bool = False
    is_control: bool = False
    is_kept: bool = False

    @property
    def text(self) -> str:
        """The words in one line; the sign for "nothing" is nothing."""
        if self.is_kept:
            return _("not passed on (licence)")
        said = " ".join("".join(self.words).split())
        return "" if said == NOTHING else said

    @property
    def value(self) -> str:
        """What a spreadsheet gets: a number where the column is one of numbers."""
        return Figure(self._number[1]) if self._number else self.text

    @property
    def unit_text(self) -> str:
        """What the number is in; a percentage says so itself."""
        return " ".join("".join(self.unit).split()) or (self._number["percent"] if self._number else "")

    @property
    def _number(self) -> re.Match[str] | None:
        return NUMBER.fullmatch(self.text.translate(GROUPING)) if self.is_number else None


class TableReader(HTMLParser):
    """Reads the rows of one table: the one of this name, or the page's first that may be exported."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._wanted = name
        self.name = ""
        self.rows: list[list[Cell]] = []
        self._unnamed = 0
        self._inside: list[tuple[str, str]] = []  # open elements of the table, with their classes

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter the table, a row, a cell, or what stands in it."""
        given = {key: value or "" for key, value in attrs}
        if not self._inside:
            offered = given.get("data-export", "") or self._place_of(tag, given)
            if tag != "table" or self.name or not offered or self._wanted not in ("", offered):
                return
            self.name = offered
        if tag not in VOID:
            self._inside.append((tag, given.get("class", "")))
        self._enter(tag, given)

    def _place_of(self, tag: str, given: dict[str, str]) -> str:
        """How many tables without a name there were, for the one that is asked for by its place."""
        if tag != "table" or given.get("class", "").partition(" ")[0] != "rows":
            return ""
        self._unnamed += 1
        return str(self._unnamed) if self._wanted == str(self._unnamed) else ""

    def handle_endtag(self, tag: str) -> None:
        """Leave the innermost element of this name."""
        while self._inside and tag in {each for each, _classes in self._inside}:
            if self._inside.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        """Words of a cell, but not those of its buttons."""
        if not self._is_in("td", "th") or self._is_in(*CONTROLS) or self.rows[-1][-1].is_kept:
            return
        in_unit = any("figure-unit" in classes for _tag, classes in self._inside)
        (self.rows[-1][-1].unit if in_unit else self.rows[-1][-1].words).append(data)

    def _enter(self, tag: str, given: dict[str, str]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            classes = given.get("class", "")
            self.rows[-1].append(Cell(is_number="is-number" in classes, is_kept="is-kept" in classes))
        elif self._is_in("td", "th"):
            cell = self.rows[-1][-1]
            cell.is_control |= tag in CONTROLS or tag == "input"
            cell.is_number |= "figure-value" in given.get("class", "")
            if tag in ("br", "small", "div", "li", "p"):
                cell.words.append(" ")

    def _is_in(self, *tags: str) -> bool:
        return any(tag in tags for tag, _classes in self._inside)


class TableMiddleware:
    """Answers with the table of the page in place of the page, when that is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page, or the table that was read off it."""
        response = self.get_response(request)
        if request.method != "GET" or not _is_page(response):
            return response
        assert isinstance(response, HttpResponse)
        if request.GET.get("format") in FORMATS:
            return _as_file(request, response) or response
        if PLACE in response.content:
            response.content = response.content.replace(PLACE, _offer(request, response.content.decode()))
        return response


def rows_shown(request: HttpRequest, usual: int) -> int:
    """How many rows of a table are shown: as many as people read, or all there may be in a file."""
    return MOST_IN_FILE if request.GET.get("format") in FORMATS else usual


def _offer(request: HttpRequest, page: str) -> bytes:
    """The tables of a page that have no links of their own, each as a file."""
    query = request.GET.copy()
    for key in ("page", "format", "table"):
        query.pop(key, None)
    unnamed = [table.start() for table in TABLE.finditer(page) if "data-export" not in table[1]]
    tables = []
    for place, start in enumerate(unnamed, 1):
        query["table"] = str(place)
        label = _label(page, start) or _("Table %(number)d") % {"number": place}
        tables.append((label, f"?{query.urlencode()}&format={CSV}", f"?{query.urlencode()}&format={EXCEL}"))
    return render_to_string("components/page_tables.html", {"tables": tables}).encode() if tables else b""


def _label(page: str, start: int) -> str:
    """What the frame right around the table that starts there calls it."""
    frame = LABEL.fullmatch(page, max(page.rfind(FRAME, 0, start), 0), start)
    if frame is None:
        return ""
    return _titled(page, frame[2]) if frame[1] else unescape(frame[2])


def _titled(page: str, name: str) -> str:
    """What the heading of this id says."""
    found = re.search(rf'\bid="{re.escape(name)}"[^>]*>(.*?)</h', page, re.DOTALL)
    return " ".join(unescape(strip_tags(found[1])).split()) if found else ""


def _is_page(response: HttpResponseBase) -> bool:
    kind = response.headers.get("Content-Type", "")
    return response.status_code == 200 and kind.startswith("text/html") and not response.streaming


def _as_file(request: HttpRequest, page: HttpResponse) -> HttpResponseBase | None:
    reader = TableReader(request.GET.get("table", ""))
    reader.feed(page.content.decode())
    if not reader.rows:
        return None
    match = request.resolver_match
    name = (match.url_name if match else "") or LIST
    heads, *rows = _columns(reader.rows)
    return table_answer(request, _filename(reader.name, name), [str(each) for each in heads], rows)


def _filename(table: str, page: str) -> str:
    """A list has its page's name, a table without a name that and its place."""
    whole = page.replace("_", "-")
    if table.isdecimal():
        return f"{whole}-{table}"
    return whole if table == LIST else table


def _columns(rows: list[list[Cell]]) -> Iterator[list[str]]:
    """Row by row, without the columns of buttons, and units in a column beside their figures."""
    drawn = [row for row in rows if len(row) == len(rows[0])]  # "nothing here" across the table is no row
    kept = [column for column in zip_longest(*drawn) if not _is_of_controls(column[1:])]
    parts = [part for column in kept for part in _parts(column)]
    yield from (list(row) for row in zip(*parts, strict=True))


def _is_of_controls(cells: tuple[Cell, ...]) -> bool:
    return any(cell.is_control for cell in cells) and not any(cell.text for cell in cells)


def _parts(column: tuple[Cell, ...]) -> Iterator[list[str]]:
    head, *cells = column
    yield [head.text, *(cell.value for cell in cells)]
    if any(units := [cell.unit_text for cell in cells]):
        yield [_("%(column)s: unit") % {"column": head.text}, *units]
