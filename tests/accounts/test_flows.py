"""Streams through a site: nodes close or are red, and loops are cut where it hurts least."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.charts import Link, Node, SankeyChart

FRAME: dict[str, Any] = {"id": "c", "title": "Site", "unit": "t"}
NODES = [
    Node("in", "Bought", "outside"),
    Node("a", "Cracker", href="/cracker/"),
    Node("b", "Boiler"),
    Node("out", "Sold", "outside"),
    Node("air", "To air", "emission"),
]


@pytest.fixture(autouse=True, scope="module")
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def site(*links: Link, tolerance: float = 0.01) -> SankeyChart:
    return SankeyChart(**FRAME, nodes=NODES, links=links, tolerance=tolerance)


def drawn(chart: SankeyChart) -> str:
    return Template("{% load components %}{% chart chart %}").render(Context({"chart": chart}))


def test_a_site_that_closes() -> None:
    chart = site(Link("in", "a", 10, "Naphtha", "purchased", "/n/"), Link("a", "out", 10))
    payload = chart.payload()
    assert chart.refusal == "" and chart.remarks == []
    assert {node["key"]: node["tone"] for node in payload["nodes"]} == {
        "in": "outside",
        "a": "process",
        "out": "outside",
    }
    streams, balances = chart.tables
    assert [cell.text for cell in streams.rows[0]] == ["Bought", "Cracker", "Naphtha", "10.00"]
    assert [cell.text for cell in balances.rows[1]] == [
        "Cracker",
        "Unit process",
        "10.00",
        "10.00",
        "0",
        "yes",
    ]


def test_a_node_that_does_not_close_is_red_and_named() -> None:
    chart = site(Link("in", "a", 10), Link("a", "out", 8))
    node = next(node for node in chart.payload()["nodes"] if node["key"] == "a")
    assert (node["tone"], node["gap"]) == ("open", "gap +2.00")
    assert chart.remarks == ["Cracker does not close: 10.00 in, 8.000 out, difference +2.00 t."]
    assert 'class="chip chip-bad">no' in drawn(chart)


@pytest.mark.parametrize(("given_out", "closes"), [(9.91, True), (9.89, False), (10.09, True), (10.2, False)])
def test_the_tolerance_decides(given_out: float, closes: bool) -> None:
    assert site(Link("in", "a", 10), Link("a", "out", given_out)).balances["a"].closes is closes


def test_only_processes_must_close() -> None:
    chart = site(Link("in", "air", 5))
    assert all(balance.closes for balance in chart.balances.values())


def test_a_loop_is_cut_at_its_smallest_stream() -> None:
    chart = site(
        Link("in", "a", 9), Link("a", "b", 3), Link("b", "a", 2), Link("b", "air", 1), Link("a", "out", 8)
    )
    payload = chart.payload()
    hollow = [node for node in payload["nodes"] if node["tone"] == "return"]
    assert chart.returns == {2}
    assert [node["label"] for node in hollow] == ["↩ Cracker", "↩ Boiler"]
    assert len(payload["links"]) == 6 and chart.balances["a"].gap == 0
    assert "loop" in chart.remarks[-1]


def test_a_process_that_feeds_itself_is_a_loop() -> None:
    chart = site(Link("a", "a", 1), Link("in", "a", 1), Link("a", "out", 1))
    assert chart.returns == {0} and chart.balances["a"].closes


@pytest.mark.parametrize("link", [Link("a", "nowhere", 1), Link("a", "out", -1), Link("a", "out", math.nan)])
def test_streams_that_cannot_be_drawn_are_refused_and_listed(link: Link) -> None:
    chart = site(Link("in", "a", 1), link)
    assert chart.refusal != ""
    assert "chart-plot" not in drawn(chart) and "Bought" in drawn(chart)


def test_a_site_without_streams_is_empty() -> None:
    assert "empty-state" in drawn(site())


def test_a_stream_of_nothing_is_in_the_table_only() -> None:
    chart = site(Link("in", "a", 1), Link("a", "out", 1), Link("a", "air", 0))
    assert len(chart.payload()["links"]) == 2 and len(chart.tables[0].rows) == 3


def test_links_and_nodes_lead_somewhere() -> None:
    html = drawn(site(Link("in", "a", 1, "Naphtha", href="/naphtha/"), Link("a", "out", 1)))
    assert 'href="/naphtha/"' in html and 'href="/cracker/"' in html


KEYS = [node.key for node in NODES]
LINKS = st.lists(
    st.builds(Link, st.sampled_from(KEYS), st.sampled_from(KEYS), st.floats(0.001, 1e6)), max_size=25
)


@given(LINKS)
def test_what_is_drawn_has_no_loop_and_loses_nothing(links: list[Link]) -> None:
    chart = site(*links)
    payload = chart.payload()
    ahead: dict[str, set[str]] = {}
    for link in payload["links"]:
        ahead.setdefault(link["from"], set()).add(link["to"])
    left = set(ahead) | {there for others in ahead.values() for there in others}
    assert left <= {node["key"] for node in payload["nodes"]}
    while left:
        sinks = {key for key in left if not ahead.get(key, set()) & left}
        assert sinks, "a loop is left"
        left -= sinks
    for key in KEYS:
        given_out = sum(link["value"] for link in payload["links"] if link["from"] == key)
        assert given_out == pytest.approx(chart.balances[key].given)
