"""The best factor first, with its reasons: what counts as the same thing, and what is never proposed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factors.matching import Likeness, Match, Wanted, likeness, matches
from factors.models import Factor, FactorVersion

GAS = ("天然气", "Natural gas")


def wanted(names: tuple[str, str] = GAS, province: str = "CN-SD", year: int = 2024) -> Wanted:
    return Wanted(*names, province, year)


def version(pk: int = 1, names: tuple[str, str] = GAS, kind: str = "fuel", **more: object) -> FactorVersion:
    factor = Factor(code=f"factor-{pk:04}", name_zh=names[0], name_en=names[1], kind=kind, unit="GJ")
    stated = {"geography": "CN", "reference_year": 2024, "scope": "co2e", "transcription": "confirmed"}
    return FactorVersion(pk=pk, factor=factor, number=1, **{**stated, **more})


def codes(match: Match) -> set[str]:
    return {reason.code for reason in match.reasons if reason.speaks_for}


@pytest.mark.parametrize(
    ("looked_for", "found", "kind", "how"),
    [
        (GAS, ("天然气燃烧", "Natural gas, combustion"), "fuel", Likeness.SAME),
        (GAS, ("天然气供应（井到罐，英国）", "Natural gas (UK)"), "fuel", Likeness.SAME),
        (("烟煤", "Bituminous coal"), ("无烟煤燃烧", "Anthracite, combustion"), "fuel", Likeness.ALIKE),
        (("煤炭", "Coal"), ("煤层气燃烧", "Coal bed methane"), "fuel", Likeness.ALIKE),
        (("乙烷", "Ethane"), ("丁烷燃烧", "Butane"), "fuel", Likeness.OTHER),
        (
            ("外购电力", "Purchased electricity"),
            ("山东省级电网平均", "Shandong grid, average"),
            "electricity",
            Likeness.SAME,
        ),
        (
            ("外购电力", "Purchased electricity"),
            ("电力碳足迹：光伏发电", "Photovoltaic power"),
            "electricity",
            Likeness.ALIKE,
        ),
        (("", ""), ("", ""), "fuel", Likeness.OTHER),
    ],
)
def test_what_is_the_same_thing(
    looked_for: tuple[str, str], found: tuple[str, str], kind: str, how: Likeness
) -> None:
    assert likeness(wanted(looked_for), version(names=found, kind=kind).factor) is how


def test_the_nearer_place_the_nearer_year_and_single_gases_come_first() -> None:
    rows = [
        version(1, geography="GB"),
        version(2, geography="CN"),
        version(3, geography="CN-SD", reference_year=2020),
        version(4, geography="CN-SD", reference_year=2023),
        version(5, geography="CN-GRID-NC"),
        version(6, geography="CN", names=("柴油", "Diesel")),
        version(7, geography="CN-SD", transcription="single"),
        version(8, geography="CN"),
    ]
    found = matches(wanted(), rows, resolved={8})
    assert [each.version.pk for each in found] == [4, 3, 5, 8, 2, 1, 7, 6]
    assert {"same_substance", "same_province", "year_distance", "transcription"} <= codes(found[0])
    assert "total_only" not in codes(found[0])
    assert "by_gas" in codes(found[3])


def test_a_year_that_has_not_come_yet_weighs_twice() -> None:
    rows = [version(1, reference_year=2025), version(2, reference_year=2023)]
    assert [each.version.pk for each in matches(wanted(), rows, ())] == [2, 1]


versions = st.builds(
    version,
    pk=st.integers(1, 1000),
    names=st.sampled_from([GAS, ("天然气燃烧", "Natural gas, combustion"), ("柴油", "Diesel")]),
    geography=st.sampled_from(["CN", "CN-SD", "CN-GRID-NC", "GB", "GLO"]),
    reference_year=st.integers(2010, 2030),
    transcription=st.sampled_from(["single", "confirmed", "official"]),
)


@given(st.lists(versions, max_size=6, unique_by=lambda each: each.pk))
def test_the_order_is_of_the_rows_alone_and_what_was_copied_once_is_never_the_best(
    rows: list[FactorVersion],
) -> None:
    resolved = {each.pk for each in rows[:2]}
    found = matches(wanted(), rows, resolved)
    again = matches(wanted(), rows[::-1], resolved)
    assert [each.version.pk for each in found] == [each.version.pk for each in again]
    for match in found:
        if match.may_be_best:
            assert match.version.transcription != "single"
            assert "same_substance" in codes(match)
    # whatever may be proposed stands before all that may not
    marks = [match.may_be_best for match in found]
    assert marks == sorted(marks, reverse=True)
