"""Files that leave the house: tables as CSV or workbooks, of which none is taken for a formula; bytes.

A table is written row by row while the transaction lasts, to a file once it is long, and sent from there: a
list of any length takes the same memory, and nobody is sent half of one that then fails.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import SEEK_END, TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What begins a formula; a spreadsheet of an East Asian language takes full-width signs for the others."""
EXCEL = "xlsx"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
ARCHIVE_TYPE = "application/zip"
LONGEST_CELL = 32_767
"""What a spreadsheet takes in one cell."""
IN_MEMORY = 2**20
AT_A_TIME = 2000


class Figure(str):
    """A number digit for digit: a workbook has it as a number, whatever else looks like one as a text."""

    __slots__ = ()


def table_answer(
    request: HttpRequest, name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]
) -> HttpResponseBase:
    """The table as a download: CSV, with ``?format=xlsx`` a workbook."""
    if request.GET.get("format") == EXCEL:
        return xlsx_answer(f"{name}.xlsx", heads, rows)
    return csv_answer(f"{name}.csv", heads, rows)


def batches(rows: QuerySet[Any] | Sequence[Any]) -> Iterator[list[Any]]:
    """A long list, so many at a time: each batch is asked about at once, and forgotten."""
    found = rows.iterator(chunk_size=AT_A_TIME) if isinstance(rows, QuerySet) else iter(rows)
    while batch := list(islice(found, AT_A_TIME)):
        yield batch


def csv_answer(filename: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponseBase:
    """The table as a download."""
    file = _file()
    write_csv(file, heads, rows)
    return _download(file, filename, CSV_TYPE)


def write_csv(file: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """The table into a file, in UTF-8 with the mark by which spreadsheets know it."""
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerows([safe(cell) for cell in row] for row in chain([heads], rows))
    text.detach()


def archive_answer(content: bytes, filename: str) -> HttpResponse:
    """A zip as a download."""
    return _whole(content, filename, ARCHIVE_TYPE)


def written_answer(write: Callable[[IO[bytes]], object], filename: str, kind: str) -> HttpResponseBase:
    """What is written into a file, of any length, as a download."""
    file = _file()
    write(file)
    file.seek(0, SEEK_END)
    return _download(file, filename, kind)


def stored_answer(place: Path, filename: str, kind: str) -> FileResponse:
    """What a worker wrote, as a download; 404 when its time is over."""
    try:
        content = place.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=filename, content_type=kind)


def book_answer(content: bytes, filename: str) -> HttpResponse:
    """A workbook that is written already as a download."""
    return _whole(content, filename, EXCEL_TYPE)


def _whole(content: bytes, filename: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def file_answer(name: str, sha256: str, content: bytes) -> HttpResponse:
    """A stranger's bytes, as a browser may have them: to be kept, of no type, never shown in a page."""
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name)
            or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "ETag": f'"{sha256}"',
            "Cache-Control": "private, no-store",
        },
    )


def xlsx_answer(filename: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponseBase:
    """The table as a workbook."""
    file = _file()
    write_xlsx(file, heads, rows)
    return _download(file, filename, EXCEL_TYPE)


def write_xlsx(file: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """The table as a workbook with one sheet: heads that stay, a filter, numbers that can be summed."""
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, head, is_head=True) for head in heads])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(heads)))}{count}"
    book.save(file)


def _file() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(IN_MEMORY)


def _download(file: SpooledTemporaryFile[bytes], filename: str, kind: str) -> HttpResponseBase:
    """A short one whole, a long one from its file."""
    length = file.tell()
    file.seek(0)
    if length > IN_MEMORY:
        return FileResponse(file, as_attachment=True, filename=filename, content_type=kind)
    with file:
        return _whole(file.read(), filename, kind)


def _cell(sheet: WriteOnlyWorksheet, value: str, *, is_head: bool = False) -> WriteOnlyCell:
    if isinstance(value, Figure) and value:
        return WriteOnlyCell(sheet, float(value))
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
    cell.data_type = "s"  # or a text that begins with = is a formula
    if is_head:
        cell.font = Font(bold=True)
    return cell


def number(value: float | None) -> Figure:
    """A number digit for digit; nothing where there is none."""
    return Figure("" if value is None else repr(value))


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a negative number is none."""
    return f"'{cell}" if cell.startswith(FORMULA_BEGINS) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
