"""Workbooks as people fill them in: opened, edited cell by cell, saved, read back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from footprint.exchange.workbook import every_sheet, layout, reading
from footprint.exchange.workbook.layout import Sheet
from footprint.exchange.workbook.wire import Filled, Table, filled_from, tables_from

Edit = Callable[["Filling"], None]


def read_here(content: bytes) -> Filled:
    """As the confined process reads it, without the process."""
    said: list[tuple[str, Any]] = []
    reading.answer(content, lambda word, value: said.append((word, plain(value))))
    return filled_from(said)


def sheets_here(content: bytes) -> dict[str, Table]:
    """Every sheet likewise."""
    said: list[tuple[str, Any]] = []
    every_sheet.answer(content, lambda word, value: said.append((word, plain(value))))
    return tables_from(said)


def plain(value: Any) -> Any:
    """What becomes of a problem on its way as JSON."""
    return (
        [vars(one) for one in value]
        if isinstance(value, list) and value and hasattr(value[0], "code")
        else value
    )


class Filling:
    """A workbook that somebody has open."""

    def __init__(self, content: bytes, language: str = "en") -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.lines: Worksheet = self.book[layout.title(Sheet.LINES, language)]
        self.places = {
            cell.value: cell.column for cell in self.lines[layout.KEYS_ROW] if cell.value is not None
        }

    def row_of(self, key: object) -> int:
        """Where the line stands."""
        at = self.places[layout.LINE_KEY]
        return next(
            row[0].row for row in self.lines.iter_rows(min_col=at, max_col=at) if row[0].value == str(key)
        )

    def cell(self, row: int, column: str) -> Any:
        return self.lines.cell(row, self.places[column])

    def put(self, row: int, **values: Any) -> None:
        """Type into cells."""
        for column, value in values.items():
            self.cell(row, column).value = value

    def text(self, key: object, column: str) -> Any:
        """What a person reads in a line."""
        return self.cell(self.row_of(key), column).value

    @property
    def empty_row(self) -> int:
        """The first row after the last line."""
        at = self.places[layout.LINE_KEY]
        return max(row[0].row for row in self.lines.iter_rows(min_col=at, max_col=at) if row[0].value) + 1

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()
