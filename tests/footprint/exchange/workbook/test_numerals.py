"""Numbers typed as text: one reading is read, two readings are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.exchange.workbook.numerals import NoNumber, TwoNumbers, number_from, short, shown


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1250.5", "1250.5"),
        (" 12 ", "12"),
        ("１２３４．５", "1234.5"),
        ("１，２３４．５", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u202f234.5", "1234.5"),
        ("1'234.5", "1234.5"),
        ("0,5", "0.5"),
        ("0,125", "0.125"),
        ("12,5", "12.5"),
        ("1234,567", "1234.567"),
        ("1.234", "1.234"),
        ("−3", "-3"),
        ("1e3", "1000"),
        (".5", "0.5"),
    ],
)
def test_one_reading(text: str, number: str) -> None:
    assert number_from(text) == Decimal(number)


@pytest.mark.parametrize(("text", "both"), [("1,234", ("1234", "1.234")), ("-12,345", ("-12345", "-12.345"))])
def test_two_readings(text: str, both: tuple[str, str]) -> None:
    with pytest.raises(TwoNumbers) as refused:
        number_from(text)
    assert (refused.value.first, refused.value.second) == both


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5%",
        "about 5",
        "1,23,4",
        "1 23",
        "12 kg",
        "1万",
        "0x10",
        "1e9999",
        "--1",
        "9" * 200,
        "(5)",
        "1.2.3",
        "10³",
        "5²",
        "①",
    ],
)
def test_no_reading(text: str) -> None:
    with pytest.raises(NoNumber):
        number_from(text)


amounts = st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, places=8)


@given(amounts)
def test_what_is_shown_is_read(number: Decimal) -> None:
    assert number_from(shown(number)) == number


@given(amounts)
def test_a_spreadsheet_keeps_fifteen_digits(number: Decimal) -> None:
    kept = short(shown(number))
    assert short(shown(Decimal(repr(float(kept))))) == kept
    assert abs(Decimal(kept) - number) <= abs(number) * Decimal("1e-14")
