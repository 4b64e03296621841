"""Files that leave the house: tables as CSV, of which a spreadsheet takes nothing for a formula; bytes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(filename: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """The table as a download, in UTF-8 with the mark by which spreadsheets know it."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(heads)
    writer.writerows([safe(cell) for cell in row] for row in rows)
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


def number(value: float | None) -> str:
    """A number digit for digit; nothing where there is none."""
    return "" if value is None else repr(value)


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a negative number is none."""
    return f"'{cell}" if cell.startswith(FORMULA_BEGINS) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
