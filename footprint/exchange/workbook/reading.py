"""Read a stranger's workbook, inside the confined process: which cells there are, none of what they mean.

Formulas are told, never calculated; styles count only where they make a date of a number.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet import _reader as cells_of_sheet
from openpyxl.xml.constants import SHEET_MAIN_NS

from footprint.exchange.confined.archive import Archive
from footprint.exchange.confined.problems import Problems, Unreadable
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.layout import Sheet

MOST_BYTES = 10 * 2**20
MOST_ROW = layout.FIRST_ROW + layout.MOST_LINES + layout.SPARE_ROWS
ABROAD = (
    (re.compile(r"vbaproject|macrosheets/|dialogsheets/|activex/|ctrlprops/", re.I), "macros"),
    (
        re.compile(r"externallinks/|connections\.xml|querytables/|webextensions/|model/", re.I),
        "external_links",
    ),
    (re.compile(r"embeddings/|oleobject", re.I), "embedded"),
)
"""Parts of a workbook that fetch, run or carry something; none of ours has any."""
MACRO_TYPE = re.compile(rb"macroenabled", re.I)
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b")
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
WRITTEN = tuple(f"{{{SHEET_MAIN_NS}}}{path}" for path in ("t", f"r/{{{SHEET_MAIN_NS}}}t"))
"""Where the words of a cell stand that holds its own text: whole, or in runs of one look each."""
Say = Callable[[str, Any], None]


class Inline:
    """The text of such a cell, in a fraction of the time that the library takes to model its looks."""

    def __init__(self, content: str) -> None:
        self.content = content

    @classmethod
    def from_tree(cls, node: Any) -> Inline:
        """As ``openpyxl.cell.text.Text`` reads it: without looks, and without how it is pronounced."""
        return cls("".join(part.text or "" for path in WRITTEN for part in node.iterfind(path)))


def answer(content: bytes, say: Say) -> None:
    """Say every cell of the sheets that are ours, or why the file is refused."""
    ours = {layout.TITLES[sheet][place] for sheet in (Sheet.LINES, Sheet.ABOUT) for place in (0, 1)}
    tell(content, say, ours.__contains__)


def tell(content: bytes, say: Say, is_wanted: Callable[[str], bool]) -> None:
    """Say every cell of the sheets that are wanted, or why the file is refused."""
    problems = Problems()
    try:
        _check(content, problems)
        _tell(content, problems, say, is_wanted)
        problems.raise_if_any()
    except Unreadable as unreadable:
        say("refused", unreadable.problems)


def _check(content: bytes, problems: Problems) -> None:
    """What can be told from the zip and its parts before anything is understood."""
    if len(content) > MOST_BYTES:
        problems.error("too_large", most=MOST_BYTES // 2**20)
    problems.raise_if_any()
    Archive(content, problems)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        names = opened.namelist()
        for pattern, code in ABROAD:
            if found := next(filter(pattern.search, names), None):
                problems.error(code, found)
        if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
            problems.error("no_workbook")
        problems.raise_if_any()
        for name in names:
            if name.endswith((".xml", ".rels")):
                _check_part(name, _unpacked(opened, name, problems), problems)
    problems.raise_if_any()


def _unpacked(opened: zipfile.ZipFile, name: str, problems: Problems) -> bytes:
    try:
        return opened.read(name)
    except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, OSError):  # type: ignore[attr-defined]
        problems.error("damaged", name)
        return b""


def _check_part(name: str, part: bytes, problems: Problems) -> None:
    if DECLARED.search(part):
        problems.error("declarations", name)
    if name == "[Content_Types].xml" and MACRO_TYPE.search(part):
        problems.error("macros", name)
    if MERGED.search(part):
        problems.error("merged", name)


def _tell(content: bytes, problems: Problems, say: Say, is_wanted: Callable[[str], bool]) -> None:
    """The sheets row by row."""
    cells_of_sheet.Text = Inline  # nothing but the confined process reads strangers' workbooks
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        for name in book.sheetnames:
            if is_wanted(name) and hasattr(book[name], "reset_dimensions"):
                book[name].reset_dimensions()
                say("sheet", name)
                for row in _rows(name, book[name], problems):
                    say("row", row)
    except (MemoryError, Unreadable):
        raise
    except Exception:
        # the library was not written for hostile files: whatever it stumbles over, the file is not sound
        problems.error("broken")


def _rows(name: str, sheet: Any, problems: Problems) -> Iterator[list[Any]]:
    """Rows with something in them: [number, [[column, kind, text], ...]]."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        filled = [cell for cell in row if cell.value is not None]
        if not filled:
            continue
        last = filled[-1]
        if number > MOST_ROW or last.column > layout.MOST_COLUMNS:
            problems.error(
                "far_cell", name, f"{get_column_letter(last.column)}{number}", most=layout.MOST_LINES
            )
            problems.raise_if_any()
        yield [number, [[cell.column, *_said(cell)] for cell in filled]]


def _said(cell: Any) -> tuple[str, str]:
    """The kind of a cell and its text."""
    value = cell.value
    if cell.data_type in ("f", "e"):
        return ("formula" if cell.data_type == "f" else "error"), _cut(value)
    if isinstance(value, bool):
        return "truth", "true" if value else "false"
    if isinstance(value, int | float):
        return "number", repr(value)
    if isinstance(value, datetime | date | time | timedelta):
        return "date", _cut(value)
    return "text", _cut(value)


def _cut(value: object) -> str:
    return str(value)[: layout.LONGEST + 1]
