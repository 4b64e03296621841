"""Tables as files: texts stay texts, figures are numbers, nothing becomes a formula."""

from __future__ import annotations

import csv
import tracemalloc
from collections.abc import Sequence
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.exports import IN_MEMORY, number, table_answer

HEADS = ("name", "figure")


def read(rows: Sequence[tuple[str, str]], form: str) -> list[tuple[object, ...]]:
    """What a spreadsheet reads back, heads left out."""
    answer = table_answer(RequestFactory().get(f"/?format={form}"), "table", HEADS, rows)
    assert isinstance(answer, HttpResponse)
    assert f'filename="table.{form}"' in answer["Content-Disposition"]
    if form == "csv":
        return [tuple(row) for row in csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""))][
            1:
        ]
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(HEADS)
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]


def test_codes_stay_texts_and_figures_are_numbers() -> None:
    assert read([("007", number(0.1)), ("1e5", number(None))], "xlsx") == [("007", 0.1), ("1e5", None)]


def test_what_looks_like_a_formula_is_a_text() -> None:
    for begin in "=+-@\t\n＝＋－＠":
        text = f"{begin}HYPERLINK(1)"
        assert read([(text, "")], "xlsx") == [(text, None)]
        assert read([(text, "")], "csv") == [(f"'{text}", "")]
    answer = table_answer(RequestFactory().get("/"), "table", ("=HYPERLINK(1)",), [])
    assert isinstance(answer, HttpResponse)
    assert answer.content.decode("utf-8-sig").strip() == "'=HYPERLINK(1)"


@settings(deadline=None, max_examples=40)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1),
    st.floats(-1e300, 1e300),
)
def test_whatever_is_written_is_read(text: str, value: float) -> None:
    ((name, figure),) = read([(text, number(value))], "xlsx")
    assert str(name).strip() == text.strip()
    assert figure == pytest.approx(value, rel=1e-15)  # as many digits as a workbook keeps


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=20))
def test_no_sign_breaks_a_workbook(text: str) -> None:
    assert len(read([(text, "")], "xlsx")) == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_long_table_takes_no_more_memory_than_a_short_one(form: str) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        rows = ((f"name {at} {at * at}", number(at / 7)) for at in range(count))
        answer = table_answer(RequestFactory().get(f"/?format={form}"), "table", HEADS, rows)
        assert answer.streaming == (count == 60_000)
        assert isinstance(answer, HttpResponse | FileResponse)
        sent = sum(len(part) for part in answer)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert sent > count * 8
        return most

    table_answer(RequestFactory().get(f"/?format={form}"), "table", HEADS, [])
    assert peak(60_000) < peak(5_000) + 4 * IN_MEMORY
