"""What a page computed, as a file: numbers keep every digit, and are numbers to a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from accounts.exports import Figure, number, table_answer


def sheet(
    request: HttpRequest, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """A file to download: CSV, with ``?format=xlsx`` a workbook."""
    return table_answer(request, name, heads, ([_written(cell) for cell in row] for row in rows))


def _written(cell: Any) -> str:
    if isinstance(cell, float):
        return number(cell)
    return Figure(cell) if isinstance(cell, int) else str("" if cell is None else cell)
