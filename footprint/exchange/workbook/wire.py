"""A workbook as it comes out of the confined process: looked at again, and put into rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from footprint.exchange.confined.problems import Problem, Unreadable
from footprint.exchange.confined.run import BrokenOff, Confinement, confined
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.cells import Cell
from footprint.exchange.workbook.compare import Row
from footprint.exchange.workbook.layout import HIDDEN, SHOWN, Sheet
from footprint.exchange.workbook.reading import MOST_BYTES

LIMITS = Confinement(cpu_seconds=20, wall_seconds=60.0, answer=64 * 2**20)
EVERY_SHEET = "sheets"
"""The reader for what others lay out: it tells of every sheet."""
ZIP = b"PK\x03\x04"
KINDS = frozenset({"number", "text", "truth", "date", "error", "formula"})
NEEDED = (*HIDDEN, *(column.key for column in SHOWN if column.key != layout.PREVIOUS))
Table = dict[int, dict[int, Cell]]
"""The cells of a sheet, by row and column."""


class Garbled(Exception):
    """What the confined process said is no workbook."""


@dataclass(frozen=True)
class Filled:
    """A workbook that was handed in: which inventory it says it is of, where its columns stand, its rows."""

    format: str
    inventory: str
    places: dict[str, str]
    rows: tuple[Row, ...]


def read_confined(content: bytes, within: Confinement = LIMITS) -> Filled:
    """The rows of a workbook, whatever the file does to its reader.

    Raises:
        Unreadable: with every problem found, or the limit that was reached.
    """
    return _filled(tables_confined("workbook", content, within))


def tables_confined(reader: str, content: bytes, within: Confinement = LIMITS) -> dict[str, Table]:
    """The cells a confined reader of workbooks tells of, sheet by sheet.

    Raises:
        Unreadable: with every problem found, or the limit that was reached.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable([Problem("too_large", values={"most": str(MOST_BYTES // 2**20)})])
    if not content.startswith(ZIP):
        raise Unreadable([Problem("no_zip")])
    try:
        return tables_from(confined(reader, content, within))
    except BrokenOff as broken:
        raise Unreadable([Problem(broken.reason.value)]) from broken
    except Garbled as garbled:
        raise Unreadable([Problem("reader_died")]) from garbled


def filled_from(words: Iterable[tuple[str, Any]]) -> Filled:
    """Put together outside what was said inside.

    Raises:
        Unreadable: the refusal that was said, or what is missing.
        Garbled: it is no workbook.
    """
    return _filled(tables_from(words))


def tables_from(words: Iterable[tuple[str, Any]]) -> dict[str, Table]:
    """The cells of every sheet that was told of.

    Raises:
        Unreadable: the refusal that was said.
        Garbled: it is no workbook.
    """
    sheets: dict[str, Table] = {}
    table: Table = {}
    for word, value in words:
        try:
            if word == "refused":
                raise Unreadable([_problem(one) for one in value])
            if word == "sheet":
                table = sheets.setdefault(_text(value), {})
            elif word == "row":
                number, cells = value
                table[int(number)] = {int(at): _cell(kind, text) for at, kind, text in cells}
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise Garbled(word) from error
    return sheets


def _filled(sheets: dict[str, Table]) -> Filled:
    about = _sheet(sheets, Sheet.ABOUT)
    told = {row[1].text: row[2].text for row in about.values() if 1 in row and 2 in row}
    lines = _sheet(sheets, Sheet.LINES)
    places = _places(lines)
    rows = tuple(_row(number, cells, places) for number, cells in lines.items() if number >= layout.FIRST_ROW)
    shown = {key: letters(at) for key, at in places.items()}
    return Filled(told.get("format", ""), told.get("inventory", ""), shown, rows)


def _sheet(sheets: dict[str, Table], wanted: Sheet) -> Table:
    for title in layout.TITLES[wanted]:
        if title in sheets:
            return sheets[title]
    zh, en = layout.TITLES[wanted]
    raise Unreadable([Problem("sheet_missing", en, values={"zh": zh, "en": en})])


def _places(lines: Table) -> dict[str, int]:
    """Where each column stands, by the names in the hidden first row."""
    found: dict[str, int] = {}
    problems = []
    for at, cell in lines.get(layout.KEYS_ROW, {}).items():
        if found.setdefault(cell.text, at) != at:
            problems.append(Problem("column_twice", field=letters(at), values={"value": cell.text}))
    labels = {column.key: (column.zh, column.en) for column in SHOWN}
    for key in NEEDED:
        if key not in found:
            zh, en = labels.get(key, (key, key))
            problems.append(Problem("column_missing", field=key, values={"zh": zh, "en": en}))
    if problems:
        raise Unreadable(problems)
    return found


def _row(number: int, cells: dict[int, Cell], places: dict[str, int]) -> Row:
    said = {key: cells[at] for key, at in places.items() if at in cells}
    key, version, base = (said.pop(name).text.strip() if name in said else "" for name in HIDDEN)
    return Row(number, key, version, base, said)


def _cell(kind: str, text: str) -> Cell:
    if kind not in KINDS:
        raise ValueError(kind)
    return Cell(kind, _text(text))


def letters(column: int) -> str:
    """How a spreadsheet calls a column: 27 is AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _problem(value: dict[str, Any]) -> Problem:
    told = {_text(name): _text(one) for name, one in value["values"].items()}
    return Problem(_text(value["code"]), _text(value["file"]), _text(value["field"]), told)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
