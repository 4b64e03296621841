"""Footprints to a sheet; every cell a text, so that no digit is lost and nothing becomes a formula. Pure."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from footprint.exchange.pact_sheet.layout import EXAMPLE, FIRST_COLUMN, HEAD_ROW, HEADS, TITLE, VERSION
from footprint.partners.pact.columns import PROPERTIES, Property, cells_of

WIDTHS = (38, 4, 4, 14, 4, 14, 12, 26, 30)
OF_A_FOOTPRINT = 44
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")


def write(documents: Sequence[Mapping[str, Any]]) -> bytes:
    """The workbook; with no footprint an empty column to fill in."""
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    sheet.title = "PACT"
    columns = [cells_of(document) for document in documents] or [{}]
    _put(sheet, 1, 1, TITLE, bold=True)
    _put(sheet, 2, 1, VERSION)
    examples = [EXAMPLE.format(number) for number in range(1, len(columns) + 1)]
    for at, head in enumerate((*HEADS, *examples), start=1):
        _put(sheet, HEAD_ROW, at, head, bold=True)
    for row, each in enumerate(PROPERTIES, start=HEAD_ROW + 1):
        told = (*_about(each), *(column.get(each.name, "") for column in columns))
        for at, text in enumerate(told, start=1):
            if text or at >= FIRST_COLUMN:
                _put(sheet, row, at, text)
    widths = (*WIDTHS, *[OF_A_FOOTPRINT] * len(columns))
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 2)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _about(each: Property) -> tuple[str, ...]:
    field = each.field
    rule = "mandatory" if field.required else field.rule.value
    comment = "JSON" if each.is_json else "one on a line" if field.many else ""
    return (each.name, "", "", rule, "", ".".join(each.path[:-1]), field.measure, comment, _accepted(each))


def _accepted(each: Property) -> str:
    return ", ".join(each.field.choices) if each.field.choices else each.field.kind.value


def _put(sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False) -> None:
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text) or None
    if text:
        cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = WRAPPED
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True
    if bold:
        cell.font = BOLD
