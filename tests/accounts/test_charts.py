"""Charts as data: they close, or they are not drawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template

from accounts.charts import Chart, ContributionChart, Part, Stack, StackChart, StripChart

FRAME: dict[str, Any] = {"id": "c", "title": "Ethylene", "unit": "kg CO2e / kg"}
PARTS = [Part("Naphtha", 0.75, "purchased"), Part("Power", 0.5, "energy"), Part("Credit", -0.25)]


def drawn(chart: Chart) -> str:
    return Template("{% load components %}{% chart chart %}").render(Context({"chart": chart}))


def said(chart: Chart) -> list[list[list[str]]]:
    """Every table of the chart as rows of texts."""
    return [[[cell.text for cell in row] for row in table.rows] for table in chart.tables]


def test_parts_that_sum_are_drawn_largest_first() -> None:
    chart = ContributionChart(**FRAME, total=1.0, parts=PARTS)
    assert chart.refusal == ""
    assert [part["share"] for part in chart.payload()["parts"]] == ["75.0%", "50.0%", "−25.0%"]
    assert [key for key, _words in chart.groups] == ["energy", "purchased", "rest"]


@pytest.mark.parametrize(
    ("total", "closes"), [(1.0 + 9e-7, True), (1.0 - 9e-7, True), (1.0 + 3e-6, False), (0.0, False)]
)
def test_parts_close_to_a_millionth(total: float, closes: bool) -> None:
    assert (ContributionChart(**FRAME, total=total, parts=PARTS).refusal == "") is closes


def test_parts_that_do_not_sum_leave_a_table_and_the_reason() -> None:
    html = drawn(ContributionChart(**FRAME, total=2.0, parts=PARTS))
    assert "chart-plot" not in html
    assert 'class="note note-bad"' in html and "Naphtha" in html


def test_many_parts_are_drawn_as_twelve_and_the_rest_and_still_close() -> None:
    parts = [Part(f"part {n}", float(n)) for n in range(1, 31)]
    chart = ContributionChart(**FRAME, total=465.0, parts=parts)
    bars = chart.payload()["parts"]
    assert len(bars) == 13 and len(chart.tables[0].rows) == 30
    assert sum(bar["value"] for bar in bars) == pytest.approx(465.0)


def test_nothing_at_all_closes_on_zero() -> None:
    assert ContributionChart(**FRAME, total=0.0, parts=[]).refusal == ""


def test_a_stack_that_does_not_sum_refuses_the_chart() -> None:
    good = Stack("2024", 1.0, PARTS)
    assert StackChart(**FRAME, stacks=[good]).refusal == ""
    assert StackChart(**FRAME, stacks=[good, Stack("2025", 1.1, PARTS)]).refusal != ""


def test_a_stack_has_every_group_in_its_table() -> None:
    chart = StackChart(**FRAME, stacks=[Stack("2024", 1.0, PARTS)])
    assert said(chart)[0] == [["2024", "0.5000", "0.7500", "−0.2500", "1.000"]]
    assert [series["values"] for series in chart.payload()["series"]] == [[0.5], [0.75], [-0.25]]


def test_a_strip_says_own_value_and_median_in_words() -> None:
    chart = StripChart(**FRAME, own=1.8, own_label="Own", median=1.6, median_digits=2, low=1.0, high=None)
    assert [text for _label, text in said(chart)[0]] == ["1.800", "1.6", "1.0"]
    assert chart.payload()["median"]["text"] == "1.6"
    assert chart.payload()["high"] is None


def test_json_cannot_break_out_of_its_attribute() -> None:
    html = drawn(ContributionChart(**FRAME, total=1.0, parts=[Part("\"><b>'", 1.0)]))
    assert "<b>" not in html
