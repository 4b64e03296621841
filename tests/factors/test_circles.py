"""Whatever is derived from whatever, what is accepted has an order in which it can be worked out."""

from __future__ import annotations

from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.errors import Refusals
from factors.actions.publish_version import publish_version
from factors.circles import circle
from factors.models import Factor, FactorVersion
from tests.factors.conftest import ANOTHER, Contents

PLACES = st.integers(0, 7)
STEPS = st.lists(st.tuples(PLACES, st.lists(PLACES, max_size=3)), max_size=15)


@given(STEPS)
def test_what_is_accepted_has_an_order_and_what_is_refused_has_none(
    steps: list[tuple[int, list[int]]],
) -> None:
    graph: dict[int, set[int]] = {}
    for start, parents in steps:
        way = circle(start, parents, graph)
        tried = {**graph, start: graph.get(start, set()) | set(parents)}
        if not way:
            list(TopologicalSorter(tried).static_order())
            graph = tried
            continue
        try:
            list(TopologicalSorter(tried).static_order())
        except CycleError:
            pass
        else:
            raise AssertionError((start, parents, graph))
        assert way[0] == way[-1] == start and way[1] in parents
        assert all(after in tried[before] for before, after in pairwise(way))


def test_the_shortest_way_is_told() -> None:
    assert circle("a", ["b"], {"b": ["c", "d"], "c": ["a"], "d": ["c"]}) == ("a", "b", "c", "a")
    assert circle("a", ["a"], {}) == ("a", "a")
    assert circle("a", ["b"], {"b": ["c"]}) == ()


def test_a_version_is_derived_from_versions_that_are_there_and_never_from_its_own_factor(
    grid: Factor, curator: Actor, content: Contents
) -> None:
    other = Factor.objects.get(code="electricity-cn-footprint-average")

    def derived(factor: Factor, *parents: object, year: int = 2022) -> FactorVersion:
        said = content("0.6", reference_year=year, derivation={"parents": [str(each) for each in parents]})
        return publish_version(factor, by=curator, prepared_by=ANOTHER, content=said)

    first = publish_version(
        other, by=curator, prepared_by=ANOTHER, content=content("0.6", reference_year=2021)
    )
    second = derived(grid, first.uuid)
    assert second.derivation == {"parents": [str(first.uuid)]}
    before = FactorVersion.objects.count()
    for parents, code in (
        ((second.uuid,), "circle"),
        (("nothing",), "unknown_parent"),
        ((other.uuid,), "unknown_parent"),
    ):
        with pytest.raises(Refusals) as refused:
            derived(other, *parents)
        assert [(each.code, each.field) for each in refused.value.refusals] == [(code, "parents")]
    with pytest.raises(Refusals, match="itself"):
        derived(grid, second.uuid, year=2020)
    FactorVersion.objects.filter(pk=first.pk).update(status="withdrawn")
    with pytest.raises(Refusals, match="withdrawn"):
        derived(grid, first.uuid, year=2020)
    assert FactorVersion.objects.count() == before


def test_what_burns_is_stated_gas_by_gas(small: object, curator: Actor, content: Contents) -> None:
    fuel = Factor.objects.get(code="fuel-natural-gas-nm3")
    total = content("2.1", gas="CO2e", origin="unspecified", scope="co2e", boundary="combustion")
    with pytest.raises(Refusals) as refused:
        publish_version(fuel, by=curator, prepared_by=ANOTHER, content=total)
    assert [each.code for each in refused.value.refusals] == ["gas_split"]
    upstream = replace(total, boundary="upstream")
    assert publish_version(fuel, by=curator, prepared_by=ANOTHER, content=upstream).pk
