"""The empty workbook to fill in: heads, drop-downs, and what may be chosen; no formula in any cell. Pure."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from factors.bulk import COLUMNS, NEEDED
from footprint.exchange.factor_table.layout import CHOSEN, HEADS, SHEETS, chinese_first
from footprint.exchange.workbook.wire import letters

Choices = Mapping[str, Sequence[tuple[str, str]]]
"""By column: what may stand there, and what it means."""
ROWS_WITH_LISTS = 2000
WIDE = {"name_zh": 26, "name_en": 30, "source": 24, "source_locator": 24, "note_zh": 26, "note_en": 30}
USUAL, OF_MEANINGS = 15, 34
HEAD = PatternFill("solid", fgColor="E8EEF4")


def write(choices: Choices, language: str) -> bytes:
    """A sheet for versions, one line for each gas, and a sheet of what may be chosen."""
    at = chinese_first(language)
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    sheet.title = SHEETS["factors"][at]
    ranges = _choices(book.create_sheet(SHEETS["choices"][at]), choices, at)
    for number, name in enumerate(COLUMNS, start=1):
        letter = letters(number)
        cell = sheet.cell(1, number, HEADS[name][at])
        cell.font = Font(bold=name in NEEDED)
        cell.fill = HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        column = sheet.column_dimensions[letter]
        column.width = WIDE.get(name, USUAL)
        if name not in ("reference_year", "kg_per_unit"):
            column.number_format = "@"  # or a CAS number becomes a date, and a code loses its noughts
        if name in ranges:
            listed = DataValidation("list", formula1=ranges[name], allow_blank=True)
            listed.add(f"{letter}2:{letter}{ROWS_WITH_LISTS}")
            sheet.add_data_validation(listed)
    sheet.freeze_panes = "B2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _choices(sheet: Worksheet, choices: Choices, at: int) -> dict[str, str]:
    """Two columns for each list, value and meaning; the ranges of the values."""
    ranges = {}
    for place, name in enumerate(CHOSEN):
        values, meanings = 2 * place + 1, 2 * place + 2
        head = sheet.cell(1, values, HEADS[name][at])
        head.font = Font(bold=True)
        for row, (value, meaning) in enumerate(choices[name], start=2):
            for column, text in ((values, value), (meanings, meaning)):
                cell = sheet.cell(row, column, text)
                cell.data_type = "s"
        sheet.column_dimensions[letters(values)].width = USUAL
        sheet.column_dimensions[letters(meanings)].width = OF_MEANINGS
        if choices[name]:
            letter = letters(values)
            ranges[name] = f"'{sheet.title}'!${letter}$2:${letter}${len(choices[name]) + 1}"
    sheet.freeze_panes = "A2"
    return ranges
