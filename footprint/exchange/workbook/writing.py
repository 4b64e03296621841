"""Write a workbook: cover, lines with drop-downs, processes, lists. No rows of the database, no request.

Every text is written as a text, so that no name becomes a formula; one that looks like a formula carries the
mark by which spreadsheets keep it a text when somebody edits it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from accounts.exports import FORMULA_BEGINS
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.layout import (
    FIRST_ROW,
    HIDDEN,
    SHOWN,
    SPARE_ROWS,
    Column,
    Sheet,
    Sort,
    title,
)
from footprint.exchange.workbook.wire import letters

FONT = "Microsoft YaHei"
PLACES = {key: at for at, key in enumerate((*HIDDEN, *(column.key for column in SHOWN)), start=1)}
"""Where each column stands."""
INK, SOFT, LINE, HEAD, WRONG, LOCKED = "1F2933", "6B7785", "D5DBE1", "E8EEF4", "FBD5D0", "F5F6F8"
FROZEN = f"{letters(PLACES['direction'])}{FIRST_ROW}"
LOCKED_COLUMNS = (layout.PREVIOUS,)
OPEN_LISTS = (Sort.UNIT, Sort.PROVIDER, Sort.THING, Sort.TEXT)
"""Columns where something beside the list may be meant: the drop-down asks, and does not insist."""
MOST_IN_COMMENT = 800
NUMBER = "#,##0.###############"


@dataclass(frozen=True)
class BookRow:
    """A row of lines; ``number`` is where it stands. ``units`` names the list its drop-down offers."""

    number: int
    key: str = ""
    version: str = ""
    base: str = ""
    cells: Mapping[str, str | float] = field(default_factory=dict)
    units: str = ""
    is_new: bool = False
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """Everything in a workbook, in one language."""

    language: str
    heading: str
    facts: Sequence[tuple[str, str]]
    steps: Sequence[str]
    help: Mapping[str, str]
    """What stands in the note at a column's head, by its key."""
    warning: str
    """What a drop-down says to something that is not in its list."""
    inventory: str
    rows: Sequence[BookRow]
    processes: Sequence[Sequence[str]]
    """With the headings first."""
    lists: Mapping[str, Sequence[str]]
    """Choices by name; those of a column by its key."""


def write(book: Book) -> bytes:
    """The file."""
    workbook = Workbook(write_only=True)
    workbook.calculation.fullCalcOnLoad = False
    _cover(workbook, book)
    _lines(workbook, book)
    _processes(workbook, book)
    _lists(workbook, book)
    _about(workbook, book)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _style(
    sheet: Any,
    *,
    font: Font | None = None,
    alignment: Alignment | None = None,
    fill: str = "",
    locked: bool = True,
    number: bool = False,
    quoted: bool = False,
    border: bool = True,
) -> Any:
    """How cells look: made once, shared by all that look alike."""
    cell = WriteOnlyCell(sheet)
    cell.font = font or Font(name=FONT, size=10, color=INK)
    cell.alignment = alignment or Alignment(vertical="top")
    cell.protection = Protection(locked=locked)
    cell.quotePrefix = quoted
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    if number:
        cell.number_format = NUMBER
    if border:
        cell.border = Border(bottom=Side(style="thin", color=LINE))
    return cell._style


def _put(sheet: Any, value: str | float | None, style: Any) -> Any:
    """A cell that holds just this; a text is never taken for anything else."""
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell._style = style
    return cell


def _cover(workbook: Any, book: Book) -> None:
    sheet = workbook.create_sheet(title(Sheet.COVER, book.language))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 84
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    large = _style(sheet, font=Font(name=FONT, size=16, bold=True, color=INK), border=False)
    label = _style(sheet, font=Font(name=FONT, size=10, color=SOFT), border=False)
    words = _style(sheet, alignment=Alignment(wrap_text=True, vertical="top"), border=False)
    sheet.append([_put(sheet, book.heading, large)])
    sheet.append([])
    for name, value in book.facts:
        sheet.append([_put(sheet, name, label), _put(sheet, value, words)])
    sheet.append([])
    for number, step in enumerate(book.steps, start=1):
        sheet.append([_put(sheet, f"{number}", label), _put(sheet, step, words)])


def _lines(workbook: Any, book: Book) -> None:
    sheet = workbook.create_sheet(title(Sheet.LINES, book.language))
    last = max((row.number for row in book.rows), default=FIRST_ROW - 1) + SPARE_ROWS
    looks = _looks(sheet)
    _frame(sheet, book, last, looks)
    _offer(sheet, book, last)
    plain = _style(sheet)
    sheet.append([_put(sheet, key, plain) for key in PLACES])
    head = _style(
        sheet,
        font=Font(name=FONT, size=10, bold=True, color=INK),
        fill=HEAD,
        alignment=Alignment(wrap_text=True, vertical="center"),
    )
    heads = [_put(sheet, "", head) for _key in HIDDEN]
    for column in SHOWN:
        cell = _put(sheet, column.label(book.language), head)
        if words := book.help.get(column.key):
            cell.comment = _comment(words)
        heads.append(cell)
    sheet.append(heads)
    _fill(sheet, book.rows, looks)


def _looks(sheet: Any) -> dict[tuple[str, bool, bool, bool], Any]:
    """By column, and whether it is locked, looks like a formula, is refused."""
    found = {}
    for column in (*(Column(key, Sort.TEXT, key, key, 8) for key in HIDDEN), *SHOWN):
        always = column.key in (*HIDDEN, *LOCKED_COLUMNS)
        for locked in (True,) if always else (True, False):
            for quoted in (False, True):
                for wrong in (False, True):
                    is_number = column.sort is Sort.NUMBER or column.key == layout.PREVIOUS
                    found[column.key, locked, quoted, wrong] = _style(
                        sheet,
                        locked=locked,
                        quoted=quoted,
                        number=is_number,
                        fill=WRONG if wrong else LOCKED if locked else "",
                        font=Font(name=FONT, size=10, color=SOFT if locked else INK),
                    )
    return found


def _frame(sheet: Any, book: Book, last: int, looks: Mapping[tuple[str, bool, bool, bool], Any]) -> None:
    """Widths, hidden columns, the frozen head, what may be written."""
    for column in SHOWN:
        dimension = sheet.column_dimensions[letters(PLACES[column.key])]
        dimension.width = column.width
        dimension._style = copy(looks[column.key, column.key in LOCKED_COLUMNS, False, False])
    for key in HIDDEN:
        sheet.column_dimensions[letters(PLACES[key])].hidden = True
    sheet.row_dimensions[layout.KEYS_ROW].hidden = True
    sheet.row_dimensions[layout.HEAD_ROW].height = 32
    sheet.freeze_panes = FROZEN
    sheet.auto_filter.ref = f"{letters(PLACES['process'])}{layout.HEAD_ROW}:{letters(len(PLACES))}{last}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{layout.HEAD_ROW}:{layout.HEAD_ROW}"
    protection = sheet.protection
    protection.sheet = True
    # what is False here may be done although the sheet is protected
    protection.formatColumns = protection.formatRows = protection.autoFilter = False
    protection.sort = protection.insertRows = False


def _fill(sheet: Any, rows: Iterable[BookRow], looks: Mapping[tuple[str, bool, bool, bool], Any]) -> None:
    at = FIRST_ROW
    for row in rows:
        while at < row.number:
            sheet.append([])
            at += 1
        values = {layout.LINE_KEY: row.key, layout.VERSION: row.version, layout.BASE: row.base, **row.cells}
        cells: list[Any] = []
        for key in PLACES:
            value = values.get(key, "")
            mark = row.marks.get(key)
            # a line stays with its process
            locked = key in (*HIDDEN, *LOCKED_COLUMNS) or (key == "process" and bool(row.key))
            if value == "" and mark is None:
                cells.append(None)
                continue
            quoted = isinstance(value, str) and value.startswith(FORMULA_BEGINS)
            cell = _put(sheet, value, looks[key, locked, quoted, mark is not None])
            if mark is not None:
                cell.comment = _comment(mark)
            cells.append(cell)
        sheet.append(cells)
        at += 1


def _offer(sheet: Any, book: Book, last: int) -> None:
    """The drop-downs: of a column, and of units by what a row can be measured in."""
    for column in SHOWN:
        if column.key not in book.lists or column.sort is Sort.UNIT:
            continue
        place = letters(PLACES[column.key])
        _validate(sheet, book, column, column.key, f"{place}{FIRST_ROW}:{place}{last}")
    units = layout.BY_KEY["unit"]
    place = letters(PLACES["unit"])
    for name, ranges in _runs(book.rows, last).items():
        _validate(sheet, book, units, name, " ".join(f"{place}{one}:{place}{two}" for one, two in ranges))


def _validate(sheet: Any, book: Book, column: Column, name: str, where: str) -> None:
    validation = DataValidation(type="list", formula1=_name(name), allow_blank=True)
    validation.errorStyle = "warning" if column.sort in OPEN_LISTS else "stop"
    validation.showErrorMessage = True
    validation.errorTitle = column.label(book.language)[:32]
    validation.error = book.warning[:255]
    validation.sqref = where
    sheet.data_validations.append(validation)


def _runs(rows: Sequence[BookRow], last: int) -> dict[str, list[tuple[int, int]]]:
    """Rows that follow each other with the same units, by the name of the list."""
    found: dict[str, list[tuple[int, int]]] = {}
    named = {row.number: row.units for row in rows if row.units}
    for number in range(FIRST_ROW, last + 1):
        ranges = found.setdefault(named.get(number, "unit"), [])
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return found


def _processes(workbook: Any, book: Book) -> None:
    sheet = workbook.create_sheet(title(Sheet.PROCESSES, book.language))
    for place, width in zip("ABCDE", (18, 32, 32, 28, 26), strict=True):
        sheet.column_dimensions[place].width = width
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    head = _style(sheet, font=Font(name=FONT, size=10, bold=True, color=INK), fill=HEAD)
    plain = {quoted: _style(sheet, quoted=quoted) for quoted in (False, True)}
    for number, texts in enumerate(book.processes):
        sheet.append(
            [_put(sheet, text, plain[text.startswith(FORMULA_BEGINS)] if number else head) for text in texts]
        )


def _lists(workbook: Any, book: Book) -> None:
    """One list a column, each with a name that drop-downs call it by."""
    sheet = workbook.create_sheet(title(Sheet.LISTS, book.language))
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    plain = WriteOnlyCell(sheet)._style
    names = list(book.lists)
    for at, name in enumerate(names, start=1):
        place, length = letters(at), max(len(book.lists[name]), 1)
        where = f"'{title(Sheet.LISTS, book.language)}'!${place}$2:${place}${length + 1}"
        workbook.defined_names[_name(name)] = DefinedName(_name(name), attr_text=where)
    sheet.append([_put(sheet, name, plain) for name in names])
    for number in range(max((len(choices) for choices in book.lists.values()), default=0)):
        sheet.append(
            [
                _put(sheet, book.lists[name][number], plain) if number < len(book.lists[name]) else None
                for name in names
            ]
        )


def _about(workbook: Any, book: Book) -> None:
    sheet = workbook.create_sheet(title(Sheet.ABOUT, book.language))
    sheet.sheet_state = "veryHidden"
    plain = WriteOnlyCell(sheet)._style
    for name, value in (("format", layout.FORMAT), ("inventory", book.inventory)):
        sheet.append([_put(sheet, name, plain), _put(sheet, value, plain)])


def _name(of: str) -> str:
    return f"list_{of}"


def _comment(words: str) -> Comment:
    note = Comment(words[:MOST_IN_COMMENT], "")
    note.width, note.height = 320, 60 + 18 * (len(words) // 36)
    return note
