"""Hostile workbooks are refused by name, within the limits of their reader; odd but sound ones are read."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from footprint.exchange.confined.problems import Unreadable
from footprint.exchange.confined.run import Confinement
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.sentences import SENTENCES, sentence
from footprint.exchange.workbook.wire import Garbled, filled_from, read_confined
from tests.footprint.exchange.books import Filling, read_here
from tests.footprint.exchange.workbook_bombs import CORPUS, LINE, lines_with, sound, with_shared_texts


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_workbook_is_refused_for_its_reason(name: str) -> None:
    make, expected = CORPUS[name]
    with pytest.raises(Unreadable) as refused:
        read_here(make())
    codes = {problem.code for problem in refused.value.problems}
    assert codes & set(expected.split("|")), codes
    assert all(sentence(problem.code, problem.values) for problem in refused.value.problems)


@pytest.mark.parametrize(
    "name", ["the farthest cell", "billion laughs", "thirty thousand elements deep", "too many rows"]
)
def test_the_worst_are_refused_within_the_means_of_the_confined_process(name: str) -> None:
    make, expected = CORPUS[name]
    with pytest.raises(Unreadable) as refused:
        read_confined(make())
    assert refused.value.problems[0].code == expected


def test_a_limit_is_a_reason() -> None:
    for within, code in (
        (Confinement(answer=1_000), "says_too_much"),
        (Confinement(wall_seconds=0.01), "takes_too_long"),
    ):
        with pytest.raises(Unreadable) as refused:
            read_confined(sound(), within)
        assert [problem.code for problem in refused.value.problems] == [code]
        assert code in SENTENCES


def test_the_confined_process_tells_what_is_read_here() -> None:
    content = sound()
    assert read_confined(content) == read_here(content)


@pytest.mark.parametrize(
    "said",
    [
        ("row", [1]),
        ("row", [1, [["a", "text", "x"]]]),
        ("row", [1, [[1, "program", "x"]]]),
        ("row", [1, [[1, "text", 7]]]),
        ("sheet", 7),
        ("refused", [{"code": 1}]),
    ],
)
def test_a_reader_that_was_taken_over_tells_nothing_but_cells(said: tuple[str, Any]) -> None:
    with pytest.raises(Garbled):
        filled_from([said])


def test_formulas_dates_and_errors_are_told_as_what_they_are() -> None:
    filling = Filling(sound())
    filling.put(3, amount="=cmd|'/c calc'!A1", comment='=HYPERLINK("http://x")')
    filling.cell(3, "gsd2").value = ArrayFormula("X3:X4", "=SUM(A1:A2)")
    filling.cell(3, "unit").value = "#REF!"
    filling.cell(3, "unit").data_type = "e"
    dated = filling.cell(3, "dqr_time")
    dated.value, dated.number_format = 45_000, "yyyy-mm-dd"
    (row,) = read_here(filling.saved()).rows
    kinds = {key: cell.kind for key, cell in row.cells.items()}
    assert kinds == {
        "process": "text", "amount": "formula", "comment": "formula", "gsd2": "formula", "unit": "error",
        "dqr_time": "date",
    }  # fmt: skip


def test_columns_may_stand_in_another_order() -> None:
    filling = Filling(sound())
    at = filling.places["amount"]
    for row in (layout.KEYS_ROW, layout.HEAD_ROW, 3):
        filling.lines.cell(row, 40).value = filling.lines.cell(row, at).value
        filling.lines.cell(row, at).value = None
    found = read_here(filling.saved())
    assert (found.places["amount"], found.rows[0].cells["amount"].text) == ("AN", "5")


def test_texts_kept_once_for_all_sheets_are_read() -> None:
    (row,) = read_here(with_shared_texts()).rows
    assert (row.key, row.version, row.cells["process"].text) == (LINE, "1", "P-1")


def test_an_empty_row_far_down_is_no_row() -> None:
    assert len(read_here(lines_with('<row r="900000"/>')).rows) == 1
