"""Any set of edits, and exactly these changes; what is stale is a conflict and nothing is lost."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factors import units
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.cells import (
    Cell,
    Wrong,
    plain,
    print_in,
    print_of,
    prints,
    text_of,
    value_of,
)
from footprint.exchange.workbook.compare import Comparison, Present, Row, compare
from footprint.exchange.workbook.layout import BY_KEY, COLUMNS, Column, Sort
from footprint.exchange.workbook.numerals import short, shown
from footprint.exchange.workbook.sentences import sentence
from footprint.exchange.workbook.writing import Book, BookRow, write
from tests.footprint.exchange.books import read_here

patient = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A line has twenty-five columns: many draws, and the machine may be busy."""
LANGUAGES = st.sampled_from(["zh-hans", "en"])
words = st.text("aZ09 =+-@·甲乙、，\n\t'<&é😀", max_size=12).map(plain)
codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/#+-]{0,12}", fullmatch=True)
numbers = st.decimals(0, 10**9, allow_nan=False, places=6).map(shown)


def values(column: Column) -> st.SearchStrategy[str]:
    """Anything that can stand in a column."""
    by_sort: dict[Sort, st.SearchStrategy[str]] = {
        Sort.TEXT: words,
        Sort.THING: codes,
        Sort.PROVIDER: st.builds(
            lambda choice, code: f"{choice[0]} {code}", st.sampled_from(layout.PROVIDERS), codes
        ),
        Sort.UNIT: st.sampled_from([unit.code for unit in units.UNITS]),
        Sort.NUMBER: numbers,
        Sort.YES: st.just("yes"),
        Sort.CHOICE: st.sampled_from([choice[0] for choice in column.choices] or [""]),
    }
    return st.one_of(st.just(""), by_sort[column.sort])


lines = st.fixed_dictionaries({column.key: values(column) for column in COLUMNS})


def cell_of(column: Column, value: str, language: str) -> Cell:
    """As the workbook holds it and gives it back."""
    if column.sort is Sort.NUMBER:
        return Cell("number", repr(float(value)))
    return Cell("text", text_of(column, value, language))


def row_of(
    number: int, key: str, version: int, handed_out: dict[str, str], now: dict[str, str], lang: str
) -> Row:
    cells = {key: cell_of(BY_KEY[key], value, lang) for key, value in now.items() if value}
    return Row(number, key, str(version), prints(handed_out), cells)


def moved(found: Comparison) -> dict[str, dict[str, str]]:
    return {move.key: {edit.column: edit.after for edit in move.edits} for move in found.changed}


@settings(patient)
@given(st.lists(lines, max_size=4), LANGUAGES)
def test_what_nobody_touched_is_unchanged(inventory: list[dict[str, str]], language: str) -> None:
    keys = [str(uuid.uuid4()) for _ in inventory]
    rows = [
        row_of(number, key, 1, line, line, language)
        for number, (key, line) in enumerate(zip(keys, inventory, strict=True), start=3)
    ]
    found = compare(rows, {key: Present(1, line) for key, line in zip(keys, inventory, strict=True)})
    assert found.is_empty
    assert (found.unchanged, found.absent) == (len(inventory), 0)


@settings(patient)
@given(lines, st.data(), LANGUAGES)
def test_exactly_what_was_edited_is_changed(line: dict[str, str], data: Any, language: str) -> None:
    edited = {
        key: data.draw(values(BY_KEY[key])) for key in data.draw(st.sets(st.sampled_from(list(BY_KEY))))
    }
    key = str(uuid.uuid4())
    found = compare([row_of(3, key, 1, line, {**line, **edited}, language)], {key: Present(1, line)})
    wanted = {column: short(value) for column, value in edited.items() if short(value) != short(line[column])}
    got = {column: short(value) for column, value in moved(found).get(key, {}).items()}
    assert got == {c: v if BY_KEY[c].sort is Sort.NUMBER else edited[c] for c, v in wanted.items()}
    assert not found.faults and not found.conflicts and found.unchanged == (not wanted)


@settings(patient)
@given(lines, lines, lines, LANGUAGES)
def test_an_edit_of_a_stale_line_is_a_conflict(
    handed_out: dict[str, str], mine: dict[str, str], theirs: dict[str, str], language: str
) -> None:
    key = str(uuid.uuid4())
    found = compare([row_of(3, key, 1, handed_out, mine, language)], {key: Present(2, theirs)})
    assert not found.changed and not found.added and not found.faults
    edits = {edit.column: (edit.before, edit.after) for move in found.conflicts for edit in move.edits}
    for column in BY_KEY:
        is_mine = short(mine[column]) != short(handed_out[column])
        differs = short(mine[column]) != short(theirs[column])
        # what I did not touch keeps what they wrote; what I did is shown beside it
        assert (column in edits) == (is_mine and differs), column
        if column in edits:
            assert edits[column][0] == theirs[column]


@settings(patient)
@given(lines, LANGUAGES)
def test_a_further_row_is_a_further_line(line: dict[str, str], language: str) -> None:
    cells = {key: cell_of(BY_KEY[key], value, language) for key, value in line.items() if value}
    found = compare([Row(3, "", "", "", cells)], {})
    told = {edit.column: edit.after for move in found.added for edit in move.edits}
    assert {k: short(v) for k, v in told.items()} == {k: short(v) for k, v in line.items() if v}


def test_a_further_row_that_was_handed_in_before_is_that_line() -> None:
    line = dict.fromkeys(BY_KEY, "") | {
        "process": "cdu",
        "product": "power",
        "amount": "5",
        "unit": "1e4 kWh",
    }
    cells = {key: Cell("text", line[key]) for key in ("process", "product", "amount", "unit")}
    present = {str(uuid.uuid4()): Present(1, line | {"data_type": "measured"})}
    found = compare([Row(3, "", "", "", cells)], present)
    assert (found.added, found.unchanged, found.absent) == ([], 1, 0)
    found = compare([Row(3, "", "", "", cells), Row(4, "", "", "", cells)], present)
    assert [move.row for move in found.added] == [4]
    found = compare([Row(3, "", "", "", {**cells, "amount": Cell("number", "6.0")})], present)
    assert (len(found.added), found.absent) == (1, 1)


def test_a_row_may_be_missing_marked_or_copied() -> None:
    one, two, three = (str(uuid.uuid4()) for _ in range(3))
    line = {"amount": "5", "unit": "kg"}
    present = {key: Present(1, line) for key in (one, two, three)}
    rows = [row_of(3, one, 1, line, line, "en"), row_of(4, one, 1, line, {**line, "amount": "6"}, "en")]
    marked = row_of(5, two, 1, line, line, "en")
    rows.append(Row(5, two, "1", marked.base, {**marked.cells, layout.REMOVE: Cell("text", "删除")}))
    found = compare(rows, present)
    assert [move.key for move in found.removed] == [two]
    assert [(fault.row, fault.code) for fault in found.faults] == [(4, "line_twice")]
    assert (found.unchanged, found.absent) == (1, 1)


@pytest.mark.parametrize(
    ("key", "version", "code"),
    [
        ("nonsense", "1", "unknown_line"),
        ("00000000-0000-4000-8000-000000000000", "1", "unknown_line"),
        ("own", "2", "bad_version"),
        ("own", "", "bad_version"),
        ("own", "-1", "bad_version"),
        ("own", "9" * 5000, "bad_version"),
    ],
)
def test_hidden_cells_that_were_changed_are_refused(key: str, version: str, code: str) -> None:
    own = str(uuid.uuid4())
    row = Row(3, own if key == "own" else key, version, "", {"amount": Cell("number", "9")})
    found = compare([row], {own: Present(1, {"amount": "5"})})
    assert [fault.code for fault in found.faults] == [code]
    assert not (found.changed or found.conflicts)


def test_a_line_that_is_gone_may_be_marked_as_removed() -> None:
    row = Row(3, str(uuid.uuid4()), "1", "", {layout.REMOVE: Cell("text", "Remove")})
    assert compare([row], {}).is_empty


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("amount", Cell("formula", "=1+1"), "formula"),
        ("amount", Cell("date", "2025-03-04 00:00:00"), "date"),
        ("amount", Cell("error", "#REF!"), "error_cell"),
        ("amount", Cell("truth", "true"), "no_truth_here"),
        ("amount", Cell("text", "1,234"), "two_numbers"),
        ("amount", Cell("text", "5 %"), "percent"),
        ("amount", Cell("text", "much"), "no_number"),
        ("unit", Cell("text", "stone"), "unknown_unit"),
        ("data_type", Cell("text", "guessed"), "no_choice"),
        ("provider", Cell("text", "somebody"), "no_provider"),
        ("comment", Cell("text", "x" * 40_000), "too_long"),
        ("is_reference", Cell("text", "perhaps"), "no_choice"),
    ],
)
def test_a_cell_that_says_nothing_usable_is_refused_by_name(column: str, cell: Cell, code: str) -> None:
    with pytest.raises(Wrong) as wrong:
        value_of(BY_KEY[column], cell)
    assert wrong.value.code == code
    key = str(uuid.uuid4())
    found = compare([Row(3, key, "1", "", {column: cell})], {key: Present(1, {})})
    assert [(fault.row, fault.column, fault.code) for fault in found.faults] == [(3, column, code)]


def test_what_is_no_choice_is_told_with_the_choices_of_the_reader() -> None:
    with pytest.raises(Wrong) as wrong:
        value_of(BY_KEY["data_type"], Cell("text", "guessed"))
    stored, zh, en = BY_KEY["data_type"].choices[0]
    for language, own, other in (("zh-hans", zh, en), ("en", en, zh)):
        with override(language):
            told = sentence(wrong.value.code, wrong.value.values)
        assert own in told and other not in told, stored


@pytest.mark.parametrize("unit", [unit.code for unit in units.UNITS])
def test_every_unit_is_read_as_it_is_shown(unit: str) -> None:
    assert value_of(BY_KEY["unit"], Cell("text", units.display(unit))) == unit


def test_every_word_of_a_drop_down_is_read_in_both_languages() -> None:
    for column in (*COLUMNS, layout.REMOVING):
        for stored, *texts in column.choices:
            expected = "" if stored == "no" else stored
            assert {value_of(column, Cell("text", text)) for text in texts} == {expected}


def test_each_cell_has_a_print_of_its_own() -> None:
    base = prints({"amount": "5", "unit": "kg"})
    assert print_in(base, "amount") == print_of("5")
    assert print_in(base, "unit") == print_of("kg")
    assert print_in(base[:-1], "unit") == ""


@settings(patient, max_examples=12)
@given(st.lists(lines, min_size=1, max_size=3), LANGUAGES)
def test_any_inventory_comes_back_from_its_file_unchanged(
    inventory: list[dict[str, str]], language: str
) -> None:
    """Written as a workbook, read as a stranger's file, compared: nothing differs."""
    keyed = {str(uuid.uuid4()): line for line in inventory}
    rows = [
        BookRow(
            number, key, "1", prints(line), {c: held(BY_KEY[c], v, language) for c, v in line.items() if v}
        )
        for number, (key, line) in enumerate(keyed.items(), start=layout.FIRST_ROW)
    ]
    book = Book(language, "x", [], [], {}, "", "inventory", rows, [["x"] * 5], {"unit": ["kg"]})
    filled = read_here(write(book))
    found = compare(filled.rows, {key: Present(1, line) for key, line in keyed.items()})
    assert (found.is_empty, found.unchanged) == (True, len(inventory)), found


def held(column: Column, value: str, language: str) -> str | float:
    """What is put into the cell."""
    return float(value) if column.sort is Sort.NUMBER else text_of(column, value, language)
