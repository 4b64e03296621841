"""Every kind of chart: what it draws, when it refuses, what its table says."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.charts import (
    Branch,
    Bubble,
    BubbleChart,
    Chart,
    ChartChoice,
    Choice,
    Comparison,
    Density,
    Estimate,
    IntervalChart,
    Line,
    ParetoChart,
    Part,
    RadarChart,
    RangeChart,
    Rating,
    SlopeChart,
    Spread,
    Step,
    Swing,
    TornadoChart,
    TreeTable,
    WaterfallChart,
    measured,
)

FRAME: dict[str, Any] = {"id": "c", "title": "Ethylene", "unit": "kg CO2e / kg", "origin": "Run 1"}
MONEY = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.fixture(autouse=True, scope="module")
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def drawn(chart: Chart) -> str:
    return Template("{% load components %}{% chart chart %}").render(Context({"chart": chart}))


def said(chart: Chart) -> list[list[str]]:
    return [[cell.text for cell in row] for table in chart.tables for row in table.rows]


def waterfall(end: float, *values: float) -> WaterfallChart:
    steps = [Step(f"cause {n}", value) for n, value in enumerate(values)]
    return WaterfallChart(**FRAME, start=2.0, start_label="V1", end=end, end_label="V2", steps=steps)


def pareto(total: float, *values: float) -> ParetoChart:
    return ParetoChart(**FRAME, total=total, parts=[Part(f"p{n}", value) for n, value in enumerate(values)])


def tornado(*swings: Swing) -> TornadoChart:
    return TornadoChart(**FRAME, base=1.0, base_label="Base", swings=swings)


def ranges(*spreads: Spread) -> RangeChart:
    return RangeChart(**FRAME, methods={"mass": "By mass", "value": "By value"}, spreads=spreads)


def radar(*scores: float, axes: int = 3) -> RadarChart:
    return RadarChart(**FRAME, axes=[f"a{n}" for n in range(axes)], ratings=[Rating("Own", scores)])


def test_a_bridge_leads_from_start_to_end() -> None:
    chart = waterfall(2.2, 0.5, -0.3)
    assert chart.refusal == ""
    bars = chart.payload()["bars"]
    assert [bar["tone"] for bar in bars] == ["total", "rise", "fall", "total"]
    assert all(one["to"] == pytest.approx(two["from"]) for one, two in pairwise(bars[:3]))
    assert said(chart) == [
        ["V1", "", "2.000"],
        ["cause 0", "+0.5000", "2.500"],
        ["cause 1", "−0.3000", "2.200"],
    ]


def test_a_bridge_that_does_not_arrive_says_how_much_has_no_cause() -> None:
    chart = waterfall(2.5, 0.2)
    assert "+0.3000" in chart.refusal
    assert "chart-plot" not in drawn(chart) and "cause 0" in drawn(chart)


@given(MONEY, st.lists(MONEY, max_size=8))
def test_a_bridge_closes_on_its_own_sum_and_on_nothing_far_from_it(start: float, values: list[float]) -> None:
    steps = [Step("cause", value) for value in values]
    frame = {**FRAME, "start": start, "start_label": "a", "end_label": "b", "steps": steps}
    end = start + sum(values)
    largest = max(abs(value) for value in (start, end, *values))
    assert WaterfallChart(**frame, end=end).refusal == ""
    if largest > 1e-3:
        assert WaterfallChart(**frame, end=end + 1e-3 * largest).refusal != ""


@given(st.floats(0.01, 1e6), st.lists(st.floats(-0.2, 0.2), min_size=1, max_size=6))
def test_the_axis_of_a_bridge_starts_at_zero_or_below_every_level(start: float, shares: list[float]) -> None:
    values = [start * share for share in shares]
    frame = {**FRAME, "start_label": "a", "end_label": "b", "steps": [Step("c", value) for value in values]}
    chart = WaterfallChart(**frame, start=start, end=start + sum(values))
    assert chart.floor == 0 or 0 < chart.floor < min(accumulate([start, *values]))
    assert bool(chart.floor) is any("axis" in remark for remark in chart.remarks)


def test_small_steps_cut_the_axis_and_the_chart_says_so() -> None:
    chart = waterfall(2.01, 0.01)
    assert 1.9 < chart.floor < 2
    assert chart.remarks[0] == f"The axis starts at {chart.floor}, not at zero."


def test_a_pareto_reaches_the_whole() -> None:
    chart = pareto(4.0, 1.0, 3.0)
    assert [part["running_text"] for part in chart.payload()["parts"]] == ["75.0%", "100.0%"]
    assert said(chart) == [["p1", "3.000", "75.0%", "75.0%"], ["p0", "1.000", "25.0%", "100.0%"]]


def test_a_pareto_puts_what_lowers_the_total_last() -> None:
    running = [part["running"] for part in pareto(3.0, -1.0, 4.0).payload()["parts"]]
    assert running == [4.0, 3.0]


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=40))
def test_a_pareto_of_many_parts_still_ends_at_the_whole(values: list[float]) -> None:
    total = sum(values)
    bars = pareto(total, *values).payload()["parts"]
    assert len(bars) <= 13 and bars[-1]["running"] == pytest.approx(total)


@pytest.mark.parametrize(("total", "values"), [(5.0, (1.0, 3.0)), (-1.0, (-2.0, 1.0)), (0.0, (1.0, -1.0))])
def test_a_pareto_is_refused_when_shares_mean_nothing(total: float, values: tuple[float, ...]) -> None:
    assert pareto(total, *values).refusal != ""


def test_a_tornado_shows_the_most_telling_input_first() -> None:
    chart = tornado(Swing("grid", 0.9, 1.1), Swing("yield", 1.4, 0.7, "30%", "34%", "/yield/"))
    rows = chart.payload()["rows"]
    assert [row["label"] for row in rows] == ["yield", "grid"]
    assert [end["tone"] for end in rows[0]["ends"]] == ["rise", "fall"]
    assert said(chart)[0] == ["yield", "30%", "1.400", "34%", "0.7000", "0.7000"]
    assert 'href="/yield/"' in drawn(chart)


def test_a_tornado_draws_twelve_and_says_that_there_are_more() -> None:
    chart = tornado(*(Swing(str(n), 0.9, 1.1) for n in range(20)))
    assert len(chart.payload()["rows"]) == 12 and len(said(chart)) == 20
    assert chart.remarks == ["The 12 largest of 20 are drawn; the table has all of them."]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_no_number_is_not_drawn(bad: float) -> None:
    assert tornado(Swing("grid", bad, 1.0)).refusal != ""
    assert waterfall(2.0, bad).refusal != ""
    assert pareto(1.0, bad).refusal != ""
    assert ranges(Spread("Ethylene", {"mass": bad})).refusal != ""
    for chart in (tornado(Swing("grid", bad, 1.0)), waterfall(2.0, bad), pareto(1.0, bad)):
        assert "chart-plot" not in drawn(chart)


def test_a_range_marks_the_method_in_force() -> None:
    chart = ranges(Spread("Ethylene", {"value": 3.0, "mass": 1.5}, "mass"))
    row = chart.payload()["rows"][0]
    assert [(dot["mark"], dot["in_force"]) for dot in row["dots"]] == [("1", True), ("2", False)]
    assert (row["low"], row["high"], row["times"]) == (1.5, 3.0, "×2.0")
    assert said(chart) == [["Ethylene", "By mass", "1.500", "3.000", "×2.0"]]
    assert chart.marks == [("1", "By mass"), ("2", "By value")]


@pytest.mark.parametrize(
    "spread",
    [Spread("Ethylene", {"price": 1.0}), Spread("Ethylene", {}), Spread("Ethylene", {"mass": 1.0}, "value")],
)
def test_a_range_refuses_what_it_cannot_compare(spread: Spread) -> None:
    chart = ranges(spread)
    assert "Ethylene" in chart.refusal and "chart-plot" not in drawn(chart)


def test_a_range_below_zero_has_no_ratio() -> None:
    assert Spread("Steam", {"mass": -1.0, "value": 2.0}).times == ""


def test_an_interval_says_how_sure_it_is() -> None:
    chart = IntervalChart(
        **FRAME,
        estimates=[Estimate("A", 1.0, 1.5, 2.5, Density(1.0, 3.0, [1, 4, 2, 0]))],
        comparisons=[Comparison("A", "B", 0.874)],
    )
    row = chart.payload()["rows"][0]
    assert row["text"] == "1.500 (1.00 – 2.50)"
    assert row["density"] == [[1.0, 1.5, 0.25], [1.5, 2.0, 1.0], [2.0, 2.5, 0.5], [2.5, 3.0, 0.0]]
    assert chart.remarks == ["A is below B in 87.4% of the draws."]
    assert said(chart) == [["A", "1.000", "1.500", "2.500"]]


def test_a_median_outside_its_interval_is_refused() -> None:
    assert "A" in IntervalChart(**FRAME, estimates=[Estimate("A", 1.0, 3.0, 2.5)]).refusal


def test_a_slope_compares_with_the_first_profile() -> None:
    chart = SlopeChart(**FRAME, profiles=["GB/T", "PACT", "CBAM"], lines=[Line("A", [2.0, None, 1.5])])
    points = chart.payload()["lines"][0]["points"]
    assert [point["difference"] for point in points] == ["", "", "−25.0%"]
    assert said(chart) == [["GB/T", "2.000", ""], ["PACT", "—", ""], ["CBAM", "1.500", "−25.0%"]]


def test_what_is_known_to_two_digits_is_told_with_two() -> None:
    slope = SlopeChart(**FRAME, profiles=["2024"], lines=[Line("A", [2.0], digits=2)])
    assert slope.payload()["lines"][0]["points"][0]["text"] == "2.0"
    assert said(slope) == [["2024", "2.0", ""]]
    bridge = WaterfallChart(
        **FRAME, start=2.0, start_label="V1", start_digits=2, end=3.0, end_label="V2", steps=[Step("a", 1.0)]
    )
    assert bridge.payload()["bars"][0]["text"] == "2.0"
    assert said(bridge)[0] == ["V1", "", "2.0"]


def test_a_slope_from_a_credit_rises_when_the_credit_shrinks() -> None:
    assert Line("A", [-2.0, -1.0]).difference(1) == "+50.0%"


def test_a_slope_with_a_missing_place_is_refused_and_still_readable() -> None:
    chart = SlopeChart(**FRAME, profiles=["GB/T", "PACT"], lines=[Line("A", [2.0])])
    assert chart.refusal != "" and said(chart) == [["A", "2.000"]]


def test_a_radar_has_its_scores_in_the_table() -> None:
    chart = radar(1.0, 2.5, 5.0)
    assert chart.refusal == "" and said(chart) == [["a0", "1.0"], ["a1", "2.5"], ["a2", "5.0"]]


@pytest.mark.parametrize("chart", [radar(1, 2, axes=2), radar(1, 2), radar(1, 2, 6), radar(1, 2, math.nan)])
def test_a_radar_refuses_what_has_no_place_on_it(chart: RadarChart) -> None:
    assert chart.refusal != "" and "chart-plot" not in drawn(chart)


def bubbles(*several: Bubble, total: float = 10.0) -> BubbleChart:
    return BubbleChart(**FRAME, bubbles=several, total=total)


def test_large_and_poor_comes_first_and_is_marked() -> None:
    chart = bubbles(Bubble("good", 8.0, 1.1), Bubble("poor", 5.0, 4.0), Bubble("tiny", 0.1, 5.0))
    assert [(one["label"], one["is_telling"]) for one in chart.payload()["bubbles"]] == [
        ("poor", True),
        ("good", False),
        ("tiny", False),
    ]
    assert 'class="chip chip-wait">4.0' in drawn(chart)


@pytest.mark.parametrize("chart", [bubbles(Bubble("a", 1.0, 1.0), total=0.0), bubbles(Bubble("a", 1.0, 0.5))])
def test_bubbles_without_a_place_are_refused(chart: BubbleChart) -> None:
    assert chart.refusal != ""


@pytest.mark.parametrize(
    "chart",
    [
        pareto(0.0),
        tornado(),
        ranges(),
        IntervalChart(**FRAME, estimates=[]),
        SlopeChart(**FRAME, profiles=[], lines=[]),
        RadarChart(**FRAME, axes=["a", "b", "c"], ratings=[]),
        bubbles(total=0.0),
    ],
    ids=lambda chart: chart.kind,
)
def test_an_empty_chart_says_so_and_draws_nothing(chart: Chart) -> None:
    html = drawn(chart)
    assert chart.is_empty and chart.refusal == ""
    assert "empty-state" in html and "chart-plot" not in html and "data-chart-toggle" not in html


def test_a_payload_is_json_and_its_module_is_named() -> None:
    html = drawn(pareto(1.0, 1.0))
    assert "js/charts/pareto.js" in html
    attribute = re.search(r'data-chart="([^"]+)"', html)
    assert attribute and json.loads(attribute[1].replace("&quot;", '"'))["kind"] == "pareto"


def tree(*branches: Branch, total: float) -> str:
    table = TreeTable(id="t", title="Providers", unit="kg CO2e", total=total, branches=branches)
    return render_to_string("components/tree.html", {"tree": table})


def test_a_tree_opens_without_script() -> None:
    oil = Branch("Oil", 3.0, "2 kg", children=[Branch("Well", 2.0), Branch("Ship", 1.0, url="/ship/")])
    html = tree(oil, Branch("Power", 1.0, href="/power/"), total=4.0)
    assert html.count("<details") == 2 and html.index("Well") < html.index("Ship") < html.index("Power")
    assert 'hx-get="/ship/"' in html and 'href="/ship/"' in html and 'href="/power/"' in html
    assert "75.0%" in html and "note-bad" not in html


def test_a_tree_whose_children_do_not_sum_says_which() -> None:
    html = tree(Branch("Oil", 3.0, children=[Branch("Well", 2.0)]), total=3.0)
    assert "note-bad" in html and "Oil: " in html


def test_branches_that_come_later_are_shares_of_the_same_total() -> None:
    assert [branch.share for branch in measured([Branch("Ship", 1.0), Branch("Well", 2.0)], 8.0)] == [
        "25.0%",
        "12.5%",
    ]


@pytest.mark.parametrize(("asked", "shown"), [("b", "b"), ("", "a"), ("strange", "a")])
def test_a_choice_shows_one_chart_and_links_to_the_others(asked: str, shown: str) -> None:
    choices = [
        Choice(key, key.upper(), f"?basis={key}", ParetoChart(**{**FRAME, "id": key}, total=0.0, parts=[]))
        for key in "ab"
    ]
    html = render_to_string("components/chart_choice.html", {"choice": ChartChoice("Basis", choices, asked)})
    assert re.findall(r'data-choice="(\w)" aria-current="true"', html) == [shown]
    assert re.findall(r'data-choice-of="(\w)"(?! hidden)', html) == [shown]
    assert 'href="?basis=b"' in html
