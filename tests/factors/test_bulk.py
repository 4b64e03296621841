"""What a table is read as, without a database: a quotation mark left open loses no line in silence."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factors.bulk import COLUMNS, Known, read
from tests.factors.test_import import GOOD, table

KNOWN = Known(
    gases={"CO2", "CH4"},
    sources={"mee-grid-co2-2023"},
    choices={
        "kind": {"heat"}, "scope": {"co2e"}, "boundary": {"cradle_to_gate"}, "transcription": {"confirmed"},
        "gwp_set": {"AR6"},
    },
    newest_year=2026,
)  # fmt: skip
YEARS = [{**GOOD, "reference_year": str(year)} for year in (2021, 2022, 2023)]


def told(*rows: dict[str, str]) -> list[tuple[int, str, str]]:
    text = io.StringIO("".join(table(*rows)), newline="")
    rows_read, found = read(text, KNOWN)
    assert not (rows_read and found)
    return [(each.line, each.fault.field, each.fault.code) for each in found]


def test_a_whole_table_is_read() -> None:
    assert told(*YEARS) == []


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        ({"note_zh": '"open'}, {}, (2, "file", "unreadable")),
        ({"note_zh": '"open'}, {"note_zh": '"closed"'}, (2, "file", "unreadable")),
        ({"note_zh": '"open'}, {"note_zh": 'pipe of 12"'}, (2, "note_zh", "line_break")),
        ({"code": '"steam'}, {"source_locator": 'pipe of 12"'}, (2, "code", "line_break")),
        ({"note_en": "x" * 131_073}, {}, (2, "file", "unreadable")),
        ({"note_en": "x" * 2001}, {}, (2, "note_en", "too_long")),
        ({"gas": "x" * 41}, {}, (2, "gas", "too_long")),
    ],
)
def test_an_open_quotation_mark_swallows_nothing(
    first: dict[str, str], last: dict[str, str], fault: tuple[int, str, str]
) -> None:
    assert fault in told({**YEARS[0], **first}, YEARS[1], {**YEARS[2], **last})


@pytest.mark.parametrize("name", ["code", "gwp_set", "note_zh", "gas", "kg_per_unit"])
def test_what_nobody_can_see_is_refused(name: str) -> None:
    assert (2, name, "control") in told({**GOOD, name: GOOD.get(name, "") + "\x00x"})


def test_a_column_that_would_be_lost_is_named() -> None:
    def read_with(more: str, cell: str) -> list[tuple[int, str, str, object]]:
        head, line = table(GOOD)
        rows, wrong = read([f"{head.strip()},{more}\n", f"{line.strip()},{cell}\n"], KNOWN)
        assert not (rows and wrong)
        return [(e.line, e.fault.field, e.fault.code, e.fault.figures.get("value")) for e in wrong]

    assert read_with("technolgy", "DCS") == [(1, "technolgy", "unknown_column", "technolgy")]
    assert read_with("a\x00b", "x") == [(1, "a?b", "unknown_column", "a?b")]
    assert read_with("", "") == []
    # a head that ends with a comma names no column for what was to be a decimal comma
    assert [each[2] for each in read_with("", "5")] == ["too_many_cells"]


def test_a_head_that_cannot_be_read() -> None:
    rows, found = read(['code,"unit\n', "x,y\n"], KNOWN)
    assert (rows, [each.fault.code for each in found]) == ([], ["unreadable"])


@given(place=st.integers(0, len(COLUMNS) * 3 - 1), at_end=st.booleans())
def test_one_quotation_mark_anywhere_loses_no_line(place: int, at_end: bool) -> None:
    rows = [dict(each) for each in YEARS]
    row, name = rows[place // len(COLUMNS)], COLUMNS[place % len(COLUMNS)]
    row[name] = row.get(name, "") + '"' if at_end else '"' + row.get(name, "")
    read_rows, found = read(io.StringIO("".join(table(*rows)), newline=""), KNOWN)
    assert found or len(read_rows) == 3


def line(**more: str) -> str:
    return "".join(table({**GOOD, **more})).splitlines()[1]


HEAD = ",".join(COLUMNS)


@pytest.mark.parametrize("amount", ["12,5", "1,234.5"])
def test_a_comma_in_an_amount_never_cuts_it_off(amount: str) -> None:
    rows, found = read([HEAD + "\n", line(kg_per_unit=amount) + "\n"], KNOWN)
    assert rows == []
    assert [(each.line, each.fault.field, each.fault.code) for each in found] == [
        (2, "kg_per_unit", "too_many_cells")
    ]


def test_empty_lines_count_and_say_nothing() -> None:
    lines = [HEAD, "", "," * (len(COLUMNS) - 1), line(), "", line(unit="stones")]
    rows, found = read([each + "\n" for each in lines], KNOWN)
    assert [(each.line, each.fault.field) for each in found] == [(6, "unit")]
    rows, found = read([each + "\n" for each in lines[:5]], KNOWN)
    assert ([each.line for each in rows], found) == ([4], [])


@pytest.mark.parametrize(
    ("head", "field", "code"),
    [
        (HEAD + ",kg_per_unit", "kg_per_unit", "column_twice"),
        (HEAD.replace(",", ";"), "file", "separator"),
        (HEAD.replace(",", "\t"), "file", "separator"),
    ],
)
def test_a_head_that_says_two_things_or_nothing(head: str, field: str, code: str) -> None:
    rows, found = read([head + "\n", line() + ",9\n"], KNOWN)
    assert rows == []
    assert [(each.line, each.fault.field, each.fault.code) for each in found] == [(1, field, code)]


def test_full_width_signs_and_a_head_as_a_spreadsheet_writes_it() -> None:
    lines = [
        HEAD.title().replace(",", ", "),
        line(kg_per_unit="１２．５", unit="ＧＪ", reference_year="２０２４"),
    ]
    (row,), found = read([each + "\n" for each in lines], KNOWN)
    assert found == []
    (emission,) = row.content.emissions
    assert (str(emission.kg_per_unit), row.factor.unit, row.content.reference_year) == ("12.5", "GJ", 2024)


def test_an_underscore_is_no_part_of_a_number() -> None:
    assert told({**GOOD, "kg_per_unit": "1_000"}) == [(2, "kg_per_unit", "not_a_number")]


@pytest.mark.parametrize(("name", "value"), [("cas", "7664-41-8"), ("cpc", "urea"), ("hs", "28x")])
def test_a_code_that_is_none_of_its_classification(name: str, value: str) -> None:
    assert told({**GOOD, name: value}) == [(2, name, f"not_a_{name}")]
