"""What differs between two documents: figures by value, moments by instant, all else by its text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from footprint.partners.pact.differences import Difference, differences, is_redeclared
from footprint.partners.pact.texts import exact_json
from tests.footprint.partners.documents import whole

LEAVES = st.sampled_from([None, True, False, 0, 3, "1.5", "1.50", "x", ""])
INNER = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.sampled_from("ab"), LEAVES, max_size=2)
DOCUMENTS = st.dictionaries(
    st.sampled_from(["pcf", "a/b", "~", "id"]),
    INNER | st.lists(INNER, max_size=2) | st.dictionaries(st.sampled_from("ab"), INNER, max_size=2),
    max_size=3,
)


def between(**changes: Any) -> list[Difference]:
    return differences(whole(), whole(**changes))


@pytest.mark.parametrize(
    ("changes", "pointer", "before", "after", "change"),
    [
        ({"pcf__fossilGhgEmissions": "1.16"}, "/pcf/fossilGhgEmissions", "1.45", "1.16", -0.2),
        ({"pcf__biogenicCO2Uptake": "-0.20"}, "/pcf/biogenicCO2Uptake", "-0.10", "-0.20", -1.0),
        ({"pcf__landCarbonLeakage": "3"}, "/pcf/landCarbonLeakage", "0", "3", None),
        ({"pcf__landCarbonLeakage": ...}, "/pcf/landCarbonLeakage", "0", None, None),
        ({"pcf__geographyCountry": "CN"}, "/pcf/geographyCountry", None, "CN", None),
        ({"pcf__ccsTechnologicalCO2CaptureIncluded": False}, "/pcf/ccsTechnologicalCO2CaptureIncluded",
         "true", "false", None),
        (
            {"pcf__secondaryEmissionFactorSources": [{"name": "ecoinvent", "version": "3.110"}]},
            "/pcf/secondaryEmissionFactorSources/0/version", "3.11", "3.110", None,
        ),
        (
            {"pcf__dqi": {"technologicalDQR": "0.8", "geographicalDQR": "2", "temporalDQR": "1"}},
            "/pcf/dqi/technologicalDQR", "1.6", "0.8", -0.5,
        ),
        ({"companyIds": ["urn:b:c", "urn:a:b"]}, "/companyIds",
         "urn:lei:529900T8BM49AURSDO55, urn:pact:example.com:uscc:91370000000000000A",
         "urn:a:b, urn:b:c", None),
    ],
)  # fmt: skip
def test_each_kind_of_value(
    changes: dict[str, Any], pointer: str, before: str | None, after: str | None, change: float | None
) -> None:
    (found,) = between(**changes)
    assert (found.pointer, found.before, found.after) == (pointer, before, after)
    assert found.change == (None if change is None else pytest.approx(change))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pcf__pcfExcludingBiogenicUptake": "1.500"},
        {"created": "2026-05-23T05:47:32+08:00"},
        {"productIds": ["urn:pact:cas.org:substance-number:74-85-1", "urn:gtin:4712345060507"]},
        {"pcf__geographyCountry": None},
    ],
)
def test_what_says_the_same_is_not_listed(changes: dict[str, Any]) -> None:
    assert between(**changes) == []


def test_numbers_of_extensions_are_numbers_with_their_digits() -> None:
    before, after = (
        exact_json(f'{{"extensions": [{{"data": {{"share": {it}}}}}]}}') for it in ("0.50", "0.75")
    )
    (found,) = differences(before, after)
    assert found == Difference("/extensions/0/data/share", "0.50", "0.75", 0.5)


def test_another_amount_is_noticed() -> None:
    assert is_redeclared(between(pcf__declaredUnitAmount="1000"))
    assert is_redeclared(between(pcf__declaredUnitOfMeasurement="liter"))
    assert not is_redeclared(between(pcf__fossilGhgEmissions="2"))


def test_what_is_nested_too_deep_is_one_value() -> None:
    deep: Any = "x"
    for _level in range(200):
        deep = {"a": deep}
    (found,) = differences({}, {"data": deep})
    assert found.pointer == "/data" + "/a" * 49
    assert differences({"data": deep}, {"data": deep}) == []


@given(DOCUMENTS, DOCUMENTS)
@example({"a": 1}, {"a": "1"})
@settings(max_examples=100)
def test_backwards_it_is_the_same_with_sides_exchanged(one: Any, other: Any) -> None:
    there, back = differences(one, other), differences(other, one)
    assert {(each.pointer, each.before, each.after) for each in there} == {
        (each.pointer, each.after, each.before) for each in back
    }
    assert differences(one, one) == []
    assert all(each.before != each.after for each in there)
