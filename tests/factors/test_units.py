"""Units: closed, exact, and strict about dimensions."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factors import units

CODES = [unit.code for unit in units.UNITS]
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**12), max_value=10**12)


@pytest.mark.parametrize(
    ("amount", "from_unit", "to_unit", "expected"),
    [
        ("1", "t*mi", "kg*km", "1609.344"),
        ("1", "tce", "GJ", "29.3076"),
        ("1", "toe", "GJ", "41.868"),
        ("1", "Gcal", "GJ", "4.1868"),
        ("1", "sh tn", "kg", "907.18474"),
        ("1", "bbl", "l", "158.987294928"),
        ("3", "kWh", "MJ", "10.8"),
        ("1", "MMBtu", "GJ", "1.05505585262"),
        ("2", "1e4 Nm3", "Nm3", "20000"),
        ("1", "m2*a", "m2*a", "1"),
        ("1", "a", "h", "8760"),
        ("0.000000000000000000001", "t", "kg", "1E-18"),
    ],
)
def test_known_conversions_are_exact(amount: str, from_unit: str, to_unit: str, expected: str) -> None:
    assert units.convert(Decimal(amount), from_unit, to_unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("吨", "t"),
        ("万标方", "1e4 Nm3"),
        ("万度", "1e4 kWh"),
        ("吨标煤", "tce"),
        ("千瓦时", "kWh"),
        ("l", "l"),
        ("m³", "m3"),
        ("㎥", "m3"),
        ("t*km", "t*km"),
        ("t·km", "t*km"),
        ("Item(s)", "item"),
        ("Mg", "t"),
        ("mg", "mg"),
        ("10⁴ Nm³", "1e4 Nm3"),
        ("10^4 Nm3", "1e4 Nm3"),
        ("×10^4 Nm3", "1e4 Nm3"),
        ("万Nm3", "1e4 Nm3"),
        ("万 Nm³", "1e4 Nm3"),
        ("万m³", "1e4 m3"),
        ("万kWh", "1e4 kWh"),
        ("万KW·h", "1e4 kWh"),
        ("万t", "1e4 t"),
        ("万tce", "1e4 tce"),
        ("kNm3", "1e3 Nm3"),
        ("t标煤", "tce"),
        ("kg标油", "kgoe"),
        ("百万大卡", "Gcal"),
        ("KWH", "kWh"),
        (" ｋｇ ", "kg"),
    ],
)
def test_spellings_found_in_files_and_in_chinese_use(written: str, code: str) -> None:
    assert units.canonical(written) == code


@pytest.mark.parametrize(
    "written", ["ton", "方", "斤", "104 Nm3", "", "kilokg", "kg + t", "__import__('os')", "M3"]
)
def test_a_unit_outside_the_list_does_not_exist(written: str) -> None:
    with pytest.raises(units.UnknownUnit) as refused:
        units.canonical(written)
    assert refused.value.unit == written


@given(AMOUNTS, st.sampled_from(CODES), st.sampled_from(CODES))
def test_there_and_back_or_refused(amount: Decimal, first: str, second: str) -> None:
    if not units.same_dimension(first, second):
        with pytest.raises(units.DimensionMismatch):
            units.convert(amount, first, second)
        return
    back = units.convert(units.convert(amount, first, second), second, first)
    assert back == pytest.approx(amount, rel=Decimal("1e-48"), abs=Decimal(0))


@given(st.sampled_from(CODES), st.sampled_from(CODES), st.sampled_from(CODES))
def test_factors_compose_exactly(first: str, second: str, third: str) -> None:
    if units.dimension(first) is units.dimension(second) is units.dimension(third):
        assert units.factor(first, second) * units.factor(second, third) == units.factor(first, third)


def test_pint_agrees_that_dimensions_are_apart() -> None:
    for group in itertools.groupby(units.UNITS, key=lambda each: each.dimension):
        for unit in group[1]:
            assert units.factor(unit.code, unit.code) == Fraction(1)
    bases = {unit.dimension: units._REGISTRY.parse_expression(unit.expression) for unit in units.UNITS}
    for first, second in itertools.combinations(bases, 2):
        assert bases[first].dimensionality != bases[second].dimensionality, (first, second)
    for unit in units.UNITS:
        own = units._REGISTRY.parse_expression(unit.expression).dimensionality
        assert own == bases[unit.dimension].dimensionality, unit.code


@pytest.mark.parametrize(
    ("from_unit", "to_unit"), [("Nm3", "m3"), ("kg*km", "kg"), ("kWh", "kg"), ("m2", "m2*a"), ("d", "kBq")]
)
def test_dimensions_curators_have_confused_are_refused(from_unit: str, to_unit: str) -> None:
    with pytest.raises(units.DimensionMismatch) as refused:
        units.convert(Decimal(1), from_unit, to_unit)
    assert (refused.value.from_unit, refused.value.to_unit) == (from_unit, to_unit)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_that_is_no_number_is_refused(amount: str) -> None:
    with pytest.raises(units.NotFinite):
        units.convert(Decimal(amount), "kg", "t")


def test_every_digit_survives_a_decimal_conversion() -> None:
    long = Decimal("123456789012345678901234567890.123456789")
    assert units.convert(long, "t", "kg") == Decimal("123456789012345678901234567890123.456789")


def test_choices_are_grouped_and_bilingual() -> None:
    chinese, english = units.choices("zh-hans"), units.choices("en")
    assert chinese[0][0] == "质量" and english[0][0] == "Mass"
    assert sum(len(entries) for _, entries in chinese) == len(units.UNITS)
    assert ("1e4 Nm3", "10⁴ Nm³ · 万标准立方米") in dict(chinese)["标准状态体积"]
