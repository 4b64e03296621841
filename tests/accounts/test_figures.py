"""Numbers, units, dates and names as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts import figures


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1.798, 4, "1.798"),
        (1.8, 4, "1.800"),
        (1234567, 4, "1,235,000"),
        (12345.678, 4, "12,350"),
        (0.012345, 3, "0.0123"),
        (999.96, 4, "1,000"),
        (-3.5, 3, "−3.50"),
        (0, 4, "0"),
        (0.00001234, 3, "1.23×10⁻⁵"),
        (-1e12, 4, "−1.000×10¹²"),
        (Decimal("0.5810"), 4, "0.5810"),
        (None, 4, "—"),
        (float("nan"), 4, "—"),
        (float("inf"), 4, "—"),
    ],
)
def test_significant_digits(value: figures.Number | None, digits: int, text: str) -> None:
    assert figures.significant(value, digits) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-4, max_value=9e8), st.integers(2, 8))
def test_significant_digits_keep_the_value(value: float, digits: int) -> None:
    text = figures.significant(value, digits).replace(",", "")
    assert float(text) == pytest.approx(value, rel=0.5 * 10 ** (1 - digits) * 1.0001)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234.500"), "1,234.500"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("-0.10"), "−0.10"),
        (12, "12"),
        (0.1, "0.1"),
        (1e-9, "0.000000001"),
        (Decimal("NaN"), "—"),
        (None, "—"),
    ],
)
def test_quantity_is_what_was_typed(value: figures.Number | None, text: str) -> None:
    assert figures.quantity(value) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6))
def test_quantity_loses_no_digit(value: Decimal) -> None:
    text = figures.quantity(value).replace(",", "").replace("−", "-")
    assert Decimal(text) == value


@pytest.mark.parametrize(
    ("share", "text"), [(0.1234, "12.3%"), (12.5, "1,250.0%"), (-0.05, "−5.0%"), (None, "—")]
)
def test_percent(share: float | None, text: str) -> None:
    assert figures.percent(share) == text


@pytest.mark.parametrize(
    ("first", "last", "chinese", "english"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), "2024年", "2024"),
        (date(2023, 1, 1), date(2024, 12, 31), "2023–2024年", "2023–2024"),
        (
            date(2024, 2, 1),
            date(2024, 12, 31),
            "2024年2月1日 – 2024年12月31日",
            "1 February 2024 – 31 December 2024",
        ),
    ],
)
def test_periods(first: date, last: date, chinese: str, english: str) -> None:
    assert figures.year_range(first, last, "zh-hans") == chinese
    assert figures.year_range(first, last, "en") == english


@pytest.mark.parametrize(
    ("thing", "language", "text"),
    [
        (SimpleNamespace(name_zh="乙烯", name_en="Ethylene"), "zh-hans", "乙烯"),
        (SimpleNamespace(name_zh="乙烯", name_en="Ethylene"), "en", "Ethylene"),
        (SimpleNamespace(name_zh="乙烯", name_en=""), "en", "乙烯"),
        ({"name_zh": "", "name_en": "Ethylene"}, "zh-hans", "Ethylene"),
        ("plain", "en", "plain"),
        (None, "en", ""),
    ],
)
def test_names_follow_the_reader(thing: object, language: str, text: str) -> None:
    assert figures.name(thing, language) == text


def rendered(source: str, language: str = "en", **context: object) -> str:
    with translation.override(language):
        return Template("{% load figures %}" + source).render(Context(context))


def test_value_and_unit_stay_together_with_a_subscript() -> None:
    html = rendered('{% figure value unit|co2e_unit size="hero" %}', value=1.798, unit="kg")
    assert '<span class="figure-number figure-hero">' in html
    assert 'figure-value">1.798</span>&nbsp;<span class="figure-unit">kg CO<sub>2</sub>e / kg</span>' in html


def test_a_figure_links_to_where_it_comes_from() -> None:
    assert 'href="/runs/7/"' in rendered('{% figure 1.5 "t" href="/runs/7/" %}')


def test_a_missing_figure_has_no_unit() -> None:
    assert (
        rendered('{% figure nothing "kg" %}')
        == '<span class="figure-number"><span class="figure-value">—</span></span>'
    )


def test_units_are_escaped() -> None:
    assert "<b>" not in rendered(
        "{{ unit|co2e_unit }}{{ unit|chemical }}{% figure 1 unit %}", unit="<b>kg</b>"
    )


def test_a_unit_that_a_template_spells_out_is_set_like_any_other() -> None:
    assert "kg CO<sub>2</sub>e / kg" in rendered('{% figure 1 "kg CO2e / kg" %}')
    assert "kg CO<sub>2</sub>e / kg" in rendered("{% figure 1 unit|co2e_unit %}", unit="kg")


def test_dates_and_times_are_local() -> None:
    moment = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
    assert rendered("{{ moment|local_date }}", "zh-hans", moment=moment) == "2026年11月24日"
    assert rendered("{{ moment|local_time }}", "en", moment=moment) == "24 November 2026 01:05"
    assert rendered("{{ nothing|local_date }}{{ nothing|local_time }}", nothing=None) == "——"
