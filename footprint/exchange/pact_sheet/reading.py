"""A sheet as it comes out of the confined process: footprints with the cells they stand in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.rest.parsing import depth
from footprint.exchange.confined.problems import Problem, Unreadable
from footprint.exchange.pact_sheet.layout import HEADS, MOST_FOOTPRINTS, MOST_HEAD_ROW, PROPERTY
from footprint.exchange.workbook.wire import EVERY_SHEET, Table, letters, tables_confined
from footprint.partners.pact.columns import BY_NAME, Document, document_of, typed
from footprint.partners.validating import DEEPEST


@dataclass(frozen=True)
class Column:
    """One footprint: what it says, where each property stands, the cells that hold what nobody reads."""

    document: Document
    places: Mapping[str, str]
    unread: Mapping[str, str]
    head: str


def read_confined(content: bytes) -> list[Column]:
    """The footprints of a sheet, whatever the file does to its reader.

    Raises:
        Unreadable: the file is none of this layout, or a limit was reached.
    """
    return columns_in(tables_confined(EVERY_SHEET, content))


def columns_in(tables: Mapping[str, Table]) -> list[Column]:
    """The footprints of the first sheet that has the layout.

    Raises:
        Unreadable: none has it, or there are none or too many in it.
    """
    for table in tables.values():
        found = _head(table)
        if found is not None:
            return _columns(table, *found)
    raise Unreadable([Problem("no_pact_sheet", values={"value": PROPERTY})])


def _head(table: Table) -> tuple[int, int] | None:
    """The row of the heads, and the column of the names."""
    for number, cells in table.items():
        for at, cell in cells.items():
            if number <= MOST_HEAD_ROW and cell.text.strip() == PROPERTY:
                return number, at
    return None


def _columns(table: Table, head_row: int, names_at: int) -> list[Column]:
    heads = {at for at, cell in table[head_row].items() if cell.text.strip() in HEADS}
    rows = {
        number: name
        for number, cells in table.items()
        if number > head_row and names_at in cells and (name := _name(cells[names_at].text)) in BY_NAME
    }
    used = sorted({at for number in rows for at in table[number]} - heads)
    if not used:
        raise Unreadable([Problem("no_footprints")])
    if len(used) > MOST_FOOTPRINTS:
        raise Unreadable([Problem("too_many_footprints", values={"most": str(MOST_FOOTPRINTS)})])
    return [_column(table, rows, at, f"{letters(at)}{head_row}") for at in used]


def _name(text: str) -> str:
    """The last name of a path, however its parts are kept apart."""
    return text.strip().replace("/", ".").rpartition(".")[2].strip()


def _column(table: Table, rows: Mapping[int, str], at: int, head: str) -> Column:
    cells: dict[str, str] = {}
    places: dict[str, str] = {}
    unread: dict[str, str] = {}
    for number, name in rows.items():
        place = f"{letters(at)}{number}"
        cell = table[number].get(at)
        places.setdefault(name, place)
        if cell is not None and cell.kind in ("formula", "error"):
            unread[place] = cell.kind
        elif cell is not None:
            if name in cells:
                unread[place] = "twice"
            if depth(cell.text) > DEEPEST and cell.text.lstrip().startswith(("[", "{")):
                unread[place] = "too_deep"
                continue
            cells.setdefault(name, typed(name, cell.kind, cell.text))
    return Column(document_of(cells), places, unread, head)
