"""What a footprint states, and what speaks against calculating with it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.sharing.stated import Stated, from_pact, problems
from tests.footprint.partners.documents import whole

TODAY = date(2026, 6, 1)


def _sound() -> Stated:
    return replace(
        from_pact(whole()),
        unit="kg",
        amount=Decimal(2),
        kg_co2e=Decimal(5),
        valid_until=date(2028, 1, 1),
        is_active=True,
        gwp=("AR6",),
        level=3,
        placeholders=(),
        is_valid=True,
    )


def test_a_whole_document_is_read() -> None:
    stated = from_pact(whole())
    assert stated.unit in ("kg", "l", "m3", "kWh", "MJ")
    assert stated.kg_per_unit is not None
    assert stated.period_start is not None and stated.period_end is not None
    assert stated.period_start < stated.period_end


def test_a_sound_one_has_no_problems() -> None:
    assert problems(_sound(), TODAY) == []
    assert _sound().kg_per_unit == Decimal("2.5")


@pytest.mark.parametrize(
    ("change", "code", "blocks"),
    [
        ({"unit": ""}, "unknown_unit", True),
        ({"kg_co2e": None}, "no_figure", True),
        ({"amount": Decimal(0)}, "no_figure", True),
        ({"kg_co2e": Decimal(-1)}, "negative", True),
        ({"kg_co2e": Decimal(10) ** 15}, "absurd", True),
        ({"is_active": False}, "deprecated", True),
        ({"period_end": None}, "no_period", True),
        ({"period_end": date(1989, 12, 31)}, "year", True),
        ({"period_end": date(2027, 1, 1)}, "year", True),
        ({"valid_until": date(2026, 5, 31)}, "expired", True),
        ({"valid_until": None}, "no_validity", False),
        ({"boundary": "gate-to-gate"}, "boundary", True),
        ({"gwp": ()}, "gwp_unknown", True),
        ({"gwp": ("AR9",)}, "gwp_unknown", True),
        ({"gwp": ("AR5", "AR6")}, "gwp_mixed", False),
        ({"gwp": ("AR5",)}, "gwp_older", False),
        ({"level": 1}, "low_level", False),
        ({"placeholders": ("/pcf/x",)}, "placeholders", False),
        ({"is_valid": False}, "not_valid", False),
    ],
)
def test_each_fault_is_named(change: dict[str, Any], code: str, blocks: bool) -> None:
    (found,) = problems(replace(_sound(), **change), TODAY)
    assert (found.code, found.blocks) == (code, blocks)


UGLY: tuple[Any, ...] = (
    None, True, 0, 1.5, "", " ", "1e5", "NaN", "-0", "9" * 200, "AR6", [], [None], ["AR6", 3], {}, {"dqi": 1},
    "2026-13-45T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:60Z", -(10**30), "not-a-uuid",
)  # fmt: skip


PARTS = st.dictionaries(st.sampled_from(sorted(whole()["pcf"])), st.sampled_from(UGLY), max_size=4)
WHOLE = st.dictionaries(
    st.sampled_from(sorted(set(whole()) - {"id", "pcf"})), st.sampled_from(UGLY), max_size=3
)


@given(PARTS, WHOLE)
@settings(deadline=None)
def test_whatever_a_partner_writes_is_read_without_a_crash(pcf: Any, about: Any) -> None:
    document = whole()
    found = problems(from_pact({**document, **about, "pcf": document["pcf"] | pcf}), TODAY)
    assert [each.blocks for each in found] == sorted((each.blocks for each in found), reverse=True)
