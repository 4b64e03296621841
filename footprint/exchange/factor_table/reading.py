"""A workbook of versions as it comes out of the confined process: rows with the cells they stand in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from factors.bulk import NEEDED
from footprint.exchange.confined.problems import Problem, Unreadable
from footprint.exchange.factor_table.layout import AT_FAULT, CHOSEN, FEWEST_HEADS, MOST_HEAD_ROW, column_of
from footprint.exchange.workbook import numerals
from footprint.exchange.workbook.cells import Cell
from footprint.exchange.workbook.wire import EVERY_SHEET, Table, letters, tables_confined

UNUSABLE = {"date": "date", "error": "error_cell", "formula": "formula", "truth": "no_truth_here"}


@dataclass(frozen=True)
class FactorTable:
    """The one sheet that holds versions: where its columns stand, its rows by number, unusable cells."""

    sheet: str
    places: Mapping[str, int]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    unusable: tuple[Problem, ...]

    def place(self, row: int | str | None, field: str | None) -> str:
        """Sheet, column and row as a spreadsheet writes them; of a fault of no column, sheet and row."""
        at = self.places.get(AT_FAULT.get(field or "", field or ""))
        return f"{self.sheet}!{letters(at) if at else ''}{row if row is not None else ''}"


def read_confined(content: bytes) -> FactorTable:
    """The versions of a workbook, whatever the file does to its reader.

    Raises:
        Unreadable: no sheet holds versions, several do, columns are missing, or a limit was reached.
    """
    return table_in(tables_confined(EVERY_SHEET, content))


def table_in(tables: Mapping[str, Table]) -> FactorTable:
    """The sheet of versions among all.

    Raises:
        Unreadable: none has the heads, several have them, or they are incomplete.
    """
    headed = {sheet: head for sheet, table in tables.items() if (head := _head(table)) is not None}
    if not headed:
        raise Unreadable([Problem("no_factor_table")])
    if len(headed) > 1:
        raise Unreadable([Problem("two_factor_tables", values={"value": ", ".join(headed)[:200]})])
    ((sheet, head_row),) = headed.items()
    table = tables[sheet]
    places = _places(sheet, head_row, table[head_row])
    filled = {
        number: {name: cells[at] for name, at in places.items() if at in cells}
        for number, cells in table.items()
        if number > head_row
    }
    filled = {number: cells for number, cells in filled.items() if any(_text(c) for c in cells.values())}
    unusable = tuple(
        Problem(UNUSABLE[cell.kind], sheet, f"{letters(places[name])}{number}", {"value": cell.text[:80]})
        for number, cells in filled.items()
        for name, cell in cells.items()
        if cell.kind in UNUSABLE
    )
    rows = tuple((number, {name: _text(c) for name, c in cells.items()}) for number, cells in filled.items())
    return FactorTable(sheet, places, rows, unusable)


def _head(table: Table) -> int | None:
    """The row of the heads, if there is one; the sheet of choices has only those that choices are for."""
    for number in sorted(table):
        if number > MOST_HEAD_ROW:
            return None
        names = {name for cell in table[number].values() if (name := column_of(cell.text))}
        if len(names) >= FEWEST_HEADS and not names <= set(CHOSEN):
            return number
    return None


def _places(sheet: str, row: int, head: Mapping[int, Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    problems = []
    for at, cell in head.items():
        name = column_of(cell.text)
        if not name and cell.text.strip():
            problems.append(
                Problem("unknown_column", sheet, f"{letters(at)}{row}", {"value": cell.text[:40]})
            )
        if name and found.setdefault(name, at) != at:
            problems.append(Problem("column_twice", sheet, f"{letters(at)}{row}", {"value": cell.text[:80]}))
    problems += [
        Problem("no_factor_column", sheet, str(row), {"value": name}) for name in NEEDED if name not in found
    ]
    if problems:
        raise Unreadable(problems)
    return found


def _text(cell: Cell) -> str:
    """What was typed: of a number every digit a spreadsheet keeps, and no exponent."""
    if cell.kind != "number":
        return cell.text.strip()
    try:
        return numerals.short(numerals.shown(Decimal(cell.text)))
    except ArithmeticError:
        return cell.text
