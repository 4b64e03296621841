"""Whatever a partner or a person writes anywhere in a footprint: findings, never an exception."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.partners.judging import judged
from footprint.partners.pact import dialect, values
from footprint.partners.pact.texts import Exact, exact_text
from tests.footprint.partners.documents import WHOLE
from tests.footprint.partners.test_model import TREES


def _places(tree: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in it."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, inner in inside:
        yield (*way, step)
        yield from _places(inner, (*way, step))


def _with(tree: Any, way: tuple[Any, ...], value: Any) -> Any:
    """The same with another value there; as it was where there is no such place any longer."""
    if not way:
        return value
    copied = copy.copy(tree)
    known = copied if isinstance(copied, dict) else range(len(copied)) if isinstance(copied, list) else ()
    if way[0] in known:
        copied[way[0]] = _with(copied[way[0]], way[1:], value)
    return copied


DOCUMENTS = {3: WHOLE, 2: dialect.to_v2(WHOLE).document}
HOSTILE = st.one_of(
    TREES,
    st.floats(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            5, -(10**400), 1.5, [{}], [[]], [None], {"": []}, "\ud800", "\0", "9" * 100, "1e5", "AR6",
            Exact("1e9999999"), Exact("-1e-9999999"), "9997-01-01T00:00:00Z", "9999-12-31T23:59:60Z",
            "0001-01-01T00:00:00+14:00",
        ]
    ),
)  # fmt: skip


@pytest.mark.parametrize("version", [2, 3])
@given(st.data())
@settings(deadline=None)
def test_anything_at_any_place_gives_findings(version: int, data: st.DataObject) -> None:
    document: Any = DOCUMENTS[version]
    ways = data.draw(st.lists(st.sampled_from(sorted(_places(document), key=str)), max_size=4), "ways")
    for way in ways:
        document = _with(document, way, data.draw(HOSTILE, str(way)))
    found = judged(document, at=values.midnight(date(2028, 1, 1)), version=version)
    assert isinstance(found.findings, list)


@pytest.mark.parametrize(
    ("version", "way", "value"),
    [
        (2, ("productClassifications",), 5),
        (2, ("pcf", "crossSectoralStandards"), 5),
        (2, ("pcf", "ipccCharacterizationFactorsSources"), 1),
        (2, ("pcf", "crossSectoralStandards"), "ISO14067"),
        (3, ("pcf", "referencePeriodEnd"), "9998-01-01T00:00:00Z"),
        (2, ("pcf", "exemptedEmissionsPercent"), Exact("1e9999999")),
    ],
)
def test_what_is_malformed_is_found(version: int, way: tuple[str, ...], value: Any) -> None:
    document = _with(DOCUMENTS[version], way, value)
    assert judged(document, at=values.midnight(date(2026, 6, 1)), version=version).findings


def test_standards_of_version_2_in_another_list_are_read_one_by_one() -> None:
    document = _with(DOCUMENTS[2], ("pcf", "crossSectoralStandards"), [])
    used = [{}, "ISO Standard 14067", 5]
    restated = dialect.from_v2(_with(document, ("pcf", "crossSectoralStandardsUsed"), used))
    assert restated["pcf"]["crossSectoralStandards"] == ["ISO14067"]


def test_a_name_is_not_taken_for_a_number() -> None:
    assert exact_text({"\x010\x01": 1}) == '{"\ufffd0\ufffd":1}'
